import { buffer } from '../ranks.ts';
import type { Rows } from '../rows.ts';
import { Extents } from '../slabs.ts';
import { gatherOrders, gatherPairs } from './compaction.ts';
import { forms, HEAD, type Heads } from './heads.ts';
import { orderOfRank } from './threshold.ts';

/** Memory to work on the entries of one reservoir at a time; what it holds has no meaning from one call to the next. */
let scratch = new Float64Array(0);

function room(n: number): Float64Array {
  if (scratch.length < n) scratch = new Float64Array(2 * n);
  return scratch;
}

/**
 * The entries of reservoirs: those of the smallest orders stay, which are the negative logarithms of priorities. They
 * are appended as they come, and when half a size of them is surplus, one selection in linear time throws it out; so an
 * entry costs a constant, not a logarithm, and touches one place in memory, not a path through a heap.
 *
 * As long as all values are equal, only orders are kept. All methods take the place of a head.
 */
export class Entries {
  /** how many stay when the surplus is thrown out */
  readonly keep: number;
  /** there are always fewer than this */
  readonly most: number;
  /** columns that a reservoir needs for its head and entries */
  readonly width: number;
  private readonly heads: Heads;
  private readonly lists: Extents;

  constructor(rows: Rows, heads: Heads, size: number, keep: number) {
    this.keep = keep;
    this.most = keep + Math.max(8, size >>> 1);
    this.heads = heads;
    this.lists = new Extents(rows, 2 * this.most);
    this.width = HEAD + this.lists.width;
  }

  enter(head: number, order: number, value: number): void {
    const { heads } = this;
    const n = heads.entries(head);
    // Adding 0 makes -0 the 0 that it equals: the two have no order.
    const v = value + 0;
    if (!heads.isMixed(head)) {
      if (n === 0) heads.setCommon(head, v);
      else if (v !== heads.common(head)) this.separate(head);
    }
    if (heads.isMixed(head)) this.lists.putPair(head + HEAD, 2 * n, order, v);
    else this.lists.put(head + HEAD, n, order);
    heads.setEntries(head, n + 1);
    if (n + 1 === this.most) this.reduce(head);
  }

  /** Throws the surplus out, if any, and sets the bar for those to come. */
  reduce(head: number): void {
    const { heads, keep, lists } = this;
    const list = head + HEAD;
    const n = heads.entries(head);
    if (keep === 0) {
      heads.setEntries(head, 0);
      lists.rewind(list);
    }
    if (keep === 0 || n < keep) return;
    const stride = heads.isMixed(head) ? 2 : 1;
    const bar = orderOfRank(lists, list, stride, n, keep - 1);
    const kept = room(stride * n);
    if (stride === 1) gatherOrders(lists, list, n, keep, bar, kept);
    else heads.setCommon(head, gatherPairs(lists, list, 2 * n, keep, bar, kept));
    lists.write(list, kept, stride * keep);
    heads.setEntries(head, keep);
    heads.setBar(head, bar);
  }

  /** Copies the values of mixed entries to the buffer that selections work on. */
  values(head: number): Float64Array {
    const n = this.heads.entries(head);
    const values = buffer(n);
    this.lists.read(head + HEAD, 1, 2, 2 * n, values);
    return values;
  }

  /** How many numbers the entries are. */
  length(head: number): number {
    return this.heads.entries(head) * (this.heads.isMixed(head) ? 2 : 1);
  }

  /** Copies the entries: order and value of each, or orders only. */
  copy(head: number, out: Float64Array): void {
    this.lists.read(head + HEAD, 0, 1, this.length(head), out);
  }

  /** Replaces the entries by those that `copy` gave. */
  replace(head: number, form: number, entries: Float64Array): void {
    this.heads.setForm(head, form);
    this.heads.setEntries(head, entries.length / (form === forms.PAIRS ? 2 : 1));
    this.lists.write(head + HEAD, entries, entries.length);
  }

  /** From entries without a value to entries with one. */
  private separate(head: number): void {
    const n = this.heads.entries(head);
    const value = this.heads.common(head);
    const pairs = room(2 * n);
    this.lists.read(head + HEAD, 0, 1, n, pairs);
    for (let i = n - 1; i >= 0; i--) {
      pairs[2 * i] = pairs[i]!;
      pairs[2 * i + 1] = value;
    }
    this.heads.setForm(head, forms.PAIRS);
    this.lists.write(head + HEAD, pairs, 2 * n);
  }
}
