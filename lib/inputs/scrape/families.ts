/**
 * What the samples of one exposition are of, by its TYPE comments: a counter or a gauge stands alone, the parts of a
 * histogram or summary are put together.
 */
import { splitSample, unescaped } from '../../text/exposition-sample.ts';
import { boundedTime } from '../../text/time.ts';
import type { Bucket } from './quantiles.ts';

export type ExpositionFormat = 'text' | 'openmetrics';

export type Labels = readonly (readonly [name: string, value: string])[];

interface Series {
  readonly name: string;
  readonly labels: Labels;
  /** Milliseconds since the epoch, where the exposition says so. */
  readonly time: number | undefined;
}

export interface Single extends Series {
  readonly type: 'counter' | 'gauge';
  readonly value: number;
  /** The value as it stands there, which can have more digits than a double. */
  readonly text: string;
}

export interface Distribution extends Series {
  readonly type: 'histogram' | 'summary';
  count: number | undefined;
  sum: number | undefined;
  readonly buckets: Bucket[];
  /** Quantile and value. */
  readonly quantiles: (readonly [quantile: number, value: number])[];
}

export type ScrapedSeries = Single | Distribution;

const typeComment =
  /^[ \t]*#[ \t]+TYPE[ \t]+(?:([a-zA-Z_:][a-zA-Z0-9_:]*)|"((?:[^"\\]|\\.)+)")[ \t]+([a-z]+)[ \t]*$/;
const finiteNumber = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const infinity = /^([+-]?)Inf(?:inity)?$/i;

/** undefined for a text that is no number of an exposition. */
function numberOf(text: string): number | undefined {
  if (finiteNumber.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  const sign = infinity.exec(text)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const partNames = /^(.+)_(bucket|sum|count|total|created)$/;

/** Of which types a part is one; parts of the others are metrics of their own. */
const partsOf: Readonly<Record<string, readonly string[]>> = {
  bucket: ['histogram'],
  sum: ['histogram', 'summary'],
  count: ['histogram', 'summary'],
  total: ['counter'],
  created: ['counter', 'histogram', 'summary'],
};

/** Takes an exposition line by line; texts are bytes as latin1, as everywhere in framings. */
export class Families {
  /** In order of first appearance. */
  readonly series: ScrapedSeries[] = [];
  private readonly format: ExpositionFormat;
  private readonly types = new Map<string, string>();
  private readonly distributions = new Map<string, Distribution>();

  constructor(format: ExpositionFormat) {
    this.format = format;
  }

  comment(line: string): void {
    const [, bare, quoted, type] = typeComment.exec(line) ?? [];
    const name = bare ?? (quoted === undefined ? undefined : unescaped(quoted));
    if (name !== undefined) this.types.set(name, type!);
  }

  /**
   * Takes a sample.
   * @returns false for a line that is none, or a value that no event can have: JSON has no NaN and no infinities
   */
  sample(line: string): boolean {
    const text = splitSample(line);
    const value = text === undefined ? undefined : numberOf(text.value);
    if (text === undefined || value === undefined) return false;
    const time = text.time === undefined ? undefined : this.timeOf(text.time);
    if (Number.isNaN(time)) return false;
    const { name, labels } = text;
    const [family, part, type] = this.familyOf(name);
    if (part === 'created') return true;
    if (type === 'histogram' || type === 'summary') return this.add(type, family, part, labels, value, time);
    if (!Number.isFinite(value)) return false;
    this.series.push({
      type: type === 'counter' ? 'counter' : 'gauge',
      name,
      labels,
      time,
      value,
      text: text.value,
    });
    return true;
  }

  /** The family that a sample's name belongs to, and which part of it; a name that has a TYPE is its own. */
  private familyOf(name: string): [family: string, part: string, type: string | undefined] {
    const own = this.types.get(name);
    // a histogram has no sample of its bare name: something else is called so
    if (own !== undefined) return own === 'histogram' ? [name, '', undefined] : [name, '', own];
    const [, base = '', part = ''] = partNames.exec(name) ?? [];
    const type = this.types.get(base);
    return type !== undefined && partsOf[part]!.includes(type) ? [base, part, type] : [name, '', undefined];
  }

  private add(
    type: Distribution['type'],
    name: string,
    part: string,
    all: Labels,
    value: number,
    time: number | undefined,
  ): boolean {
    const special = type === 'histogram' ? 'le' : 'quantile';
    const labels = all.filter(([label]) => label !== special);
    const marked = all.find(([label]) => label === special)?.[1];
    const mark = marked === undefined ? undefined : numberOf(marked);
    if (part === 'bucket' || part === '') {
      if (mark === undefined || Number.isNaN(mark)) return false;
      const distribution = this.distribution(type, name, labels, time);
      // a quantile of nothing is NaN, which is no fault
      if (part === '') distribution.quantiles.push([mark, value]);
      else distribution.buckets.push({ bound: mark, below: value });
      return true;
    }
    if (part === 'count' && !Number.isFinite(value)) return false;
    this.distribution(type, name, labels, time)[part === 'sum' ? 'sum' : 'count'] = value;
    return true;
  }

  private distribution(
    type: Distribution['type'],
    name: string,
    labels: Labels,
    time: number | undefined,
  ): Distribution {
    const key = seriesKey(name, labels);
    let found = this.distributions.get(key);
    if (found === undefined) {
      found = { type, name, labels, time, count: undefined, sum: undefined, buckets: [], quantiles: [] };
      this.distributions.set(key, found);
      this.series.push(found);
    }
    return found;
  }

  /** Milliseconds; NaN for a text that is no time. Text 0.0.4 writes whole milliseconds, OpenMetrics seconds. */
  private timeOf(text: string): number {
    const valid = this.format === 'text' ? /^-?[0-9]+$/ : finiteNumber;
    const time = valid.test(text) ? Number(text) * (this.format === 'text' ? 1 : 1000) : Number.NaN;
    return boundedTime(time);
  }
}

/** The same for the same labels in any order. The length of a value keeps it from passing for further labels. */
export function seriesKey(name: string, labels: Labels): string {
  const parts = labels.map(([label, value]) => `${label}=${value.length}:${value}`);
  return `${name}{${(parts.length > 1 ? parts.sort() : parts).join()}`;
}
