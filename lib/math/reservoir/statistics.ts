import { type Moments, moments } from '../moments.ts';
import { between, position, quantiles } from '../percentile.ts';
import { atRanks } from '../ranks.ts';

/** What a reservoir says of its values: in their unit, but for `count` and `variance` (its square); 0 when empty. */
export interface Statistics extends Moments {
  /** of all updates, kept or not */
  count: number;
  min: number;
  max: number;
  p50: number;
  p75: number;
  p95: number;
  p99: number;
  p999: number;
  p9999: number;
}

/** For `atRanks`: memory that has no meaning from one call to the next. */
const RANKS = new Int32Array(2 * quantiles.length);
const AT_RANKS = new Float64Array(2 * quantiles.length);

/** Of nothing. */
export function noStatistics(count = 0): Statistics {
  return {
    count,
    min: 0,
    max: 0,
    mean: 0,
    variance: 0,
    std_dev: 0,
    p50: 0,
    p75: 0,
    p95: 0,
    p99: 0,
    p999: 0,
    p9999: 0,
  };
}

/** Of values that are all the same. */
export function statisticsOfEqual(count: number, value: number): Statistics {
  const out = noStatistics(count);
  out.min = out.max = out.mean = value;
  for (const [key] of quantiles) out[key] = value;
  return out;
}

/**
 * Of n values, at least one: `mean`, `variance` and `std_dev` of the population that they are, percentiles at position
 * p (n + 1) with the line between neighbours.
 * @param values the buffer of ranks.ts, which is spoilt
 */
export function statisticsOf(count: number, values: Float64Array, n: number): Statistics {
  const out = noStatistics(count);
  extremes(values, n, out);
  moments(values, n, out.min, out.max, out);
  let i = 0;
  for (const [, q] of quantiles) {
    const lower = Math.floor(position(q, n)) - 1;
    RANKS[i++] = lower;
    RANKS[i++] = Math.min(lower + 1, n - 1);
  }
  atRanks(n, RANKS, AT_RANKS);
  i = 0;
  for (const [key, q] of quantiles) {
    const at = position(q, n);
    out[key] = between(AT_RANKS[i++]!, AT_RANKS[i++]!, at - Math.floor(at));
  }
  return out;
}

/** One percentile of n values, at least one, of the buffer of ranks.ts, which is spoilt. */
export function percentileOf(q: number, n: number): number {
  const at = position(q, n);
  const lower = Math.floor(at) - 1;
  const found = new Float64Array(2);
  atRanks(n, [lower, Math.min(lower + 1, n - 1)], found);
  return between(found[0]!, found[1]!, at - lower - 1);
}

function extremes(values: Float64Array, n: number, out: Statistics): void {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < n; i++) {
    const x = values[i]!;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  out.min = min;
  out.max = max;
}
