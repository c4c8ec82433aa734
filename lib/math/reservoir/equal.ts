import { exponential } from '../exponential.ts';
import type { NaturalLog } from '../natural-log.ts';

/** Below it 1 - exp(-x) is x less its half square to the last digits that matter. */
const SMALL = 2 ** -20;

/**
 * The orders that the entries of equal values are expected to have which came evenly spread over a time: at most
 * `size` of them, ascending.
 * @param count how many values came
 * @param first when the first came: milliseconds
 * @param last when the last came
 * @param alpha per millisecond
 */
export function expectedOrders(
  count: number,
  first: number,
  last: number,
  alpha: number,
  size: number,
  log: NaturalLog,
): Float64Array {
  const step = count > 1 ? (alpha * (last - first)) / (count - 1) : 0;
  // Their weights, in that of the newest. Priorities above exp(alpha t) have weight / rank as their expectation;
  // of those below, every value older by a step adds one rank.
  const weight = step > 0 ? lost(step * count) / lost(step) : count;
  return Float64Array.from({ length: Math.min(count, size) }, (_, i) => {
    const rank = i + 0.5;
    const below = rank < weight ? log.of(rank / weight) : (rank - weight) * step;
    return below - alpha * last;
  });
}

/** 1 - exp(-x) */
function lost(x: number): number {
  return x < SMALL ? x - (x * x) / 2 : 1 - exponential(-x);
}
