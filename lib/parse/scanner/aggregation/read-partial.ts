import type { SeriesPartial } from '../../../batch/measure-plan.ts';
import type { PartialTables, TablePlace } from './partial-tables.ts';

/*
 * Where a series has what: words of 4 bytes from its beginning (assembly/aggregation/ticks.ts, series-tables.ts and
 * samples.ts), of doubles those of 8 bytes.
 */
const MARKS = 3;
const FIRST_TIME = 2;
const LAST_TIME = 3;
const ORDER = 4;
const SUM = 12;
const SUM_WORDS = 6;
const SAMPLE_PAIRS = 18;
const SAMPLE_COUNT = 19;
const SAMPLE_HAS_NEWEST = 21;
const NEWEST_TIME = 12;
const NEWEST_RANDOM = 13;
const NEWEST_VALUE = 14;
const BUCKETS = 30;

/** Bits behind the point of an exact sum. */
const SUM_SCALE = 84;

export function marksOf({ words }: PartialTables, series: number): number {
  return words[(series >>> 2) + MARKS]!;
}

/** When a series was first met. */
export function orderOf({ doubles }: PartialTables, series: number): number {
  return doubles[(series >>> 3) + ORDER]!;
}

/** The pairs of its sample: a view of its memory. */
export function pairsOf({ words, doubles }: PartialTables, series: number): Float64Array {
  const at = series >>> 2;
  const pairs = words[at + SAMPLE_PAIRS]! >>> 3;
  return doubles.subarray(pairs, pairs + 2 * words[at + SAMPLE_COUNT]!);
}

export type Newest = Pick<SeriesPartial, 'hasNewest' | 'newestTime' | 'newestRandom' | 'newestValue'>;

export function readNewest({ words, doubles }: PartialTables, series: number, newest: Newest): void {
  const twice = series >>> 3;
  newest.hasNewest = words[(series >>> 2) + SAMPLE_HAS_NEWEST] !== 0;
  newest.newestTime = doubles[twice + NEWEST_TIME]!;
  newest.newestRandom = doubles[twice + NEWEST_RANDOM]!;
  newest.newestValue = doubles[twice + NEWEST_VALUE]!;
}

/** Reads what a series has beside its ticks to `partial`, which is given back. The arrays are views of its memory. */
export function readPartial(
  tables: PartialTables,
  place: TablePlace,
  series: number,
  spilt: readonly number[] | undefined,
  partial: SeriesPartial,
): SeriesPartial {
  const { words, doubles } = tables;
  const at = series >>> 2;
  const twice = series >>> 3;
  partial.marks = words[at + MARKS]!;
  partial.first = doubles[twice + FIRST_TIME]!;
  partial.last = doubles[twice + LAST_TIME]!;
  partial.sums.length = 0;
  partial.hasNewest = false;
  if (!place.isHistogram) return partial;
  readSum(tables, at + SUM, partial.sums);
  if (spilt !== undefined) partial.sums.push(...spilt);
  partial.buckets = words.subarray(at + BUCKETS, at + BUCKETS + place.buckets);
  partial.pairs = pairsOf(tables, series);
  readNewest(tables, series, partial);
  return partial;
}

/**
 * Two's complement of 192 bits as numbers that add up to it, each exact. The highest first: what is summed of a negative
 * one is never longer than the whole then.
 */
function readSum({ words, signed }: PartialTables, at: number, sums: number[]): void {
  for (let k = SUM_WORDS - 1; k >= 0; k--) {
    const word = k === SUM_WORDS - 1 ? signed[at + k]! : words[at + k]!;
    if (word !== 0) sums.push(word * 2 ** (32 * k - SUM_SCALE));
  }
}
