import type { Rows } from '../rows.ts';
import { Slabs } from '../slabs.ts';
import { gatherOrders, gatherPairs } from './compaction.ts';
import { HEAD, type Heads } from './heads.ts';
import { Thresholds } from './threshold.ts';

/**
 * The entries of reservoirs: those of the smallest orders stay, which are the negative logarithms of priorities. They
 * are appended as they come, and when there are half a size too many, one selection in linear time throws those out; so
 * an entry costs a constant, not a logarithm, and touches one place in memory, not a path through a heap.
 *
 * As long as all values are equal, only orders are kept. All methods take the place of a head.
 */
export class Entries {
  /** how many stay at a compaction */
  readonly keep: number;
  /** there are always fewer than this */
  readonly most: number;
  /** columns that a reservoir needs for its head and entries */
  readonly width: number;
  private readonly heads: Heads;
  private readonly lists: Slabs;
  private thresholds: Thresholds | undefined;
  /** Room for the entries of one reservoir; made when it is needed, as are the thresholds. */
  private made: Float64Array | undefined;

  constructor(rows: Rows, heads: Heads, size: number, keep: number) {
    this.keep = keep;
    this.most = keep + Math.max(8, size >>> 1);
    this.heads = heads;
    this.lists = new Slabs(rows, 2 * this.most);
    this.width = HEAD + this.lists.width;
  }

  /** Forgets all entries of a head that has been begun. */
  begin(head: number): void {
    this.lists.rewind(head + HEAD);
  }

  /** @param value not -0: the two zeros are equal, so they would have no order */
  enter(head: number, order: number, value: number): void {
    const { heads } = this;
    const n = heads.entries(head);
    if (!heads.isMixed(head)) {
      if (n === 0) heads.setCommon(head, value);
      else if (value !== heads.common(head)) this.separate(head);
    }
    if (heads.isMixed(head)) this.lists.putPair(head + HEAD, 2 * n, order, value);
    else this.lists.put(head + HEAD, n, order);
    heads.setEntries(head, n + 1);
    if (n + 1 === this.most) this.compact(head);
  }

  /**
   * Enters those pairs of order and value of a list that are not behind the threshold, in its sequence. Written as a loop
   * over what is in hand between two compactions: samples are put together once, by code that nobody has optimised yet.
   */
  enterPairs(head: number, pairs: Float64Array): void {
    const { heads, lists, most, room } = this;
    if (this.enterFirst(head, pairs)) return;
    for (let at = 0; at < pairs.length; ) {
      if (!heads.isMixed(head)) {
        const order = pairs[at]!;
        const value = pairs[at + 1]!;
        at += 2;
        if (!heads.isBehind(head, order, value)) this.enter(head, order, value);
        continue;
      }
      const n = heads.entries(head);
      const threshold = heads.threshold(head);
      const common = heads.common(head);
      const free = 2 * (most - n);
      let to = 0;
      for (; at < pairs.length && to < free; at += 2) {
        const order = pairs[at]!;
        const value = pairs[at + 1]!;
        if (order > threshold || (order === threshold && value >= common)) continue;
        room[to] = order;
        room[to + 1] = value;
        to += 2;
      }
      lists.write(head + HEAD, room, to, 2 * n);
      heads.setEntries(head, n + to / 2);
      if (to === free) this.compact(head);
    }
  }

  /** Makes a list the entries as it is, if there are none and no more would stay; false if that is not so. */
  private enterFirst(head: number, pairs: Float64Array): boolean {
    const { heads, keep, lists } = this;
    const n = pairs.length / 2;
    if (heads.entries(head) > 0 || heads.threshold(head) < Infinity || n > keep || isEqual(pairs))
      return false;
    lists.write(head + HEAD, pairs, pairs.length);
    heads.setMixed(head);
    heads.setEntries(head, n);
    return true;
  }

  /** Throws out what is too much, if anything, and sets the threshold for those to come. */
  compact(head: number): void {
    const { heads, keep, lists, room } = this;
    const list = head + HEAD;
    const n = heads.entries(head);
    if (keep === 0 || n <= keep) return;
    const stride = heads.isMixed(head) ? 2 : 1;
    this.thresholds ??= new Thresholds(this.most);
    const threshold = this.thresholds.orderOfRank(lists, list, stride, n, keep - 1);
    if (stride === 1) gatherOrders(lists, list, n, keep, threshold, room);
    else heads.setCommon(head, gatherPairs(lists, list, 2 * n, keep, threshold, room));
    lists.write(list, room, stride * keep);
    heads.setEntries(head, keep);
    heads.setThreshold(head, threshold);
  }

  /** Copies order and value of each entry to the front of `out`. */
  copy(head: number, out: Float64Array): void {
    const { heads, lists } = this;
    const n = heads.entries(head);
    if (heads.isMixed(head)) {
      lists.read(head + HEAD, 0, 1, 2 * n, out);
      return;
    }
    lists.read(head + HEAD, 0, 1, n, out);
    spread(out, n, heads.common(head));
  }

  /** Copies the values of mixed entries to the front of `out`. */
  copyValues(head: number, out: Float64Array): void {
    this.lists.read(head + HEAD, 1, 2, 2 * this.heads.entries(head), out);
  }

  private get room(): Float64Array {
    this.made ??= new Float64Array(2 * this.most);
    return this.made;
  }

  /** From entries without a value to entries with one. */
  private separate(head: number): void {
    const { heads, lists, room } = this;
    const n = heads.entries(head);
    this.copy(head, room);
    heads.setMixed(head);
    lists.write(head + HEAD, room, 2 * n);
  }
}

/** Makes n orders at the front of `out` pairs of order and value. */
function spread(out: Float64Array, n: number, value: number): void {
  for (let i = n - 1; i >= 0; i--) {
    out[2 * i] = out[i]!;
    out[2 * i + 1] = value;
  }
}

/** Whether pairs have one value. */
function isEqual(pairs: Float64Array): boolean {
  for (let i = 3; i < pairs.length; i += 2) if (pairs[i] !== pairs[1]) return false;
  return true;
}
