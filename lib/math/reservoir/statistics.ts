import { type Moments, moments } from '../moments.ts';
import { between, percentiles, position } from '../percentile.ts';

/** What a reservoir says of its values: in their unit, but for `count` and `variance` (its square); 0 when empty. */
export type Statistics = Moments & {
  /** of all updates, kept or not */
  count: number;
  min: number;
  max: number;
} & Record<(typeof percentiles)[number][0], number>;

/** Copied instead of being filled in: an object that gets a key after the other is four times as slow. */
const ZEROS: Statistics = {
  ...{ count: 0, min: 0, max: 0, mean: 0, variance: 0, std_dev: 0 },
  ...(Object.fromEntries(percentiles.map(([key]) => [key, 0])) as Record<
    (typeof percentiles)[number][0],
    number
  >),
};

/** Of nothing. */
export function noStatistics(): Statistics {
  return { ...ZEROS };
}

/** Of values that are all the same. */
export function statisticsOfEqual(count: number, value: number): Statistics {
  const out = { ...ZEROS, count, min: value, max: value, mean: value };
  for (const [key] of percentiles) out[key] = value;
  return out;
}

/**
 * Of values in ascending order, at least one: `mean`, `variance` and `std_dev` of the population that they are,
 * percentiles at position p (n + 1) with the line between neighbours.
 */
export function statisticsOf(count: number, sorted: Float64Array): Statistics {
  const n = sorted.length;
  const out = { ...ZEROS, count, min: sorted[0]!, max: sorted[n - 1]! };
  moments(sorted, n, out.min, out.max, out);
  for (const [key, q] of percentiles) out[key] = percentileOf(q, sorted);
  return out;
}

/** One percentile of values in ascending order, at least one. */
export function percentileOf(q: number, sorted: Float64Array): number {
  const n = sorted.length;
  const at = position(q, n);
  const lower = Math.floor(at) - 1;
  return between(sorted[lower]!, sorted[Math.min(lower + 1, n - 1)]!, at - lower - 1);
}
