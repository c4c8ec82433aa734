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
  /** As it was written, without quotes. */
  readonly text: string;
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

/** A value as a message quotes it, short and on one line. */
export function quote(node: ConfigNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'nothing';
  const text = node.text.length > 60 ? `${node.text.slice(0, 57)}...` : node.text;
  return typeof node.value === 'string' ? JSON.stringify(text) : text;
}
