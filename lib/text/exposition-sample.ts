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
const labelAt =
  /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"([^"\\]*(?:\\[\\"n][^"\\]*)*)"[ \t]*(?:,|(?=\}))/y;
const labelsEndAt = /[ \t]*\}/y;
const number = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const jsonNumber = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** Where the expression, tried at `at` alone, ends; -1 if it does not match there. */
function endOf(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : -1;
}

function unescaped(text: string): string {
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
    if (match === null || names.has(match[1]!)) return undefined;
    names.add(match[1]!);
    labels.push([match[1]!, unescaped(match[2]!)]);
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
  return Number.isFinite(time) ? time : undefined;
}

/** undefined if the line is no sample. */
export function splitSample(line: string): SampleText | undefined {
  const start = line.search(/[^ \t]/);
  const nameEnd = endOf(nameAt, line, start);
  if (start < 0 || nameEnd < 0) return undefined;
  const name = line.slice(start, nameEnd);
  const brace = endOf(/[ \t]*\{/y, line, nameEnd);
  const parsed = brace < 0 ? { labels: [], end: nameEnd } : labelsFrom(line, brace);
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
