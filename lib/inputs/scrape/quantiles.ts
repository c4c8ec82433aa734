import { percentiles } from '../../math/percentile.ts';

/** A classic bucket: how many observations were not above its bound. The last bound is +Infinity. */
export interface Bucket {
  readonly bound: number;
  readonly below: number;
}

/**
 * Where a quantile lies in ascending buckets, as PromQL's histogram_quantile estimates it: linearly inside the bucket
 * that holds it, from 0 if that is the first; the highest finite bound if it lies above all of them.
 * @returns undefined where buckets say nothing: no observation, or no bound but +Infinity
 */
export function bucketQuantile(quantile: number, buckets: readonly Bucket[]): number | undefined {
  const last = buckets.length - 1;
  const total = buckets[last]?.below ?? 0;
  if (last < 1 || buckets[last]!.bound !== Number.POSITIVE_INFINITY || !(total > 0)) return undefined;
  const rank = quantile * total;
  const found = buckets.findIndex(({ below }) => below >= rank);
  if (found === last) return buckets[last - 1]!.bound;
  const { bound, below } = buckets[found]!;
  if (found === 0 && bound <= 0) return bound;
  const from = found === 0 ? 0 : buckets[found - 1]!.bound;
  const before = found === 0 ? 0 : buckets[found - 1]!.below;
  return from + (bound - from) * ((rank - before) / (below - before));
}

/**
 * Estimated percentiles of buckets in any order; none where they say nothing. Counts that were read while others were
 * still being written can fall from a bucket to the next, which is taken as level.
 */
export function* bucketPercentiles(unordered: readonly Bucket[]): Generator<readonly [string, number]> {
  let most = 0;
  const buckets = [...unordered]
    .sort((a, b) => a.bound - b.bound)
    .map(({ bound, below }) => {
      most = Math.max(most, below);
      return { bound, below: most };
    });
  for (const [key, quantile] of percentiles) {
    const value = bucketQuantile(quantile, buckets);
    if (value !== undefined) yield [key, value];
  }
}

/**
 * Whether buckets are what an OpenZiti controller writes as such: its percentiles, with a quantile for a bound and that
 * quantile's value for a count. A histogram has a bucket of +Inf, and they have none.
 */
export function arePercentiles(buckets: readonly Bucket[]): boolean {
  return buckets.length > 0 && buckets.every(({ bound }) => percentiles.some(([, q]) => q === bound));
}

/** The key of a summary's quantile: its digits, `0.5` as p50 and `0.999` as p999; 0 and 1 are the extremes. */
export function quantileKey(quantile: number): string | undefined {
  if (!(quantile >= 0 && quantile <= 1)) return undefined;
  if (quantile === 0) return 'min';
  if (quantile === 1) return 'max';
  const digits = /^0\.([0-9]+)$/.exec(String(quantile))?.[1];
  return digits === undefined ? undefined : `p${digits.padEnd(2, '0')}`;
}
