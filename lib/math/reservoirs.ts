import { MeasurementError, MergeError } from './math-errors.ts';
import { forms, type Heads, STATE } from './reservoir/heads.ts';
import { type Admission, checkOptions, type ReservoirsOptions } from './reservoir/reservoir-options.ts';
import { Sampling } from './reservoir/sampling.ts';
import {
  noStatistics,
  percentileOf,
  type Statistics,
  statisticsOf,
  statisticsOfEqual,
} from './reservoir/statistics.ts';
import { Rows } from './rows.ts';

/** A list of one update. */
const INDEX = new Uint32Array(1);
const VALUE = new Float64Array(1);
const TIME = new Float64Array(1);

/** Everything that a reservoir knows beyond its options, as numbers: to be stored, and given to `load`. */
export interface ReservoirState {
  /** how the numbers are to be read */
  readonly form: number;
  readonly numbers: Float64Array;
}

/**
 * Exponentially decaying samples, many under common options: each keeps `size` values, recent ones more likely than old
 * ones, and answers with their statistics.
 *
 * A value that comes at t (seconds) with the random number u has the priority exp(alpha (t - t0)) / u, and those of the
 * highest priority stay: forward decay, G. Cormode, V. Shkapenyuk, D. Srivastava, B. Xu, "Forward decay: a practical
 * time decay model for streaming systems", ICDE 2009. Only the order counts, so its logarithm alpha t - ln u is kept:
 * it needs no landmark t0, never overflows, and a gap of years changes the weights and nothing else.
 *
 * Admission when full: with `priority` a new value enters if it is not itself the lowest, and the sample is that of
 * the paper. With `newest`, as go-metrics does it, the lowest leaves first and the new value always enters; which is
 * a `priority` sample of size - 1 of all values but the last, and the last.
 *
 * How it is fast: what belongs to one reservoir lies together (see `Rows`), and an update costs a constant (see
 * `Sampling` and `Entries`). Lists of updates are faster than one call for each.
 *
 * Memory, as `npm run bench -- math` measures it under Node 20 on 64 bits, at size 128: some 200 bytes for a series that
 * saw one value, 480 for 16, 2,300 for 128 and 3,300 for any more; 200, 360, 1,260 and 1,790 where all values are equal,
 * and 200 for any number of them with `forgetEqual`.
 *
 * Time and values are any finite numbers, and times may come in any order. A reservoir is named by the index that `add`
 * gave; what others do is not defined.
 */
export class Reservoirs {
  readonly size: number;
  readonly alpha: number;
  readonly admission: Admission;
  private readonly rows: Rows;
  private readonly sampling: Sampling;
  private readonly heads: Heads;

  /**
   * @param rows where they lie, if beside other parts of the same series; see `begin`
   * @throws RangeError for options outside of their ranges
   */
  constructor(options: ReservoirsOptions = {}, rows = new Rows()) {
    const { size = 128, alpha = 0.015, admission = 'newest' } = options;
    checkOptions({ size, alpha, admission });
    this.size = size;
    this.alpha = alpha;
    this.admission = admission;
    this.rows = rows;
    this.sampling = new Sampling(rows, { ...options, size, alpha });
    this.heads = this.sampling.heads;
  }

  /** How many there are. */
  get length(): number {
    return this.rows.length;
  }

  /**
   * Adds an empty reservoir.
   * @param series integer, 0 to 2^53-1, different for every reservoir under one seed
   * @returns its index: 0, 1, 2, ...
   * @throws RangeError, with nothing added, if seed or series is another number and no `random` was given
   */
  add(series: number): number {
    this.begin(this.rows.next(), series);
    return this.rows.add();
  }

  /** The part of `add` that belongs to the reservoir, for who adds a row of several parts. */
  begin(i: number, series: number): void {
    this.sampling.begin(this.sampling.head(i), series);
  }

  /** Updates of a reservoir so far, kept or not. */
  count(i: number): number {
    return this.heads.count(this.sampling.head(i));
  }

  /**
   * Offers a value.
   * @param value finite
   * @param t seconds, finite, from any origin; later updates may be older
   * @throws MeasurementError, with nothing changed, if one of them is not finite
   */
  update(i: number, value: number, t: number): void {
    INDEX[0] = i;
    VALUE[0] = value;
    TIME[0] = t;
    if (this.updateAll(INDEX, VALUE, TIME, 0, 1) === 1) return;
    throw new MeasurementError(`a measurement must be finite, not ${value} at ${t} s`);
  }

