import { parseAddress } from './address.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { nearest } from './nearest.ts';
import { type ConfigNode, type ListNode, type MapNode, quote, type ScalarNode } from './node.ts';
import type { Reading } from './reading.ts';

/**
 * A kind of value: how it is read, how its expectation is worded, how it is printed. `read` gives undefined after it
 * has told the problem.
 */
export interface ValueKind<T> {
  /** In the README's table. */
  readonly label: string;
  read(node: ConfigNode, path: string, reading: Reading): T | undefined;
  /** As it would be written, where that is not what String gives. */
  show?(value: T): string;
  /** An empty environment variable is a value, not an unset one. */
  readonly emptyIsValue?: boolean;
  /** Valid words, where there are only some. */
  readonly words?: readonly string[];
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

/** A kind whose values are scalars, read by `parse`, which gives undefined for what it does not take. */
function scalarKind<T>(
  label: string,
  expected: string,
  parse: (node: ScalarNode) => T | undefined,
  more: {
    hint?: (node: ScalarNode) => string | undefined;
    show?: (value: T) => string;
    words?: readonly string[];
  } = {},
): ValueKind<T> {
  return {
    label,
    read(node, path, reading) {
      const value = node.kind === 'scalar' ? parse(node) : undefined;
      if (value !== undefined) return value;
      return unfit(node, path, expected, reading, node.kind === 'scalar' ? more.hint?.(node) : undefined);
    },
    ...(more.show && { show: more.show }),
    ...(more.words && { words: more.words }),
  };
}

const truths: Readonly<Record<string, boolean>> = { true: true, false: false };
// What Helm's YAML 1.1 also takes for a boolean when it is written without quotes.
const olderTruths: Readonly<Record<string, boolean>> = { yes: true, no: false, on: true, off: false };

export const truth: ValueKind<boolean> = scalarKind('true or false', 'true or false', (node) => {
  if (typeof node.value === 'boolean') return node.value;
  if (node.untyped) return truths[node.text.toLowerCase()];
  return node.plain ? olderTruths[node.text.toLowerCase()] : undefined;
});

function numberOf(node: ScalarNode): number | undefined {
  if (typeof node.value === 'number') return node.value;
  return node.untyped && node.text.trim() !== '' ? Number(node.text) : undefined;
}

const unquote = (node: ScalarNode): string | undefined =>
  typeof node.value === 'string' && !node.untyped && /^-?\d+(\.\d+)?$/.test(node.text)
    ? `write ${node.text} without quotes`
    : undefined;

export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): ValueKind<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return scalarKind(
    `whole number, ${range}`,
    `a whole number ${range}`,
    (node) => {
      const value = numberOf(node);
      return Number.isSafeInteger(value) && value! >= min && value! <= max ? value : undefined;
    },
    { hint: unquote },
  );
}

/** A finite number, above `above` and at most `max`. */
export function numberAbove(above: number, max: number): ValueKind<number> {
  return scalarKind(
    `number above ${above}, at most ${max}`,
    `a number above ${above} and at most ${max}`,
    (node) => {
      const value = numberOf(node);
      return value !== undefined && value > above && value <= max ? value : undefined;
    },
    { hint: unquote },
  );
}

/** Milliseconds, written in Go's syntax. */
export function duration({ zero }: { zero: boolean }): ValueKind<number> {
  const range = zero ? 'a duration of 0s or more' : 'a duration above 0s';
  return scalarKind(
    'duration',
    `${range}, such as 20s or 1m30s`,
    (node) => {
      // A bare 0 needs no unit in Go either, but OpenZiti takes durations only as text.
      if (typeof node.value !== 'string' && node.value !== 0) return undefined;
      const value = parseDuration(node.text);
      return value !== undefined && (zero ? value >= 0 : value > 0) ? value : undefined;
    },
    {
      hint: (node) =>
        /^\d+(\.\d+)?$/.test(node.text) && Number(node.text) > 0
          ? `give the unit, such as ${node.text}s`
          : undefined,
      show: formatDuration,
    },
  );
}

export function oneOf<W extends string>(...words: W[]): ValueKind<W> {
  return {
    label: words.join(', '),
    words,
    read(node, path, reading) {
      const found = node.kind === 'scalar' && words.find((word) => word === node.value);
      return found || unfit(node, path, anyOf(words), reading, suggestion(node, words));
    },
  };
}

/** As `oneOf`, whatever the case of its letters. */
export function caselessOneOf<W extends string>(...words: W[]): ValueKind<W> {
  const exact = oneOf(...words);
  return {
    ...exact,
    read(node, path, reading) {
      const lower = node.kind === 'scalar' && typeof node.value === 'string' ? node.value.toLowerCase() : '';
      return words.find((word) => word === lower) ?? exact.read(node, path, reading);
    },
  };
}

/** "file, stdout or otlp" */
export function anyOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

export const text: ValueKind<string> = textKind('text', 'text');

/** Text that is not empty and holds no control characters. */
export function textKind(label: string, expected: string): ValueKind<string> {
  return {
    label,
    read(node, path, reading) {
      const written = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
      if (written === undefined || written === '' || /[\0-\x1f\x7f]/.test(written)) {
        const hint =
          node.kind === 'scalar' && written === undefined && node.value !== null
            ? `put it in quotes: "${node.text}"`
            : undefined;
        return unfit(node, path, expected, reading, hint);
      }
      warnOfComment(node, path, reading);
      return written;
    },
  };
}

/** In a text, what was meant as a comment is no error and does silent harm. */
export function warnOfComment(node: ConfigNode, path: string, { problems }: Pick<Reading, 'problems'>): void {
  const hint = hintFor(node);
  if (hint !== undefined) problems.warning(node.origin, path, `${path} contains //`, hint);
}

export const address: ValueKind<string> = scalarKind(
  'socket address',
  'a socket address, such as 0.0.0.0:9000, [::]:9000 or :9000',
  (node) =>
    typeof node.value === 'string' && parseAddress(node.value) !== undefined ? node.value : undefined,
  { hint: (node) => (/^\d{1,5}$/.test(node.text) ? `write ":${node.text}"` : undefined) },
);

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
