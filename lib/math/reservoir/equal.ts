/**
 * The orders that the entries of equal values are expected to have which came evenly spread over a time: at most
 * `size` of them, ascending.
 * @param count how many values came
 * @param first when the first came: seconds
 * @param last when the last came
 */
export function expectedOrders(
  count: number,
  first: number,
  last: number,
  alpha: number,
  size: number,
): Float64Array {
  const step = count > 1 ? (alpha * (last - first)) / (count - 1) : 0;
  // Their weights, in that of the newest. Priorities above exp(alpha t) have weight / rank as their expectation;
  // of those below, every value older by a step adds one rank.
  const weight = step > 0 ? Math.expm1(-step * count) / Math.expm1(-step) : count;
  return Float64Array.from({ length: Math.min(count, size) }, (_, i) => {
    const rank = i + 0.5;
    const below = rank < weight ? Math.log(rank / weight) : (rank - weight) * step;
    return below - alpha * last;
  });
}
