import { withoutCredentials } from '../text/secrets.ts';

/** Where a value was written: a place in a file, or a variable or option by its name. */
export type Origin =
  | { readonly file: string; readonly line: number; readonly column: number }
  | { readonly name: string };

/** A configuration's values with their places, whatever they were read from. */
export type ConfigNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly origin: Origin;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  /** Where the key stands. */
  readonly origin: Origin;
  readonly value: ConfigNode;
}

export interface ListNode {
  readonly kind: 'list';
  readonly origin: Origin;
  readonly items: readonly ConfigNode[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly origin: Origin;
  readonly value: string | number | boolean | null;
  /** As it was written, without quotes; variables expanded. */
  readonly text: string;
  /** Where variables were expanded: as it was written before. What they hold is shown nowhere. */
  readonly written?: string;
  /** Written without quotes, so that it may have become something else than was meant. */
  readonly plain: boolean;
  /** From a variable or an option: all is text there, so no type was chosen by how it was written. */
  readonly untyped: boolean;
}

/** The value of a variable or an option. */
export function textNode(name: string, text: string): ScalarNode {
  return { kind: 'scalar', origin: { name }, value: text, text, plain: false, untyped: true };
}

/** `key:` without a value is as if it had not been written. */
export function isAbsent(
  node: ConfigNode | undefined,
): node is undefined | (ScalarNode & { readonly value: null }) {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** The value at a path, if there is one. */
export function at(node: ConfigNode | undefined, keys: readonly string[]): ConfigNode | undefined {
  let found = node;
  for (const key of keys) found = found?.kind === 'map' ? found.entries.get(key)?.value : undefined;
  return found;
}

/** Later values win; maps are merged deeply, lists and scalars replace. */
export function merge(earlier: ConfigNode, later: ConfigNode): ConfigNode {
  if (earlier.kind !== 'map' || later.kind !== 'map') return later;
  const entries = new Map(earlier.entries);
  for (const [key, entry] of later.entries) {
    const known = entries.get(key);
    entries.set(key, known === undefined ? entry : { ...entry, value: merge(known.value, entry.value) });
  }
  return { kind: 'map', origin: later.origin, entries };
}

/** `ctrl.yml:12:7`, or the variable or option. */
export function placeText(origin: Origin): string {
  return 'file' in origin ? `${origin.file}:${origin.line}:${origin.column}` : origin.name;
}

/** A value as a message quotes it: short, on one line, without credentials. */
export function quote(node: ConfigNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'nothing';
  const full = withoutCredentials(node.written ?? node.text);
  const text = full.length > 60 ? `${full.slice(0, 57)}...` : full;
  return typeof node.value === 'string' ? JSON.stringify(text) : text;
}
