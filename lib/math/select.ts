/**
 * Selection of pairs that lie one after the other in a typed array, ordered by their first number and, between
 * equals, by their second: so pairs that differ at all have one order, whatever order they came in.
 */

const SMALL = 10;

/**
 * Moves pairs lo to hi (both included) so that pair `rank` is the one that a full sort would put there, with none
 * greater before it and none smaller after it. Quickselect in place with the median of three (C. A. R. Hoare,
 * "Algorithm 65: FIND", CACM 4(7), 1961): linear on average.
 * @param base index of the first number of pair 0 in `a`
 */
export function selectPairs(a: Float64Array, base: number, lo: number, hi: number, rank: number): void {
  const at = base + 2 * rank;
  let first = base + 2 * lo;
  let last = base + 2 * hi;
  while (last - first >= 2 * SMALL) {
    const m = middle(a, first, base + 2 * ((first - base + (last - base)) >>> 2), last);
    const pivot = a[m]!;
    const pivotTie = a[m + 1]!;
    let i = first;
    let j = last;
    for (;;) {
      while (a[i]! < pivot || (a[i]! === pivot && a[i + 1]! < pivotTie)) i += 2;
      while (a[j]! > pivot || (a[j]! === pivot && a[j + 1]! > pivotTie)) j -= 2;
      if (i <= j) {
        swap(a, i, j);
        i += 2;
        j -= 2;
      }
      if (i > j) break;
    }
    if (at <= j) last = j;
    else if (at >= i) first = i;
    else return;
  }
  sortFew(a, first, last);
}

function middle(a: Float64Array, i: number, j: number, k: number): number {
  const x = a[i]!;
  const y = a[j]!;
  const z = a[k]!;
  if (x < y) return y < z ? j : x < z ? k : i;
  return x < z ? i : y < z ? k : j;
}

function swap(a: Float64Array, i: number, j: number): void {
  const x = a[i]!;
  const y = a[i + 1]!;
  a[i] = a[j]!;
  a[i + 1] = a[j + 1]!;
  a[j] = x;
  a[j + 1] = y;
}

function sortFew(a: Float64Array, first: number, last: number): void {
  for (let i = first + 2; i <= last; i += 2) {
    const x = a[i]!;
    const y = a[i + 1]!;
    let j = i - 2;
    while (j >= first && (a[j]! > x || (a[j]! === x && a[j + 1]! > y))) {
      a[j + 2] = a[j]!;
      a[j + 3] = a[j + 1]!;
      j -= 2;
    }
    a[j + 2] = x;
    a[j + 3] = y;
  }
}

/** Sorts all pairs of an array. */
export function sortPairs(a: Float64Array): void {
  const pairs = a.slice();
  const places = Uint32Array.from({ length: a.length / 2 }, (_, i) => 2 * i);
  places.sort((i, j) => pairs[i]! - pairs[j]! || pairs[i + 1]! - pairs[j + 1]!);
  for (const [i, place] of places.entries()) {
    a[2 * i] = pairs[place]!;
    a[2 * i + 1] = pairs[place + 1]!;
  }
}
