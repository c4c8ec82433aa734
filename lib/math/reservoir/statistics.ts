import { type Moments, moments } from '../moments.ts';
import { between, position, quantiles } from '../percentile.ts';

/** What a reservoir says of its values: in their unit, but for `count` and `variance` (its square); 0 when empty. */
export type Statistics = Moments & {
  /** of all updates, kept or not */
  count: number;
  min: number;
  max: number;
} & Record<(typeof quantiles)[number][0], number>;

/** Of nothing. */
export function noStatistics(count = 0): Statistics {
  return statisticsOfEqual(count, 0);
}

/** Of values that are all the same. */
export function statisticsOfEqual(count: number, value: number): Statistics {
  const out = { count, min: value, max: value, mean: value, variance: 0, std_dev: 0 } as Statistics;
  for (const [key] of quantiles) out[key] = value;
  return out;
}

/**
 * Of values in ascending order, at least one: `mean`, `variance` and `std_dev` of the population that they are,
 * percentiles at position p (n + 1) with the line between neighbours.
 */
export function statisticsOf(count: number, sorted: Float64Array): Statistics {
  const n = sorted.length;
  const out = noStatistics(count);
  out.min = sorted[0]!;
  out.max = sorted[n - 1]!;
  moments(sorted, n, out.min, out.max, out);
  for (const [key, q] of quantiles) out[key] = percentileOf(q, sorted);
  return out;
}

/** One percentile of values in ascending order, at least one. */
export function percentileOf(q: number, sorted: Float64Array): number {
  const n = sorted.length;
  const at = position(q, n);
  const lower = Math.floor(at) - 1;
  return between(sorted[lower]!, sorted[Math.min(lower + 1, n - 1)]!, at - lower - 1);
}
