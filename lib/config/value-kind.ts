import { nearest } from '../text/nearest.ts';
import { type ConfigNode, type ListNode, type MapNode, quote } from './node.ts';
import type { Reading } from './reading.ts';

/**
 * A kind of value: how it is read, how its expectation is worded, how it is printed. `read` gives undefined after it
 * has told the problem.
 */
export interface ValueKind<T, W = T> {
  /** Never there: the type of what is written, where that is not what it is read to. */
  readonly written?: W;
  /** In the README's table. */
  readonly label: string;
  read(node: ConfigNode, path: string, reading: Reading): T | undefined;
  /** As it would be written, where that is not what String gives. */
  show?(value: T): string;
  /** Of what is written, for editors: a JSON schema. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** An empty environment variable is a value, not an unset one. */
  readonly emptyIsValue?: boolean;
}

/**
 * The hint that explains a value by how it was written: a comment in another language's style becomes part of it if it
 * stands without quotes.
 */
export function hintFor(node: ConfigNode): string | undefined {
  if (node.kind !== 'scalar' || !node.plain) return undefined;
  const at = node.text.search(/\s\/\/(\s|$)/);
  if (at < 0) return undefined;
  const comment = node.text.slice(at + 3).trim();
  return `comments begin with # in YAML: write ${node.text.slice(0, at).trim()} # ${comment}`;
}

/** Tells that a value is not what was expected: "PATH must be EXPECTED, not VALUE". */
export function unfit(
  node: ConfigNode,
  path: string,
  expected: string,
  { problems }: Pick<Reading, 'problems'>,
  hint?: string,
): undefined {
  problems.error(node.origin, path, `${path} must be ${expected}, not ${quote(node)}`, hintFor(node) ?? hint);
  return undefined;
}

/** "file, stdout or otlp" */
export function anyOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** In a text, what was meant as a comment is no error and does silent harm. */
export function warnOfComment(node: ConfigNode, path: string, { problems }: Pick<Reading, 'problems'>): void {
  const hint = hintFor(node);
  if (hint !== undefined) problems.warning(node.origin, path, `${path} contains //`, hint);
}

/** A map's or a list's node, or undefined after telling that it is none. */
export function asMap(node: ConfigNode, path: string, reading: Reading): MapNode | undefined {
  return node.kind === 'map' ? node : unfit(node, path, 'a map', reading);
}

export function asList(node: ConfigNode, path: string, reading: Reading): ListNode | undefined {
  return node.kind === 'list' ? node : unfit(node, path, 'a list', reading);
}

/** "did you mean …?", if the value is near one of the words. */
export function suggestion(node: ConfigNode, words: readonly string[]): string | undefined {
  if (node.kind !== 'scalar') return undefined;
  const near = nearest(node.text, words);
  return near === undefined ? undefined : `did you mean ${near}?`;
}
