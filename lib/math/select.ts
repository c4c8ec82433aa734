/**
 * Selection in place over entries of `stride` numbers that lie one after the other in a typed array.
 *
 * The order is by the number in `column`, and between equals by the other one, so that entries which differ at all
 * have one order, whatever order they came in.
 */

const SMALL = 10;

/**
 * Moves entries lo to hi (both included) so that entry `rank` is the one that a full sort would put there, with
 * none greater before it and none smaller after it. Quickselect with the median of three (C. A. R. Hoare, "Algorithm
 * 65: FIND", CACM 4(7), 1961): linear on average; ranges of ten are sorted by insertion.
 * @param base index of entry 0 in `a`
 * @param stride 1 or 2 numbers an entry
 * @param column the number of the entry to order by, 0 or 1
 */
export function select(
  a: Float64Array,
  base: number,
  stride: number,
  column: number,
  lo: number,
  hi: number,
  rank: number,
): void {
  const last = stride - 1;
  // From the ordering number of an entry to its other one; 0 where there is none.
  const tie = last - 2 * column * last;
  const origin = base + column;
  while (hi - lo >= SMALL) {
    const m = middle(a, origin + lo * stride, origin + ((lo + hi) >>> 1) * stride, origin + hi * stride);
    const pivot = a[m]!;
    const pivotTie = a[m + tie]!;
    let i = origin + lo * stride;
    let j = origin + hi * stride;
    for (;;) {
      while (a[i]! < pivot || (a[i]! === pivot && a[i + tie]! < pivotTie && tie !== 0)) i += stride;
      while (a[j]! > pivot || (a[j]! === pivot && a[j + tie]! > pivotTie && tie !== 0)) j -= stride;
      if (i > j) break;
      const x = a[i]!;
      const y = a[i + tie]!;
      a[i] = a[j]!;
      a[i + tie] = a[j + tie]!;
      a[j] = x;
      a[j + tie] = y;
      i += stride;
      j -= stride;
      if (i > j) break;
    }
    const at = origin + rank * stride;
    if (at <= j) hi = (j - origin) / stride;
    else if (at >= i) lo = (i - origin) / stride;
    else return;
  }
  sortFew(a, origin, stride, tie, lo, hi);
}

/** Puts the smallest of entries lo to hi at lo; see `select` for the parameters. */
export function smallestFirst(
  a: Float64Array,
  base: number,
  stride: number,
  column: number,
  lo: number,
  hi: number,
): void {
  const origin = base + column;
  const tie = (stride - 1) * (1 - 2 * column);
  let least = origin + lo * stride;
  const end = origin + hi * stride;
  for (let i = least + stride; i <= end; i += stride) if (a[i]! < a[least]!) least = i;
  const at = origin + lo * stride;
  const x = a[at]!;
  const y = a[at + tie]!;
  a[at] = a[least]!;
  a[at + tie] = a[least + tie]!;
  a[least] = x;
  a[least + tie] = y;
}

function middle(a: Float64Array, i: number, j: number, k: number): number {
  const x = a[i]!;
  const y = a[j]!;
  const z = a[k]!;
  if (x < y) return y < z ? j : x < z ? k : i;
  return x < z ? i : y < z ? k : j;
}

function sortFew(a: Float64Array, origin: number, stride: number, tie: number, lo: number, hi: number): void {
  const first = origin + lo * stride;
  const end = origin + hi * stride;
  for (let i = first + stride; i <= end; i += stride) {
    const x = a[i]!;
    const y = a[i + tie]!;
    let j = i - stride;
    while (j >= first && (a[j]! > x || (a[j]! === x && a[j + tie]! > y && tie !== 0))) {
      a[j + stride] = a[j]!;
      a[j + stride + tie] = a[j + tie]!;
      j -= stride;
    }
    a[j + stride] = x;
    a[j + stride + tie] = y;
  }
}
