import { MeasurementError } from './errors.ts';
import { smoothingOver, TICK_SECONDS, tickedRate } from './ewma.ts';
import { Reservoir, type ReservoirOptions, type ReservoirState, type Statistics } from './reservoir.ts';

export interface MeterOptions {
  /** when the meter begins: seconds, the same clock as that of the marks */
  start: number;
  /** when the first tick falls; default start + 5. The others follow every 5 s */
  firstTick?: number;
  /** keep statistics of the marked amounts too; a meter that always marks the same amount keeps no sample for them */
  statistics?: boolean | ReservoirOptions;
}

/** Rates are per second. */
export interface Rates {
  /** the sum of all marks */
  count: number;
  mean_rate: number;
  m1_rate: number;
  m5_rate: number;
  m15_rate: number;
}

/** Everything that a meter knows beyond its options, as numbers: to be stored, and given to `load`. */
export interface MeterState {
  readonly numbers: Float64Array;
  readonly amounts?: ReservoirState;
}

/** Eight numbers are a typed array that V8 stores inside the object. */
const COUNT = 0;
const NEXT_TICK = 1;
/** marked since the last tick */
const UNCOUNTED = 2;
const START = 3;
const FIRST_TICK = 4;
/** rates per second, NaN before the first tick */
const M1 = 5;
const M5 = 6;
const M15 = 7;

const OVER_1 = smoothingOver(1);
const OVER_5 = smoothingOver(5);
const OVER_15 = smoothingOver(15);

/**
 * How often something happens: the mean since the start, and moving averages over 1, 5 and 15 minutes.
 *
 * Time is that of the marks: a meter ticks when a mark or a reading passes the next tick, first of all at `firstTick`.
 * A tick comes before a mark of the same instant; a mark from before the last tick counts as of now; any length of
 * silence costs the same.
 */
export class Meter {
  readonly #a = new Float64Array(8);
  readonly #amounts: Reservoir | undefined;

  /** @throws MeasurementError if a time is not finite; RangeError for options of the statistics, as `Reservoir` */
  constructor({ start, firstTick = start + TICK_SECONDS, statistics = false }: MeterOptions) {
    if (start - start + (firstTick - firstTick) !== 0) {
      throw new MeasurementError(
        `a meter must start and tick at finite times, not ${start} and ${firstTick}`,
      );
    }
    const a = this.#a;
    a[START] = start;
    a[FIRST_TICK] = firstTick;
    a[NEXT_TICK] = firstTick;
    a[M1] = a[M5] = a[M15] = NaN;
    const options = statistics === true ? {} : statistics;
    this.#amounts = options === false ? undefined : new Reservoir({ forgetEqual: true, ...options });
  }

  /** The sum of all marks. */
  get count(): number {
    return this.#a[COUNT]!;
  }

  /**
   * Counts n events.
   * @param n finite; 0 and negative amounts are taken, as by go-metrics
   * @param t seconds, finite
   * @throws MeasurementError, with nothing changed, if one is not finite or the count would not be
   */
  mark(n: number, t: number): void {
    const a = this.#a;
    const count = a[COUNT]! + n;
    if (count - count + (t - t) !== 0) {
      throw new MeasurementError(`a mark must be finite and leave a finite count, not ${n} at ${t} s`);
    }
    if (t >= a[NEXT_TICK]!) this.#advance(t);
    a[COUNT] = count;
    a[UNCOUNTED] = a[UNCOUNTED]! + n;
    if (this.#amounts !== undefined) this.#amounts.update(n, t);
  }

  /**
   * The rates at t, after the ticks until then. `mean_rate` is over t - start, and 0 at the start; the others are of
   * the last tick, and 0 before the first.
   * @param t seconds, finite
   * @throws MeasurementError if t is not finite
   */
  rates(t: number): Rates {
    if (t - t !== 0) throw new MeasurementError(`rates need a finite time, not ${t}`);
    const a = this.#a;
    if (t >= a[NEXT_TICK]!) this.#advance(t);
    const elapsed = t - a[START]!;
    const ticked = !Number.isNaN(a[M1]!);
    return {
      count: a[COUNT]!,
      mean_rate: elapsed > 0 ? a[COUNT]! / elapsed : 0,
      m1_rate: ticked ? a[M1]! : 0,
      m5_rate: ticked ? a[M5]! : 0,
      m15_rate: ticked ? a[M15]! : 0,
    };
  }

  /**
   * Statistics of the amounts that were marked, where `count` is the number of marks.
   * @throws TypeError if the meter was made without `statistics`
   */
  statistics(): Statistics {
    if (this.#amounts === undefined) throw new TypeError('this meter keeps no statistics: see its options');
    return this.#amounts.statistics();
  }

  /** A copy of what it knows, for a checkpoint. */
  state(): MeterState {
    const numbers = this.#a.slice();
    return this.#amounts === undefined ? { numbers } : { numbers, amounts: this.#amounts.state() };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a meter with the same options
   * @throws RangeError, with nothing changed, if the state cannot come from such a meter
   */
  load({ numbers, amounts }: MeterState): void {
    if (numbers.length !== this.#a.length || (this.#amounts === undefined) !== (amounts === undefined)) {
      throw new RangeError('no state of a meter with these options');
    }
    if (amounts !== undefined) this.#amounts?.load(amounts);
    this.#a.set(numbers);
  }

  /** Ticks up to t, which is not before the next tick. */
  #advance(t: number): void {
    const a = this.#a;
    const k = Math.floor((t - a[NEXT_TICK]!) / TICK_SECONDS) + 1;
    a[M1] = tickedRate(a[M1]!, a[UNCOUNTED]!, OVER_1, k);
    a[M5] = tickedRate(a[M5]!, a[UNCOUNTED]!, OVER_5, k);
    a[M15] = tickedRate(a[M15]!, a[UNCOUNTED]!, OVER_15, k);
    a[UNCOUNTED] = 0;
    // From the first tick each time, so that ticks do not drift by adding up roundings.
    const ticks = Math.round((a[NEXT_TICK]! - a[FIRST_TICK]!) / TICK_SECONDS) + k;
    a[NEXT_TICK] = a[FIRST_TICK]! + ticks * TICK_SECONDS;
  }
}
