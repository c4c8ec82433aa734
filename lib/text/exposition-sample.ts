import { boundedTime } from './time.ts';

/** The parts of a line of a Prometheus text exposition (0.0.4 or OpenMetrics) that is no comment. */
export interface SampleText {
  readonly name: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** Whatever stands in the value's place: it may be no number. */
  readonly value: string;
  readonly time?: string | undefined;
}

export interface Sample extends Pick<SampleText, 'name' | 'labels'> {
  /** As JSON writes numbers; digits as they came wherever that is the same. */
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly time?: number | undefined;
}

const nameAt = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const quoted = String.raw`"([^"\\]*(?:\\[\\"n][^"\\]*)*)"`;
const labelAt = new RegExp(
  String.raw`[ \t]*(?:([a-zA-Z_][a-zA-Z0-9_]*)|${quoted})[ \t]*=[ \t]*${quoted}[ \t]*(?:,|(?=\}))`,
  'y',
);
/** A metric's name that may be any text stands in quotes, first within the braces. */
const quotedNameAt = new RegExp(String.raw`[ \t]*${quoted}[ \t]*(?:,|(?=\}))`, 'y');
const labelsEndAt = /[ \t]*\}/y;
const number = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const jsonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Where the expression, tried at `at` alone, ends; -1 if it does not match there. */
function endOf(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : -1;
}

/** A quoted text without its escapes. */
export function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
}

/** Labels behind the brace that ends at `at`, and where their own brace ends. */
function labelsFrom(text: string, at: number): { labels: [string, string][]; end: number } | undefined {
  const labels: [string, string][] = [];
  const names = new Set<string>();
  let position = at;
  for (;;) {
    const end = endOf(labelsEndAt, text, position);
    if (end >= 0) return { labels, end };
    labelAt.lastIndex = position;
    const match = labelAt.exec(text);
    const name = match === null ? undefined : (match[1] ?? unescaped(match[2]!));
    if (name === undefined || names.has(name)) return undefined;
    names.add(name);
    labels.push([name, unescaped(match![3]!)]);
    position = labelAt.lastIndex;
  }
}

/** A number that JSON can write, undefined for text that is none, NaN and infinities. */
export function jsonOf(text: string): string | undefined {
  if (!number.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  return jsonNumber.test(text) ? text : String(value);
}

/** Whole milliseconds in 0.0.4; with a point it can only be the seconds of OpenMetrics. */
function timeOf(text: string): number | undefined {
  if (!/^-?[0-9]+(?:\.[0-9]+)?$/.test(text)) return undefined;
  const time = text.includes('.') ? Number(text) * 1000 : Number(text);
  return Number.isNaN(boundedTime(time)) ? undefined : time;
}

/**
 * The name of a metric, and where what follows it begins: behind it or, if it has labels, behind their brace. From
 * Prometheus 3 on a name of any text is `{"my.metric", label="x"}`.
 */
function nameFrom(line: string, start: number): { name: string; brace: number; end: number } | undefined {
  const nameEnd = endOf(nameAt, line, start);
  const brace = endOf(/[ \t]*\{/y, line, nameEnd < 0 ? start : nameEnd);
  if (nameEnd >= 0) return { name: line.slice(start, nameEnd), brace, end: brace < 0 ? nameEnd : brace };
  if (brace < 0) return undefined;
  quotedNameAt.lastIndex = brace;
  const name = quotedNameAt.exec(line)?.[1];
  return name ? { name: unescaped(name), brace, end: quotedNameAt.lastIndex } : undefined;
}

/** undefined if the line is no sample. */
export function splitSample(line: string): SampleText | undefined {
  const start = line.search(/[^ \t]/);
  if (start < 0) return undefined;
  const named = nameFrom(line, start);
  if (named === undefined) return undefined;
  const { name, brace, end } = named;
  const parsed = brace < 0 ? { labels: [], end } : labelsFrom(line, end);
  if (parsed === undefined) return undefined;
  const rest = line.slice(parsed.end);
  if (brace < 0 && !/^[ \t]/.test(rest)) return undefined;

  // What follows a lone # is an exemplar.
  const figures = rest.split(/(?:^|[ \t]+)#(?:[ \t]|$)/, 1)[0]!;
  const [value, time, ...more] = figures.split(/[ \t]+/).filter((text) => text !== '');
  return value === undefined || more.length > 0 ? undefined : { name, labels: parsed.labels, value, time };
}

/** undefined if the line is no sample, or its value is none that JSON can write. */
export function parseSample(line: string): Sample | undefined {
  const text = splitSample(line);
  const value = text === undefined ? undefined : jsonOf(text.value);
  if (text === undefined || value === undefined) return undefined;
  const { name, labels } = text;
  if (text.time === undefined) return { name, labels, value };
  const time = timeOf(text.time);
  return time === undefined ? undefined : { name, labels, value, time };
}
