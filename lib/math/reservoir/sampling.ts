import { NaturalLog } from '../natural-log.ts';
import type { Rows } from '../rows.ts';
import { Heads } from './heads.ts';
import { Entries } from './kept-entries.ts';
import type { ReservoirsOptions } from './reservoir-options.ts';

/** Of the newest value and of entries: value, time and random number; order and value of each. */
export interface Sample {
  readonly newest: readonly [value: number, time: number, random: number] | undefined;
  readonly entries: Float64Array;
}

/**
 * How values come into a sample: which are candidates, and when they become entries. See `Reservoirs` for the idea.
 *
 * With `newest` the newest value stands apart from the entries, and is a candidate once another takes its place. Most
 * candidates of a busy series fail, and one comparison of their random number tells so.
 *
 * Unless they say otherwise, methods take the place of a head, and times are in milliseconds.
 */
export class Sampling {
  readonly heads: Heads;
  readonly entries: Entries;
  private readonly rows: Rows;
  private readonly column: number;
  private readonly newest: boolean;
  private readonly laterStays: boolean;
  /** per millisecond */
  private readonly alpha: number;
  private readonly log = new NaturalLog();
  /** The candidate: value, time and random number. As parameters V8 would put them on the heap. */
  private readonly candidate = new Float64Array(3);

  constructor(rows: Rows, { size, alpha, admission, laterStays = false }: Checked) {
    this.rows = rows;
    this.newest = admission === 'newest';
    this.laterStays = laterStays;
    this.alpha = alpha / 1000;
    const keep = this.newest ? size - 1 : size;
    this.heads = new Heads(rows, keep === 0);
    this.entries = new Entries(rows, this.heads, size, keep);
    this.column = rows.reserve(this.entries.width);
  }

  /** Makes it an empty sample: a row of zeros, or what was another sample. */
  begin(head: number): void {
    this.heads.begin(head);
    this.entries.begin(head);
  }

  /** The head of a row. */
  head(i: number): number {
    return Math.imul(i, this.rows.width) + this.column;
  }

  /** Takes values from..to-1 of a list; see `Reservoirs.updateAll`. */
  takeAll(
    indices: Uint32Array,
    values: Float64Array,
    times: Float64Array,
    randoms: Float64Array,
    from: number,
    to: number,
  ): number {
    const { candidate, heads, newest } = this;
    for (let k = from; k < to; k++) {
      const value = values[k]!;
      const t = times[k]!;
      if (value - value + (t - t) !== 0) return k;
      const head = this.head(indices[k]!);
      heads.countUp(head, 1);
      candidate[0] = value + 0;
      candidate[1] = t;
      candidate[2] = randoms[k]!;
      if (!newest || this.replacesNewest(head, this.laterStays)) this.offer(head);
    }
    return to;
  }

  /** Makes the entries those that stay, and gives how many values the sample has. */
  settle(head: number): number {
    this.entries.compact(head);
    return this.heads.entries(head) + Number(this.heads.hasNewest(head));
  }

  /** Whether all values of the sample are one. */
  isEqual(head: number): boolean {
    const { heads } = this;
    if (heads.isMixed(head)) return false;
    return !heads.hasNewest(head) || heads.entries(head) === 0 || heads.newest(head) === heads.common(head);
  }

  /** One of the values of a sample that are all equal. */
  common(head: number): number {
    return this.heads.hasNewest(head) ? this.heads.newest(head) : this.heads.common(head);
  }

  /** Copies the values of a sample that has unequal ones to the front of `out`, in any order. */
  copyValues(head: number, out: Float64Array): void {
    const { entries, heads } = this;
    const n = heads.entries(head);
    if (heads.isMixed(head)) entries.copyValues(head, out);
    else out.fill(heads.common(head), 0, n);
    if (heads.hasNewest(head)) out[n] = heads.newest(head);
  }

  /** A copy of the sample. */
  sample(head: number): Sample {
    const { heads } = this;
    this.settle(head);
    const entries = new Float64Array(2 * heads.entries(head));
    this.entries.copy(head, entries);
    const newest = heads.hasNewest(head)
      ? ([heads.newest(head), heads.newestTime(head), heads.newestRandom(head)] as const)
      : undefined;
    return { newest, entries };
  }

  /** Takes over what is in another sample; counts nothing. */
  join(head: number, { newest, entries }: Sample): void {
    if (newest !== undefined) {
      this.candidate.set(newest);
      if (this.replacesNewest(head, false)) this.offer(head);
    }
    if (this.entries.keep > 0) this.entries.enterPairs(head, entries);
  }

  /** The order of a value: ascending orders are descending priorities. */
  orderOf(t: number, u: number): number {
    return this.log.of(u) - this.alpha * t;
  }

  /**
   * Makes the candidate the newest value if it is that, and what was the newest the candidate.
   * @returns whether there is a candidate after that
   */
  private replacesNewest(head: number, laterStays: boolean): boolean {
    const { candidate, heads } = this;
    const value = candidate[0]!;
    const t = candidate[1]!;
    const u = candidate[2]!;
    const none = !heads.hasNewest(head);
    const newer = none || heads.isNewer(head, value, t, u) || (laterStays && t === heads.newestTime(head));
    if (!newer) return true;
    candidate[0] = heads.newest(head);
    candidate[1] = heads.newestTime(head);
    candidate[2] = heads.newestRandom(head);
    heads.setNewest(head, value, t, u);
    return !none;
  }

  /** Makes the candidate an entry unless it is behind the threshold. */
  private offer(head: number): void {
    const { candidate, heads } = this;
    const t = candidate[1]!;
    const u = candidate[2]!;
    if (heads.isHopeless(head, u, t)) return;
    const order = this.orderOf(t, u);
    if (heads.isBehind(head, order, candidate[0]!)) heads.raiseLimit(head, t, this.alpha);
    else this.entries.enter(head, order, candidate[0]!);
  }
}

type Checked = ReservoirsOptions & Required<Pick<ReservoirsOptions, 'size' | 'alpha' | 'admission'>>;
