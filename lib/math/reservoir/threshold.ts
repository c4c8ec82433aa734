import { atRanks } from '../ranks.ts';
import type { Slabs } from '../slabs.ts';

/** How many orders are looked at to guess between which two the one of a rank lies; of shorter lists, none are. */
const LOOKS = 32;
const SHORT = 256;
/** How many looks to both sides of the rank: of lists that were in order, and of others. */
const NEAR = 0.25;
const FAR = 5;

/**
 * Finds the order that has a rank among those of a list. It is looked for between two orders of a sample: one pass over
 * the list, and then a selection among few. Where the guess was wrong, and in short lists, among all: R. W. Floyd,
 * R. L. Rivest, "Expected time bounds for selection", CACM 18(3), 1975.
 *
 * Orders come nearly descending when a series is slow, and at random when it is busy. Looking at places that are spread
 * evenly guesses well in both cases.
 */
export class Thresholds {
  private readonly looks = new Float64Array(LOOKS);
  private readonly ranks = new Int32Array(1);
  private readonly found = new Float64Array(1);
  private readonly inside: Float64Array;
  private readonly spare: Float64Array;

  /** @param longest of the lists, in orders */
  constructor(longest: number) {
    this.inside = new Float64Array(longest);
    this.spare = new Float64Array(longest);
  }

  /**
   * @param stride how far apart orders are: 1, or 2 with values between
   * @param n how many there are
   * @param rank 0 to n - 1
   */
  orderOfRank(lists: Slabs, at: number, stride: number, n: number, rank: number): number {
    const { looks } = this;
    if (n >= SHORT) {
      const reach = this.look(lists, at, stride, n) ? NEAR : FAR;
      const middle = (rank * LOOKS) / n - 0.5;
      const low = Math.floor(middle - reach);
      const high = Math.ceil(middle + reach);
      const from = low < 0 ? -Infinity : looks[low]!;
      const to = high >= LOOKS ? Infinity : looks[high]!;
      if (this.among(lists, at, stride, n, rank, from, to)) return this.found[0]!;
    }
    this.among(lists, at, stride, n, rank, -Infinity, Infinity);
    return this.found[0]!;
  }

  /** Looks at orders from the last to the first, sorts them, and says whether they were in order before. */
  private look(lists: Slabs, at: number, stride: number, n: number): boolean {
    const { looks } = this;
    let sorted = true;
    for (let i = 0; i < LOOKS; i++) {
      const v = stride * (n - 1 - Math.floor(((i + 0.5) * n) / LOOKS));
      lists.seek(at, v);
      const order = lists.array[lists.shift + v]!;
      let j = i;
      for (; j > 0 && looks[j - 1]! > order; j--) looks[j] = looks[j - 1]!;
      looks[j] = order;
      if (j < i) sorted = false;
    }
    return sorted;
  }

  /** Notes the order of a rank if it is one of `from` to `to`, or says false. */
  private among(
    lists: Slabs,
    at: number,
    stride: number,
    n: number,
    rank: number,
    from: number,
    to: number,
  ): boolean {
    const { inside } = this;
    const end = stride * n;
    let below = 0;
    let m = 0;
    for (let v = 0; v < end; ) {
      lists.seek(at, v);
      const { array, shift } = lists;
      for (const until = Math.min(end, lists.end); v < until; v += stride) {
        const order = array[shift + v]!;
        inside[m] = order;
        const less = Number(order < from) | 0;
        below += less;
        m += (Number(order <= to) | 0) - less;
      }
    }
    if (rank < below || rank >= below + m) return false;
    this.ranks[0] = rank - below;
    atRanks(inside, this.spare, m, this.ranks, this.found);
    return true;
  }
}
