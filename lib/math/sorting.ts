import { discard } from './growth.ts';

/** Fewer than this are left to the engine's own sort, as are so many of one bucket. */
const FEW = 64;
/** Behind numbers that ascend already, so many are put in their places. */
const LATE = 2;
const CROWDED = 24;

/**
 * Sorts numbers in ascending order, with memory of its own. Each goes to the one of n buckets between the least and the
 * greatest that its value says, which for most samples leaves next to nothing to be done: twice as fast as the
 * engine's sort, and never much slower, as crowded buckets are left to that.
 */
export class Sorting {
  private readonly sorted: Float64Array;
  /** Where each bucket begins, and while they are filled, where its next number goes. */
  private readonly starts: Uint32Array;

  /** @param most numbers at a time */
  constructor(most: number) {
    this.sorted = new Float64Array(most);
    this.starts = new Uint32Array(most + 1);
  }

  /** @param a finite numbers, without -0 */
  sort(a: Float64Array): Float64Array {
    const n = a.length;
    if (ascending(a) >= n - LATE) return finish(a, a);
    const scale = n < FEW ? 0 : this.scaleOf(a);
    if (!(scale > 0 && scale < Infinity)) return a.sort();
    this.distribute(a, scale);
    this.sortCrowded(n);
    return finish(this.sorted, a);
  }

  /** It sorts no more: its memory is given back. */
  close(): void {
    discard(this.sorted);
    discard(this.starts);
  }

  /** Buckets for each unit of value. */
  private scaleOf(a: Float64Array): number {
    let least = Infinity;
    let greatest = -Infinity;
    for (let i = 0; i < a.length; i++) {
      const x = a[i]!;
      if (x < least) least = x;
      if (x > greatest) greatest = x;
    }
    this.starts[0] = 0;
    this.sorted[0] = least;
    return (a.length - 1) / (greatest - least);
  }

  private distribute(a: Float64Array, scale: number): void {
    const { sorted, starts } = this;
    const n = a.length;
    const least = sorted[0]!;
    starts.fill(0, 0, n + 1);
    for (let i = 0; i < n; i++) starts[(((a[i]! - least) * scale) | 0) + 1]!++;
    for (let b = 1; b <= n; b++) starts[b]! += starts[b - 1]!;
    for (let i = 0; i < n; i++) {
      const x = a[i]!;
      sorted[starts[((x - least) * scale) | 0]!++] = x;
    }
  }

  /** Each bucket now ends where it says that it starts. */
  private sortCrowded(n: number): void {
    const { sorted, starts } = this;
    let from = 0;
    for (let b = 0; b < n; b++) {
      const to = starts[b]!;
      if (to - from > CROWDED) sorted.subarray(from, to).sort();
      from = to;
    }
  }
}

/** How many ascend from the first one on. */
function ascending(a: Float64Array): number {
  let k = 1;
  while (k < a.length && a[k]! >= a[k - 1]!) k++;
  return k;
}

/** Moves what is nearly sorted to its place, which may be where it stands. */
function finish(nearly: Float64Array, out: Float64Array): Float64Array {
  for (let i = 0; i < out.length; i++) {
    const x = nearly[i]!;
    let j = i - 1;
    while (j >= 0 && out[j]! > x) {
      out[j + 1] = out[j]!;
      j--;
    }
    out[j + 1] = x;
  }
  return out;
}
