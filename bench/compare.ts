import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import split2 from 'split2';
import { type Figures, SAMPLE, seriesKey } from './series.ts';

/** Sums of the same values added in another order. */
const SUM_TOLERANCE = 1e-6;

interface MetricsEvent {
  readonly metric: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The figures of mirrormon's one report, from its metric events. */
export function figuresOfEvents(lines: string): Figures {
  const series: Figures['series'] = {};
  for (const line of lines.split('\n')) {
    if (line === '') continue;
    const { metric, metrics, tags = {} } = JSON.parse(line) as MetricsEvent;
    const count = metrics.count ?? metrics.value ?? Number.NaN;
    // An event has no sum, but its mean is that of all values while the sample holds them all.
    const sum = count <= SAMPLE && metrics.mean !== undefined ? metrics.mean * count : undefined;
    series[seriesKey(metric, tags)] = { count, sum };
  }
  return { series };
}

/**
 * Where figures differ from the expected ones: missing series, other counts, other buckets where both have them, sums off
 * by more than a millionth. What was measured beyond the expected is no difference.
 * @param sums which sums must be there: all, or those of which a sample holds every value
 */
export function differences(expected: Figures, actual: Figures, sums: 'all' | 'sampled'): string[] {
  return Object.entries(expected.series).flatMap(([key, { count, sum, buckets }]) => {
    const found = actual.series[key];
    if (found === undefined) return [`${key}: missing`];
    if (found.count !== count) return [`${key}: count ${found.count} instead of ${count}`];
    if (buckets !== undefined && found.buckets !== undefined && String(buckets) !== String(found.buckets)) {
      return [`${key}: buckets ${found.buckets} instead of ${buckets}`];
    }
    if (sum === undefined || (sums === 'sampled' && count > SAMPLE)) return [];
    const off = Math.abs((found.sum ?? Number.NaN) - sum);
    return off <= SUM_TOLERANCE * Math.abs(sum) ? [] : [`${key}: sum ${found.sum} instead of ${sum}`];
  });
}

/** Only the series of these metrics: what was asked of a pipeline that measures nothing else. */
export function only({ series }: Figures, metrics: readonly string[]): Figures {
  const kept = Object.entries(series).filter(([key]) => metrics.includes(key.slice(0, key.indexOf('{'))));
  return { series: Object.fromEntries(kept) };
}

/** Where two files of JSON lines differ: not at all if their bytes agree, or else their values, line by line. */
export async function lineDifferences(expected: string, actual: string): Promise<string[]> {
  if ((await digest(expected)) === (await digest(actual))) return [];
  const [wanted, found] = [await canonicalDigest(expected), await canonicalDigest(actual)];
  if (wanted.lines !== found.lines) return [`${actual}: ${found.lines} lines instead of ${wanted.lines}`];
  return wanted.hash === found.hash ? [] : [`${actual}: as many lines as expected, but others`];
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Of the values, whatever their spacing. */
async function canonicalDigest(file: string): Promise<{ lines: number; hash: string }> {
  const hash = createHash('sha256');
  let lines = 0;
  const values = split2((line) => JSON.stringify(JSON.parse(line))).on('data', (line: string) => {
    hash.update(line).update('\n');
    lines++;
  });
  await pipeline(createReadStream(file), values);
  return { lines, hash: hash.digest('hex') };
}
