/** The candidates of a sample that come first: pairs of order and value, the lower order first, then the smaller value. */

export const PAIR_SHIFT: usize = 4;

// @ts-ignore: decorator
@inline
function isBefore(order: f64, value: f64, otherOrder: f64, otherValue: f64): bool {
  return order < otherOrder || (order == otherOrder && value < otherValue);
}

// @ts-ignore: decorator
@inline
function at(pairs: usize, k: i32): usize {
  return pairs + (<usize>k << PAIR_SHIFT);
}

// @ts-ignore: decorator
@inline
function swapPairs(a: usize, b: usize): void {
  const pair = v128.load(a);
  v128.store(a, v128.load(b));
  v128.store(b, pair);
}

/** Moves the first `keep` of `count` pairs to the front, in any order. C. A. R. Hoare, "Find", CACM 4(7), 1961. */
export function selectFirst(pairs: usize, count: i32, keep: i32): void {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = middleOf(at(pairs, low), at(pairs, (low + high) >> 1), at(pairs, high));
    const order = load<f64>(pivot);
    const value = load<f64>(pivot, 8);
    let i = low;
    let j = high;
    while (i <= j) {
      while (isBefore(load<f64>(at(pairs, i)), load<f64>(at(pairs, i), 8), order, value)) i++;
      while (isBefore(order, value, load<f64>(at(pairs, j)), load<f64>(at(pairs, j), 8))) j--;
      if (i <= j) swapPairs(at(pairs, i++), at(pairs, j--));
    }
    if (keep - 1 <= j) high = j;
    else if (keep - 1 >= i) low = i;
    else return;
  }
}

/** Which of three pairs is the middle one. */
function middleOf(a: usize, b: usize, c: usize): usize {
  const ab = comesBefore(a, b);
  const bc = comesBefore(b, c);
  if (ab == bc) return b;
  return comesBefore(a, c) == ab ? c : a;
}

// @ts-ignore: decorator
@inline
function comesBefore(a: usize, b: usize): bool {
  return isBefore(load<f64>(a), load<f64>(a, 8), load<f64>(b), load<f64>(b, 8));
}

/** The highest order of `count` pairs, at least one. */
export function highestOrder(pairs: usize, count: i32): f64 {
  let highest = load<f64>(pairs);
  for (let k = 1; k < count; k++) highest = Math.max(highest, load<f64>(at(pairs, k)));
  return highest;
}
