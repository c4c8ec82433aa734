import { TICK_SECONDS } from './ewma.ts';
import { MeasurementError } from './math-errors.ts';
import { METER, type Rates, Ticking } from './meter/ticking.ts';
import type { ReservoirsOptions } from './reservoir/reservoir-options.ts';
import type { Statistics } from './reservoir/statistics.ts';
import { type ReservoirState, Reservoirs } from './reservoirs.ts';
import { Rows } from './rows.ts';

/** What meters of one pool have in common. */
export interface MetersOptions {
  /** keep statistics of the marked amounts too; a meter that always marks the same amount keeps no sample for them */
  statistics?: boolean | ReservoirsOptions;
}

/** Everything that a meter knows beyond its options, as numbers: to be stored, and given to `load`. */
export interface MeterState {
  readonly numbers: Float64Array;
  readonly amounts?: ReservoirState;
}

/** A list of one mark. */
const INDEX = new Uint32Array(1);
const AMOUNT = new Float64Array(1);
const TIME = new Float64Array(1);

/**
 * How often something happens, for many series: the mean since the start, and moving averages over 1, 5 and 15 minutes.
 *
 * Time is that of the marks: a meter ticks when a mark or a reading passes the next tick, first of all at `firstTick`.
 * A tick comes before a mark of the same instant; a mark from before the last tick counts as of now; any length of
 * silence costs the same.
 *
 * A meter is named by the index that `add` gave; what others do is not defined.
 */
export class Meters {
  private readonly rows: Rows;
  private readonly ticking: Ticking;
  private readonly amounts: Reservoirs | undefined;

  /**
   * @param rows where they lie, if beside other parts of the same series; see `begin`
   * @throws RangeError for options of the statistics, as `Reservoirs`
   */
  constructor({ statistics = false }: MetersOptions = {}, rows = new Rows()) {
    this.rows = rows;
    this.ticking = new Ticking(rows);
    const options = statistics === true ? {} : statistics;
    this.amounts = options === false ? undefined : new Reservoirs({ forgetEqual: true, ...options }, rows);
  }

  /** How many there are. */
  get length(): number {
    return this.rows.length;
  }

  /**
   * Adds a meter.
   * @param start when it begins: seconds, the same clock as that of the marks
   * @param series of the statistics, as `Reservoirs.add`
   * @param firstTick when its first tick falls; the others follow every 5 s
   * @returns its index: 0, 1, 2, ...
   * @throws MeasurementError, with nothing added, if a time is not finite; RangeError as `Reservoirs.add`
   */
  add(start: number, series = 0, firstTick = start + TICK_SECONDS): number {
    this.begin(this.rows.next(), start, series, firstTick);
    return this.rows.add();
  }

  /** The part of `add` that belongs to the meter, for who adds a row of several parts. */
  begin(i: number, start: number, series: number, firstTick: number): void {
    if (start - start + (firstTick - firstTick) !== 0) {
      throw new MeasurementError(
        `a meter must start and tick at finite times, not ${start} and ${firstTick}`,
      );
    }
    this.amounts?.begin(i, series);
    this.ticking.begin(i, start, firstTick);
  }

  /** The sum of all marks. */
  count(i: number): number {
    return this.ticking.count(i);
  }

  /**
   * Counts n events.
   * @param n finite; 0 and negative amounts are taken, as by go-metrics
   * @param t seconds, finite
   * @throws MeasurementError, with nothing changed, if one is not finite or the count would not be
   */
  mark(i: number, n: number, t: number): void {
    INDEX[0] = i;
    AMOUNT[0] = n;
    TIME[0] = t;
    if (this.markAll(INDEX, AMOUNT, TIME, 0, 1) === 1) return;
    throw new MeasurementError(`a mark must be finite and leave a finite count, not ${n} at ${t} s`);
  }

  /**
   * Counts events one after the other, as `mark` does: faster, as there is no call for each.
   * @param indices of the meters; with `amounts` and `times` a list of marks
   * @param from the first mark to be made
   * @param to where to stop
   * @returns `to`, or the first mark that `mark` would refuse, before which it stopped
   */
  markAll(
    indices: Uint32Array,
    amounts: Float64Array,
    times: Float64Array,
    from = 0,
    to = indices.length,
  ): number {
    const end = this.ticking.countAll(indices, amounts, times, from, to);
    if (this.amounts !== undefined) this.amounts.updateAll(indices, amounts, times, from, end);
    return end;
  }

  /**
   * The rates at t, after the ticks until then. `mean_rate` is over t - start, and 0 at the start; the others are of
   * the last tick, and 0 before the first.
   * @param t seconds, finite
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

  /** A copy of what a meter knows, for a checkpoint. */
  state(i: number): MeterState {
    const numbers = this.ticking.state(i).slice();
    return this.amounts === undefined ? { numbers } : { numbers, amounts: this.amounts.state(i) };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a meter with the same options
   * @throws RangeError, with nothing changed, if the state cannot come from such a meter
   */
  load(i: number, { numbers, amounts }: MeterState): void {
    if (numbers.length !== METER || (this.amounts === undefined) !== (amounts === undefined)) {
      throw new RangeError('no state of a meter with these options');
    }
    if (amounts !== undefined) this.amounts?.load(i, amounts);
    this.ticking.state(i).set(numbers);
  }
}
