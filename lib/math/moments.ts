/**
 * Mean and variance of the first n numbers of a typed array.
 */

/** Far enough to square and add any doubles without leaving their range; a power of two loses no digit. */
const SCALE = 2 ** -540;

/**
 * The sum of n numbers as if it were computed in twice the precision and then rounded once: the rounding error of
 * every addition is itself found exactly and added up. So the order of the numbers does not show in the result, and
 * integers whose sum stays below 2^63 come out as int64 arithmetic and one conversion would give them.
 * Source: T. Ogita, S. M. Rump, S. Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26(6), 2005 (Sum2),
 * with the TwoSum of D. E. Knuth.
 */
export function sum(a: Float64Array, n: number): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    const next = total + x;
    const shadow = next - total;
    lost += total - (next - shadow) + (x - shadow);
    total = next;
  }
  return total + lost;
}

/**
 * The sum of the squared distances from `center`, each rounded, then added as in `sum`. With the mean as the center
 * this is the two-pass algorithm, whose relative error is bounded by n eps + (n eps kappa)^2 with plain additions,
 * kappa = sqrt(1 + mean^2 / variance), where the textbook formula loses n eps kappa^2: T. F. Chan, G. H. Golub,
 * R. J. LeVeque, "Algorithms for computing the sample variance: analysis and recommendations", The American
 * Statistician 37(3), 1983. Their last correction is left out, as it is in go-metrics: it matters for deviations below
 * 1e-12 of the mean, where the digits of the values themselves are at their end.
 */
export function squares(a: Float64Array, n: number, center: number): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < n; i++) {
    const distance = a[i]! - center;
    const x = distance * distance;
    const next = total + x;
    const shadow = next - total;
    lost += total - (next - shadow) + (x - shadow);
    total = next;
  }
  return total + lost;
}

/** Mean, variance and standard deviation, filled in by `moments`. */
export interface Moments {
  /** same unit as the values */
  mean: number;
  /** of the population: divided by n; the square of the values' unit */
  variance: number;
  /** same unit as the values */
  std_dev: number;
}

/**
 * Writes mean, population variance and standard deviation of n values (n > 0) to `out`. Values near the end of the
 * range of doubles give finite results too: a variance beyond it is the largest double.
 * @param min the smallest of the values
 * @param max the largest of the values
 */
export function moments(a: Float64Array, n: number, min: number, max: number, out: Moments): void {
  // Rounding may carry the mean of nearly equal values past them by a unit in the last place.
  out.mean = within(sum(a, n) / n, min, max);
  out.variance = squares(a, n, out.mean) / n;
  out.std_dev = Math.sqrt(out.variance);
  if (!Number.isFinite(out.variance)) scaledMoments(a, n, min, max, out);
}

function scaledMoments(a: Float64Array, n: number, min: number, max: number, out: Moments): void {
  const scaled = new Float64Array(n);
  for (let i = 0; i < n; i++) scaled[i] = a[i]! * SCALE;
  const mean = within(sum(scaled, n) / n, min * SCALE, max * SCALE);
  const deviation = Math.sqrt(squares(scaled, n, mean) / n);
  out.mean = within(mean / SCALE, min, max);
  out.std_dev = Math.min(deviation / SCALE, Number.MAX_VALUE);
  out.variance = Math.min(out.std_dev * out.std_dev, Number.MAX_VALUE);
}

function within(x: number, min: number, max: number): number {
  return x < min ? min : x > max ? max : x;
}
