import type { Rates } from './meter/ticking.ts';
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

  /** @throws RangeError, MeasurementError for options outside of their ranges, as `Reservoir` and `Meter` do */
  constructor(options: TimerOptions) {
    this.#pool = new Timers(options);
    this.#pool.add(options.start, options.series ?? 0, options.firstTick);
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
    this.#pool.update(0, duration, t);
  }

  /** Statistics of the kept durations. */
  statistics(): Statistics {
    return this.#pool.statistics(0);
  }

  /** Durations per second; see `Meter`. */
  rates(t: number): Rates {
    return this.#pool.rates(0, t);
  }

  /** The kept durations, ascending. */
  values(): number[] {
    return this.#pool.values(0);
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
