import { selectPairs } from '../select.ts';
import type { Slabs } from '../slabs.ts';

/**
 * Gathers the `keep` first of the pairs of order and value of a list in their sequence, given the order of the last one
 * to be kept. The move has no branch, as what comes in the wrong order is random.
 * @param end numbers in the list: order, value, order, value, ...
 * @param out with room for all pairs
 * @returns the value of the last one
 */
export function gatherPairs(
  lists: Slabs,
  at: number,
  end: number,
  keep: number,
  threshold: number,
  out: Float64Array,
): number {
  let thresholdValue = -Infinity;
  let to = 0;
  for (let v = 0; v < end; ) {
    lists.seek(at, v);
    const { array, shift } = lists;
    for (const until = Math.min(end, lists.end); v < until; v += 2) {
      const order = array[shift + v]!;
      const value = array[shift + v + 1]!;
      out[to] = order;
      out[to + 1] = value;
      to += Number(order <= threshold) << 1;
      if (order === threshold && value > thresholdValue) thresholdValue = value;
    }
  }
  const found = to / 2;
  if (found === keep) return thresholdValue;
  // Several stand at the threshold: the smaller values stay, so that the sample does not depend on who came first.
  selectPairs(out, 0, 0, found - 1, keep - 1);
  return out[2 * keep - 1]!;
}

/** The same without values, where those at the threshold are all the same. */
export function gatherOrders(
  lists: Slabs,
  at: number,
  end: number,
  keep: number,
  threshold: number,
  out: Float64Array,
): void {
  let to = 0;
  for (let v = 0; v < end; ) {
    lists.seek(at, v);
    const { array, shift } = lists;
    for (const until = Math.min(end, lists.end); v < until; v++) {
      const order = array[shift + v]!;
      out[to] = order;
      to += Number(order < threshold) | 0;
    }
  }
  out.fill(threshold, to, keep);
}
