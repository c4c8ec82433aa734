import { parseAddress } from '../text/address.ts';
import { formatDuration, parseDuration } from '../text/duration.ts';
import type { ScalarNode } from './node.ts';
import { anyOf, suggestion, unfit, type ValueKind, warnOfComment } from './value-kind.ts';

/** A kind whose values are scalars, read by `parse`, which gives undefined for what it does not take. */
function scalarKind<T, W = T>(
  label: string,
  expected: string,
  parse: (node: ScalarNode) => T | undefined,
  more: {
    schema?: Readonly<Record<string, unknown>>;
    hint?: (node: ScalarNode) => string | undefined;
    show?: (value: T) => string;
    /** What is to be known of a value that is taken. */
    doubt?: (node: ScalarNode, value: T) => [message: string, hint: string] | undefined;
  } = {},
): ValueKind<T, W> {
  return {
    label,
    schema: more.schema,
    read(node, path, reading) {
      const value = node.kind === 'scalar' ? parse(node) : undefined;
      if (value !== undefined) {
        const doubt = more.doubt?.(node as ScalarNode, value);
        if (doubt !== undefined) reading.problems.warning(node.origin, path, `${path} ${doubt[0]}`, doubt[1]);
        return value;
      }
      return unfit(node, path, expected, reading, node.kind === 'scalar' ? more.hint?.(node) : undefined);
    },
    ...(more.show && { show: more.show }),
  };
}

const truths: Readonly<Record<string, boolean>> = { true: true, false: false };
// What Helm's YAML 1.1 also takes for a boolean when it is written without quotes.
const olderTruths: Readonly<Record<string, boolean>> = { yes: true, no: false, on: true, off: false };

export const truth: ValueKind<boolean> = scalarKind(
  'true or false',
  'true or false',
  (node) => {
    if (typeof node.value === 'boolean') return node.value;
    if (node.untyped) return truths[node.text.toLowerCase()];
    return node.plain ? olderTruths[node.text.toLowerCase()] : undefined;
  },
  { schema: { type: 'boolean' } },
);

function numberOf(node: ScalarNode): number | undefined {
  if (typeof node.value === 'number') return node.value;
  return node.untyped && node.text.trim() !== '' ? Number(node.text) : undefined;
}

const unquote = (node: ScalarNode): string | undefined =>
  typeof node.value === 'string' && !node.untyped && /^-?\d+(\.\d+)?$/.test(node.text)
    ? `write ${node.text} without quotes`
    : undefined;

/** The programs whose files these are read YAML 1.1, where a leading zero makes a number one of base eight. */
function inBaseEight({ text, value, untyped }: ScalarNode): [message: string, hint: string] | undefined {
  if (untyped || typeof value !== 'number' || !/^[-+]?0[0-7]+$/.test(text)) return undefined;
  const other = Number.parseInt(text, 8);
  if (other === value) return undefined;
  return [
    `is ${value} here, and ${other} to OpenZiti and Helm, to whom ${text} is octal`,
    `write ${value} or ${other}`,
  ];
}

export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): ValueKind<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return scalarKind(
    `whole number, ${range}`,
    `a whole number ${range}`,
    (node) => {
      const value = numberOf(node);
      return Number.isSafeInteger(value) && value! >= min && value! <= max ? value : undefined;
    },
    { hint: unquote, doubt: inBaseEight, schema: { type: 'integer', minimum: min, maximum: max } },
  );
}

/** Any finite number. */
export const finite: ValueKind<number> = scalarKind(
  'number',
  'a number',
  (node) => {
    const value = numberOf(node);
    return Number.isFinite(value) ? value : undefined;
  },
  { hint: unquote, schema: { type: 'number' } },
);

/** A finite number, above `above` and at most `max`. */
export function numberAbove(above: number, max: number): ValueKind<number> {
  return scalarKind(
    `number above ${above}, at most ${max}`,
    `a number above ${above} and at most ${max}`,
    (node) => {
      const value = numberOf(node);
      return value !== undefined && value > above && value <= max ? value : undefined;
    },
    { hint: unquote, schema: { type: 'number', exclusiveMinimum: above, maximum: max } },
  );
}

/** What is done again and again is done no more often: times of records have no finer order. Milliseconds. */
export const SHORTEST_MS = 1;

/** Milliseconds, written in Go's syntax. */
export function duration({ least }: { least: number }): ValueKind<number, string> {
  const range = `a duration of ${formatDuration(least)} or more`;
  return scalarKind(
    'duration',
    `${range}, such as 20s or 1m30s`,
    (node) => {
      // A bare 0 needs no unit in Go either, but OpenZiti takes durations only as text.
      if (typeof node.value !== 'string' && node.value !== 0) return undefined;
      const value = parseDuration(node.text);
      return value !== undefined && value >= least ? value : undefined;
    },
    {
      hint: (node) =>
        /^\d+(\.\d+)?$/.test(node.text) && Number(node.text) > 0
          ? `give the unit, such as ${node.text}s`
          : undefined,
      show: formatDuration,
      schema: { type: 'string', pattern: '^0$|^([0-9]*\\.?[0-9]+(h|m|s|ms|us|µs|ns))+$' },
    },
  );
}

export function oneOf<W extends string>(...words: W[]): ValueKind<W> {
  return {
    label: words.join(', '),
    schema: { enum: words },
    read(node, path, reading) {
      const found = node.kind === 'scalar' && words.find((word) => word === node.value);
      return found || unfit(node, path, anyOf(words), reading, suggestion(node, words));
    },
  };
}

/** `[jJ][sS]`: JSON schema has no flag for it. */
function anyCase(word: string): string {
  return word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** As `oneOf`, whatever the case of its letters. */
export function caselessOneOf<W extends string>(...words: W[]): ValueKind<W> {
  const exact = oneOf(...words);
  return {
    ...exact,
    schema: { type: 'string', pattern: `^(?:${words.map(anyCase).join('|')})$` },
    read(node, path, reading) {
      const lower = node.kind === 'scalar' && typeof node.value === 'string' ? node.value.toLowerCase() : '';
      return words.find((word) => word === lower) ?? exact.read(node, path, reading);
    },
  };
}

/** Text that is not empty and holds no control characters. */
export const text: ValueKind<string> = {
  label: 'text',
  schema: { type: 'string', minLength: 1 },
  read(node, path, reading) {
    const written = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
    if (written === '') return unfit(node, path, 'text that is not empty', reading);
    if (written === undefined || /[\0-\x1f\x7f]/.test(written)) {
      const hint =
        node.kind === 'scalar' && written === undefined && node.value !== null
          ? `put it in quotes: "${node.text}"`
          : undefined;
      const expected = written === undefined ? 'text' : 'text without control characters';
      return unfit(node, path, expected, reading, hint);
    }
    warnOfComment(node, path, reading);
    return written;
  },
};

export const address: ValueKind<string> = scalarKind(
  'socket address',
  'a socket address, such as 0.0.0.0:9000, [::]:9000 or :9000',
  (node) =>
    typeof node.value === 'string' && parseAddress(node.value) !== undefined ? node.value : undefined,
  {
    hint: (node) => (/^\d{1,5}$/.test(node.text) ? `write ":${node.text}"` : undefined),
    schema: { type: 'string', pattern: ':[0-9]{1,5}$' },
  },
);
