import { TICK_SECONDS } from './ewma.ts';
import { MeasurementError } from './math-errors.ts';
import type { Rates } from './meter/ticking.ts';
import { drawsOf } from './random.ts';
import type { ReservoirOptions } from './reservoir/reservoir-options.ts';
import type { Statistics } from './reservoir/statistics.ts';
import { type TimerState, Timers } from './timers.ts';

/** The sample's options, of which `size` is 1028 by default, and the meter's. */
export interface TimerOptions extends ReservoirOptions {
  /** when the meter begins: seconds, the same clock as that of the updates */
  start: number;
  /** when its first tick falls; default start + 5 */
  firstTick?: number;
}

/**
 * How long something takes, and how often it happens: a histogram of durations and a meter of their number. A pool of
 * one; see `Timers` for many.
 */
export class Timer {
  readonly #pool: Timers;
  readonly #draw: (count: number) => number;
  /** A list of one update. */
  readonly #index = new Uint32Array(1);
  readonly #duration = new Float64Array(1);
  readonly #time = new Float64Array(1);
  readonly #random = new Float64Array(1);

  /** @throws RangeError, MeasurementError for options outside of their ranges, as `Reservoir` and `Meter` do */
  constructor(options: TimerOptions) {
    const { start, firstTick = start + TICK_SECONDS } = options;
    const ticks = { start: start * 1000, firstTick: firstTick * 1000 };
    this.#pool = new Timers({ ...options, ticks, laterStays: true });
    this.#draw = drawsOf(options);
    this.#pool.add();
  }

  /** Durations so far. */
  get count(): number {
    return this.#pool.count(0);
  }

  /**
   * Takes a duration.
   * @param duration finite; statistics come out in its unit
   * @param t seconds, finite
   * @throws MeasurementError, with nothing changed, if one of them is not finite
   */
  update(duration: number, t: number): void {
    this.#duration[0] = duration;
    this.#time[0] = t * 1000;
    if (duration - duration + (this.#time[0] - this.#time[0]) !== 0) {
      throw new MeasurementError(`a measurement must be finite, not ${duration} at ${t} s`);
    }
    this.#random[0] = this.#draw(this.#pool.count(0));
    this.#pool.updateAll(this.#index, this.#duration, this.#time, this.#random, 0, 1);
  }

  /** Statistics of the kept durations. */
  statistics(): Statistics {
    return this.#pool.statistics(0);
  }

  /** Durations per second; see `Meter`. */
  rates(t: number): Rates {
    return this.#pool.rates(0, t * 1000);
  }

  /** The kept durations, ascending. */
  values(): number[] {
    return Array.from(this.#pool.sorted(0));
  }

  /** One percentile of the kept durations; see `Reservoir`. */
  percentile(q: number): number {
    return this.#pool.percentile(0, q);
  }

  /** A copy of what it knows, for a checkpoint. */
  state(): TimerState {
    return this.#pool.state(0);
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a timer with the same options
   * @throws RangeError if the state cannot come from such a timer
   */
  load(state: TimerState): void {
    this.#pool.load(0, state);
  }
}