  /**
   * Offers values one after the other, as `update` does: faster, as there is no call for each.
   * @param indices of the reservoirs; with `values` and `times` a list of updates
   * @param from the first update to be made
   * @param to where to stop
   * @returns `to`, or the first update that is not finite, before which it stopped
   */
  updateAll(
    indices: Uint32Array,
    values: Float64Array,
    times: Float64Array,
    from = 0,
    to = indices.length,
  ): number {
    return this.sampling.takeAll(indices, values, times, from, to);
  }

  /**
   * Statistics of the kept values: `mean`, `variance` and `std_dev` of the population that they are, percentiles at
   * position p (n + 1) with the line between neighbours. Not a measure of all values that ever came, but for `count`.
   */
  statistics(i: number): Statistics {
    const count = this.count(i);
    if (count === 0) return noStatistics();
    const { entries } = this.sampling;
    const head = this.sampling.head(i);
    const n = this.sampling.settle(head);
    return this.heads.isMixed(head)
      ? statisticsOf(count, entries.values(head), n)
      : statisticsOfEqual(count, this.heads.common(head));
  }

  /**
   * One percentile of the kept values, 0 when there are none.
   * @param q 0 to 1; outside of it, the smallest and the largest
   * @throws MeasurementError if q is NaN
   */
  percentile(i: number, q: number): number {
    if (Number.isNaN(q)) throw new MeasurementError('a percentile needs a number, not NaN');
    if (this.count(i) === 0) return 0;
    const head = this.sampling.head(i);
    const n = this.sampling.settle(head);
    if (!this.heads.isMixed(head)) return this.heads.common(head);
    this.sampling.entries.values(head);
    return percentileOf(q, n);
  }

  /** The kept values, ascending. */
  values(i: number): number[] {
    const head = this.sampling.head(i);
    const n = this.sampling.settle(head);
    if (!this.heads.isMixed(head)) return new Array<number>(n).fill(this.heads.common(head));
    return Array.from(this.sampling.entries.values(head).subarray(0, n).sort());
  }

  /**
   * Takes over the sample of reservoir j of a pool, which stays as it is. If the two saw parts of a stream, this one is
   * now what it would be if it had seen the whole, whatever the parts and their order; but only under `priority`, where
   * a sample depends on the priorities alone.
   * @throws MergeError, with nothing changed, if one admits `newest`, or sizes or alphas differ, or both are one
   */
  merge(i: number, other: Reservoirs, j: number): void {
    const reason = other === this && i === j ? 'they are one' : this.obstacle(other);
    if (reason !== undefined) throw new MergeError(`these reservoirs cannot be merged: ${reason}`);
    if (other.count(j) === 0) return;
    other.sampling.remember(other.sampling.head(j));
    this.sampling.remember(this.sampling.head(i));
    const head = this.sampling.head(i);
    const mixed = other.heads.isMixed(other.sampling.head(j));
    const taken = other.state(j).numbers.subarray(STATE);
    for (let at = 0; at < taken.length; at += mixed ? 2 : 1) {
      const value = mixed ? taken[at + 1]! : other.heads.common(other.sampling.head(j));
      this.sampling.entries.enter(head, taken[at]!, value);
    }
    this.heads.countUp(head, other.count(j));
  }

  /** A copy of what a reservoir knows, for a checkpoint: it goes on from there to the same bits. */
  state(i: number): ReservoirState {
    const { entries } = this.sampling;
    const head = this.sampling.head(i);
    const numbers = new Float64Array(STATE + entries.length(head));
    numbers.set(this.heads.state(head));
    entries.copy(head, numbers.subarray(STATE));
    return { form: this.heads.form(head), numbers };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a reservoir with the same options and series; a `random` must stand where it stood then
   * @throws RangeError, with nothing changed, if the state cannot come from such a reservoir
   */
  load(i: number, { form, numbers }: ReservoirState): void {
    const { entries } = this.sampling;
    const n = (numbers.length - STATE) / (form === forms.PAIRS ? 2 : 1);
    const known = form === forms.ORDERS || form === forms.PAIRS || (form === forms.FORGETTING && n === 0);
    if (!known || !Number.isInteger(n) || n < 0 || n >= entries.most) {
      throw new RangeError(`no state of a reservoir of size ${this.size}`);
    }
    const head = this.sampling.head(i);
    this.heads.state(head).set(numbers.subarray(0, STATE));
    entries.replace(head, form, numbers.subarray(STATE));
  }

  private obstacle(other: Reservoirs): string | undefined {
    for (const { admission } of [this, other]) {
      if (admission !== 'priority') return `admission is ${admission}, where only priority has an order`;
    }
    if (this.size !== other.size) return `sizes are ${this.size} and ${other.size}`;
    if (this.alpha !== other.alpha) return `alphas are ${this.alpha} and ${other.alpha}`;
    return undefined;
  }
}
