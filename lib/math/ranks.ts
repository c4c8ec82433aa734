/**
 * Selection: what would stand at some places if numbers were sorted, without sorting them.
 */

const SMALL = 16;

/**
 * Writes to `out` which of the first n numbers of `a` have the given ranks; `a` and `b` are spoilt.
 *
 * Quickselect (C. A. R. Hoare, "Algorithm 65: FIND", CACM 4(7), 1961) for several ranks at once, with the median of
 * three: linear on average. It partitions from one buffer into the other and writes every number to both of its ends,
 * then moves one of the ends on: without a branch, which for random numbers the processor would guess wrong half of
 * the time, that is twice as fast as swapping in place.
 * @param b room for n numbers
 * @param ranks ascending integers, 0 to n - 1
 */
export function atRanks(
  a: Float64Array,
  b: Float64Array,
  n: number,
  ranks: ArrayLike<number>,
  out: Float64Array,
): void {
  choose(a, b, 0, n - 1, ranks, 0, ranks.length, out);
}

/** The ranks first to end - 1, all of which lie in lo to hi (both included) of a. */
function choose(
  a: Float64Array,
  b: Float64Array,
  lo: number,
  hi: number,
  ranks: ArrayLike<number>,
  first: number,
  end: number,
  out: Float64Array,
): void {
  while (first < end) {
    if (hi - lo < SMALL) {
      sortFew(a, lo, hi);
      for (; first < end; first++) out[first] = a[ranks[first]!]!;
      return;
    }
    const pivot = guess(a, lo, hi);
    let middle = below(a, b, lo, hi, pivot);
    if (middle === lo) {
      // The pivot is the smallest: take all that equal it off at once, so that equal numbers cost one pass.
      middle = notAbove(a, b, lo, hi, pivot);
      while (first < end && ranks[first]! < middle) out[first++] = pivot;
    } else {
      let upper = first;
      while (upper < end && ranks[upper]! < middle) upper++;
      if (upper === end) {
        hi = middle - 1;
        [a, b] = [b, a];
        continue;
      }
      if (upper > first) choose(b, a, lo, middle - 1, ranks, first, upper, out);
      first = upper;
    }
    lo = middle;
    [a, b] = [b, a];
  }
}

/** Parts a into b: numbers less than the pivot first. Gives the place where the others begin. */
function below(a: Float64Array, b: Float64Array, lo: number, hi: number, pivot: number): number {
  let i = lo;
  let j = hi;
  for (let k = lo; k <= hi; k++) {
    const x = a[k]!;
    b[i] = x;
    b[j] = x;
    const less = Number(x < pivot) | 0;
    i += less;
    j -= 1 - less;
  }
  return i;
}

/** The same with numbers up to the pivot first. */
function notAbove(a: Float64Array, b: Float64Array, lo: number, hi: number, pivot: number): number {
  let i = lo;
  let j = hi;
  for (let k = lo; k <= hi; k++) {
    const x = a[k]!;
    b[i] = x;
    b[j] = x;
    const less = Number(x <= pivot) | 0;
    i += less;
    j -= 1 - less;
  }
  return i;
}

/**
 * A number near the middle. From the ends it would be misled by numbers that were in order, which partitioning turns
 * into two runs, up and down; so it looks at scattered places, at more of them in a long range.
 */
function guess(a: Float64Array, lo: number, hi: number): number {
  const span = hi - lo;
  if (span < 256) return median(a[lo + (span >>> 2)]!, a[lo + (span >>> 1)]!, a[hi - (span >>> 2)]!);
  const at = (share: number): number => a[lo + Math.floor(span * share)]!;
  return median(
    median(at(0.043), at(0.157), at(0.271)),
    median(at(0.389), at(0.508), at(0.617)),
    median(at(0.731), at(0.853), at(0.967)),
  );
}

function median(x: number, y: number, z: number): number {
  return x < y ? (y < z ? y : x < z ? z : x) : x < z ? x : y < z ? z : y;
}

function sortFew(a: Float64Array, lo: number, hi: number): void {
  for (let i = lo + 1; i <= hi; i++) {
    const x = a[i]!;
    let j = i - 1;
    while (j >= lo && a[j]! > x) {
      a[j + 1] = a[j]!;
      j--;
    }
    a[j + 1] = x;
  }
}
