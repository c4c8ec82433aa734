import { randomKey } from '../random.ts';
import type { Rows } from '../rows.ts';
import { expectedOrders } from './equal.ts';
import { forms, Heads } from './heads.ts';
import { Entries } from './kept-entries.ts';
import type { ReservoirsOptions } from './reservoir-options.ts';

/**
 * A value and its time on their way from one function to the next: as parameters that are not integers, V8 would put
 * them on the heap, wherever it does not inline the callee.
 */
const GIVEN = new Float64Array(2);

/** What `Sampling` needs to know: the options of reservoirs, with their defaults. */
export type SamplingOptions = ReservoirsOptions & Required<Pick<ReservoirsOptions, 'size' | 'alpha'>>;

/**
 * How values come into a sample: which are candidates, and when they become entries. See `Reservoirs` for the idea.
 *
 * With `newest` the last value stands apart from the entries and is offered to them when the next one comes. Most
 * candidates of a busy series fail, and one comparison of their random number tells so.
 *
 * Unless they say otherwise, methods take the place of a head.
 */
export class Sampling {
  readonly heads: Heads;
  readonly entries: Entries;
  private readonly rows: Rows;
  private readonly column: number;
  private readonly size: number;
  private readonly alpha: number;
  private readonly newest: boolean;
  private readonly random: (() => number) | undefined;
  private readonly seed: number;
  private readonly forgets: boolean;

  constructor(rows: Rows, { size, alpha, admission, random, seed = 1, forgetEqual }: SamplingOptions) {
    this.rows = rows;
    this.size = size;
    this.alpha = alpha;
    this.newest = admission !== 'priority';
    this.random = random;
    this.seed = seed;
    this.forgets = forgetEqual === true;
    this.heads = new Heads(rows);
    this.entries = new Entries(rows, this.heads, size, this.newest ? size - 1 : size);
    this.column = rows.reserve(this.entries.width);
  }

  /**
   * Makes a row of zeros an empty sample.
   * @throws RangeError, with nothing changed, if seed or series are no integers from 0 to 2^53-1, and random numbers
   * come from them
   */
  begin(head: number, series: number): void {
    const [k0, k1] = this.random === undefined ? randomKey(this.seed, series) : [0, 0];
    this.heads.begin(head, k0, k1, this.forgets ? forms.FORGETTING : forms.ORDERS);
    this.heads.liftLimit(head, this.entries.keep === 0);
  }

  /** The head of a row. */
  head(i: number): number {
    return Math.imul(i, this.rows.width) + this.column;
  }

  /** Takes values from..to-1 of a list; see `Reservoirs.updateAll`. */
  takeAll(indices: Uint32Array, values: Float64Array, times: Float64Array, from: number, to: number): number {
    const { heads } = this;
    for (let k = from; k < to; k++) {
      const value = values[k]!;
      const t = times[k]!;
      if (value - value + (t - t) !== 0) return k;
      const head = this.head(indices[k]!);
      if (heads.isForgetting(head)) {
        const end = heads.forgetAll(this.column, indices, values, times, k, to);
        if (end > k) {
          k = end - 1;
          continue;
        }
        this.remember(head);
      }
      GIVEN[0] = value;
      GIVEN[1] = t;
      this.take(head);
    }
    return to;
  }

  /** Makes the entries the sample, the last value included, and gives their number. */
  settle(head: number): number {
    const { entries, heads } = this;
    if (heads.isForgetting(head)) return Math.min(heads.count(head), this.size);
    if (!this.newest) {
      entries.reduce(head);
    } else if (!heads.isEntered(head)) {
      const order = heads.lastOrder(head, this.alpha);
      heads.setEntered(head);
      entries.reduce(head);
      entries.enter(head, order, heads.last(head));
    }
    return heads.entries(head);
  }

  /** Gives equal values that were forgotten the entries that they are expected to have. */
  remember(head: number): void {
    const { entries, heads } = this;
    if (!heads.isForgetting(head)) return;
    const [first, last] = heads.span(head);
    const orders = expectedOrders(heads.count(head), first, last, this.alpha, this.size);
    heads.setForm(head, forms.ORDERS);
    heads.liftLimit(head, entries.keep === 0);
    for (const order of orders) entries.enter(head, order, heads.common(head));
    heads.setEntered(head);
  }

  /** Takes what is given. */
  private take(head: number): void {
    const { heads } = this;
    const value = GIVEN[0]!;
    const t = GIVEN[1]!;
    const u = this.random === undefined ? heads.random(head) : checked(this.random());
    const hopeless = heads.isHopeless(head, u, t);
    heads.countUp(head, 1);
    if (this.newest) {
      if (heads.isPending(head)) this.offer(head);
      heads.note(head, value, t, u, hopeless);
    } else if (!hopeless) {
      heads.note(head, value, t, u, false);
      this.offer(head);
    }
  }

  /** Makes the last value an entry unless it is behind the bar. */
  private offer(head: number): void {
    const { heads } = this;
    const value = heads.last(head);
    const order = heads.lastOrder(head, this.alpha);
    if (heads.isBarred(head, order, value)) heads.raiseLimit(head, this.alpha);
    else this.entries.enter(head, order, value);
  }
}

/** A generator that gives 0 (Math.random may) means a very small number; any other miss is a mistake. */
function checked(u: number): number {
  if (u > 0 && u < 1) return u;
  if (u === 0) return 2 ** -54;
  throw new RangeError(`random must give numbers in (0,1), not ${u}`);
}
