import { MeasurementError } from './math-errors.ts';
import { Amounts, type AmountsState } from './meter/amounts.ts';
import { type Rates, Ticking, type TickingState, type Ticks } from './meter/ticking.ts';
import type { ReservoirsOptions } from './reservoir/reservoir-options.ts';
import type { Statistics } from './reservoir/statistics.ts';
import { Rows } from './rows.ts';

/** What meters of one pool have in common. */
export interface MetersOptions {
  /** keep statistics of the marked amounts too; see `Amounts` */
  statistics?: boolean | ReservoirsOptions;
  /** when they begin; without it each with its earliest mark, and ticks fall on multiples of 5 s of the epoch */
  ticks?: Ticks | undefined;
}

/** Everything that a meter knows beyond its options: to be stored, given to `load`, or merged. */
export interface MeterState extends TickingState {
  readonly amounts?: AmountsState;
}

/**
 * How often something happens, for many series: the mean since the start, and moving averages over 1, 5 and 15 minutes.
 *
 * Time is that of the marks, in milliseconds, in any order; a tick comes before a mark of the same instant, and any
 * length of silence costs the same. What a meter says is a function of the set of its marks and of the time at which it
 * is read, and the states of parts add up to that of the whole: counts and statistics to the last bit, rates to 1e-12.
 *
 * A meter is named by the index that `add` gave; what others do is not defined.
 */
export class Meters {
  private readonly rows: Rows;
  private readonly ticking: Ticking;
  private readonly amounts: Amounts | undefined;

  /**
   * @param rows where they lie, if beside other parts of the same series; see `begin`
   * @throws RangeError for options of the statistics, as `Reservoirs`; MeasurementError for times that are not finite
   */
  constructor({ statistics = false, ticks }: MetersOptions = {}, rows = new Rows()) {
    if (ticks !== undefined && !(Number.isFinite(ticks.start) && Number.isFinite(ticks.firstTick))) {
      throw new MeasurementError('a meter must start and tick at finite times');
    }
    this.rows = rows;
    this.ticking = new Ticking(rows, ticks);
    const options = statistics === true ? {} : statistics;
    this.amounts = options === false ? undefined : new Amounts(options, rows);
  }

  /** How many there are. */
  get length(): number {
    return this.rows.length;
  }

  /**
   * Adds a meter.
   * @returns its index: 0, 1, 2, ...
   */
  add(): number {
    this.begin(this.rows.next());
    return this.rows.add();
  }

  /** The part of `add` that belongs to the meter, for who adds a row of several parts. */
  begin(i: number): void {
    this.ticking.begin(i);
    this.amounts?.begin(i);
  }

  /** The sum of all marks. */
  count(i: number): number {
    return this.ticking.count(i);
  }

  /**
   * Counts one event after the other.
   * @param indices of the meters; with `times` a list of marks
   * @param from the first mark to be made
   * @param to where to stop
   * @returns `to`, or the first mark whose time is not finite, before which it stopped
   */
  countAll(indices: Uint32Array, times: Float64Array, from = 0, to = indices.length): number {
    const end = this.ticking.countAll(indices, undefined, times, from, to);
    this.amounts?.countAll(indices, times, from, end);
    return end;
  }

  /**
   * Takes events that were counted by tick elsewhere, of meters that tick with the epoch; `takeTimes` tells the rest.
   * @param ticks floor(time / 5000), ascending; with `marks` the first `count` of longer arrays
   */
  takeTicks(i: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    this.ticking.takeTicks(i, ticks, marks, count);
  }

  /** Takes the times of the earliest and the latest of so many events that are given to `takeTicks`. */
  takeTimes(i: number, count: number, earliest: number, latest: number): void {
    this.ticking.startNoLater(i, earliest);
    this.amounts?.takeOnes(i, count, earliest, latest);
  }

  /**
   * Counts amounts of events one after the other.
   * @param indices of the meters; with `amounts`, `times` and, if there are statistics, `randoms` a list of marks.
   * Amounts of 0 and less are taken, as by go-metrics
   * @param from the first mark to be made
   * @param to where to stop
   * @returns `to`, or the first mark that is not finite, before which it stopped
   */
  markAll(
    indices: Uint32Array,
    amounts: Float64Array,
    times: Float64Array,
    randoms: Float64Array,
    from = 0,
    to = indices.length,
  ): number {
    const end = this.ticking.countAll(indices, amounts, times, from, to);
    this.amounts?.markAll(indices, amounts, times, randoms, from, end);
    return end;
  }

  /**
   * The rates at t, after the ticks until then. `mean_rate` is over t less the start, and 0 at the start; the others are
   * of the last tick, and 0 before the first. A time before the latest mark gives the rates of that mark's last tick.
   * @param t milliseconds, finite
   * @throws MeasurementError if t is not finite
   */
  rates(i: number, t: number): Rates {
    if (t - t !== 0) throw new MeasurementError(`rates need a finite time, not ${t}`);
    return this.ticking.ratesAt(i, t);
  }

  /**
   * Statistics of the amounts that were marked, where `count` is the number of marks.
   * @throws TypeError if the meters were made without `statistics`
   */
  statistics(i: number): Statistics {
    if (this.amounts === undefined) throw new TypeError('this meter keeps no statistics: see its options');
    return this.amounts.statistics(i);
  }

  /** A copy of what a meter knows. */
  state(i: number): MeterState {
    const ticking = this.ticking.state(i);
    return this.amounts === undefined ? ticking : { ...ticking, amounts: this.amounts.state(i) };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a meter with the same options
   * @throws RangeError, with nothing changed, if the state cannot come from such a meter
   */
  load(i: number, state: MeterState): void {
    if ((this.amounts === undefined) !== (state.amounts === undefined)) {
      throw new RangeError('no state of a meter with these options');
    }
    this.ticking.load(i, state);
    if (state.amounts !== undefined) this.amounts?.load(i, state.amounts);
  }

  /** Adds the marks of meter j of a pool with the same options, which stays as it is. */
  merge(i: number, other: Meters, j: number): void {
    this.take(i, other.state(j));
  }

  /** Adds the marks that a meter with the same options had when its state was taken. */
  take(i: number, state: MeterState): void {
    if (state.amounts !== undefined) this.amounts?.take(i, state.amounts);
    this.ticking.merge(i, state);
  }
}
