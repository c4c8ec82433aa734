/** The places of a percentile in a sorted sample, and the line between two neighbours. */

/** The percentiles of every report, ascending, under their keys, as OpenZiti's File Reporter has them: the one list. */
export const percentiles = [
  ['p50', 0.5],
  ['p75', 0.75],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
  ['p9999', 0.9999],
] as const;

/**
 * The position of percentile q in n sorted values, counted from 1: q (n + 1), held inside 1 to n. The whole part
 * names the lower neighbour, the rest is the share of the way to the next one. This is definition 6 of R. J. Hyndman
 * and Y. Fan, "Sample percentiles in statistical packages", The American Statistician 50(4), 1996, as go-metrics has it.
 */
export function position(q: number, n: number): number {
  const p = q * (n + 1);
  return p < 1 ? 1 : p > n ? n : p;
}

/** The value `share` (0 to 1) of the way from `lower` to `upper`, which is never outside of the two. */
export function between(lower: number, upper: number, share: number): number {
  const gap = upper - lower;
  // Halves of numbers so large are exact, and their distance is a double again.
  const value = gap < Infinity ? lower + share * gap : 2 * (lower / 2 + share * (upper / 2 - lower / 2));
  return value > upper ? upper : value;
}
