import { MeasurementError, MergeError } from './math-errors.ts';
import { type Admission, checkOptions, type ReservoirsOptions } from './reservoir/reservoir-options.ts';
import { type Sample, Sampling } from './reservoir/sampling.ts';
import {
  noStatistics,
  percentileOf,
  type Statistics,
  statisticsOf,
  statisticsOfEqual,
} from './reservoir/statistics.ts';
import { Rows } from './rows.ts';
import { sortPairs } from './select.ts';
import { Sorting } from './sorting.ts';

/** Everything that a reservoir knows beyond its options: to be stored, given to `load`, or merged. */
export interface ReservoirState extends Sample {
  /** Updates so far. */
  readonly count: number;
}

/**
 * Exponentially decaying samples, many under common options: each keeps `size` values, recent ones more likely than old
 * ones, and answers with their statistics.
 *
 * A value that comes at t with the random number u has the priority exp(alpha (t - t0)) / u, and those of the highest
 * priority stay: forward decay, G. Cormode, V. Shkapenyuk, D. Srivastava, B. Xu, "Forward decay: a practical time decay
 * model for streaming systems", ICDE 2009. Only the order counts, so its logarithm alpha t - ln u is kept: it needs no
 * landmark t0, never overflows, and a gap of years changes the weights and nothing else.
 *
 * With the admission `priority` those of the highest priority stay, and the sample is that of the paper. With `newest`
 * the newest value stays whatever its priority, and of the others the size - 1 of the highest: what go-metrics keeps of
 * values that come in the order of their times. Either way the sample is a function of the set of (value, time, random
 * number), not of their order, so the samples of parts merge to that of the whole.
 *
 * How it is fast: what belongs to one reservoir lies together (see `Rows`), and an update costs a constant (see
 * `Sampling` and `Entries`). Lists of updates are faster than one call for each.
 *
 * Memory, as `npm run bench -- math` measures it under Node 20 on 64 bits, at size 128: some 90 bytes for a series that
 * saw one value, 370 for 16, 2,300 for 128 and 3,300 for any more; 90, 280, 1,260 and 1,800 where all values are equal.
 *
 * Time and values are any finite numbers, times in milliseconds in any order, random numbers uniform in (0,1). A
 * reservoir is named by the index that `add` gave; what others do is not defined.
 */
export class Reservoirs {
  readonly size: number;
  readonly alpha: number;
  readonly admission: Admission;
  private readonly rows: Rows;
  private readonly sampling: Sampling;
  /** The values of one sample; made when they are asked for. */
  private values: Float64Array | undefined;
  private sorting: Sorting | undefined;

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
    this.sampling = new Sampling(rows, { ...options, size, alpha, admission });
  }

  /** How many there are. */
  get length(): number {
    return this.rows.length;
  }

  /**
   * Adds an empty reservoir.
   * @returns its index: 0, 1, 2, ...
   */
  add(): number {
    this.begin(this.rows.next());
    return this.rows.add();
  }

  /** The part of `add` that belongs to the reservoir, for who adds a row of several parts. */
  begin(i: number): void {
    this.sampling.begin(this.sampling.head(i));
  }

  /** Updates of a reservoir so far, kept or not. */
  count(i: number): number {
    return this.sampling.heads.count(this.sampling.head(i));
  }

  /**
   * Offers values one after the other.
   * @param indices of the reservoirs; with `values`, `times` and `randoms` a list of updates
   * @param from the first update to be made
   * @param to where to stop
   * @returns `to`, or the first update that is not finite, before which it stopped
   */
  updateAll(
    indices: Uint32Array,
    values: Float64Array,
    times: Float64Array,
    randoms: Float64Array,
    from = 0,
    to = indices.length,
  ): number {
    return this.sampling.takeAll(indices, values, times, randoms, from, to);
  }

  /**
   * Statistics of the kept values: `mean`, `variance` and `std_dev` of the population that they are, percentiles at
   * position p (n + 1) with the line between neighbours. Not a measure of all values that ever came, but for `count`.
   */
  statistics(i: number): Statistics {
    const count = this.count(i);
    if (count === 0) return noStatistics();
    const head = this.sampling.head(i);
    if (this.sampling.isEqual(head)) return statisticsOfEqual(count, this.sampling.common(head));
    return statisticsOf(count, this.sorted(i));
  }

  /**
   * One percentile of the kept values, 0 when there are none.
   * @param q 0 to 1; outside of it, the smallest and the largest
   * @throws MeasurementError if q is NaN
   */
  percentile(i: number, q: number): number {
    if (Number.isNaN(q)) throw new MeasurementError('a percentile needs a number, not NaN');
    return this.count(i) === 0 ? 0 : percentileOf(q, this.sorted(i));
  }

  /** The kept values, ascending; valid until values of another are asked for. */
  sorted(i: number): Float64Array {
    const head = this.sampling.head(i);
    const n = this.sampling.settle(head);
    this.values ??= new Float64Array(this.size);
    this.sorting ??= new Sorting(this.size);
    this.sampling.copyValues(head, this.values);
    return this.sorting.sort(this.values.subarray(0, n));
  }

  /**
   * Takes over the sample of reservoir j of a pool, which stays as it is. If the two saw parts of a stream, this one is
   * now what it would be if it had seen the whole, whatever the parts and their order.
   * @throws MergeError, with nothing changed, if admissions, sizes or alphas differ, or both are one
   */
  merge(i: number, other: Reservoirs, j: number): void {
    const reason = other === this && i === j ? 'they are one' : this.obstacle(other);
    if (reason !== undefined) throw new MergeError(`these reservoirs cannot be merged: ${reason}`);
    this.take(i, other.state(j));
  }

  /** A copy of what a reservoir knows; equal for equal samples, however they came about. */
  state(i: number): ReservoirState {
    const sample = this.sampling.sample(this.sampling.head(i));
    sortPairs(sample.entries);
    return { count: this.count(i), ...sample };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a reservoir with the same options
   * @throws RangeError, with nothing changed, if the state cannot come from such a reservoir
   */
  load(i: number, state: ReservoirState): void {
    const kept = state.entries.length / 2 + Number(state.newest !== undefined);
    const wrong =
      !Number.isInteger(kept) ||
      kept > Math.min(this.size, state.count) ||
      (this.admission === 'newest' && state.count > 0) !== (state.newest !== undefined);
    if (wrong) throw new RangeError(`no state of a reservoir of size ${this.size}`);
    this.begin(i);
    this.take(i, state);
  }

  /** Takes over the sample of a part of the stream that was kept elsewhere, under the same options. */
  take(i: number, state: ReservoirState): void {
    const head = this.sampling.head(i);
    this.sampling.join(head, state);
    this.sampling.heads.countUp(head, state.count);
  }

  private obstacle(other: Reservoirs): string | undefined {
    if (this.admission !== other.admission) return `admissions are ${this.admission} and ${other.admission}`;
    if (this.size !== other.size) return `sizes are ${this.size} and ${other.size}`;
    if (this.alpha !== other.alpha) return `alphas are ${this.alpha} and ${other.alpha}`;
    return undefined;
  }
}
