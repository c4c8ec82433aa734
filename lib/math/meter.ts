import type { Rates } from './meter/ticking.ts';
import { type MeterState, Meters } from './meters.ts';
import type { ReservoirOptions } from './reservoir/reservoir-options.ts';
import type { Statistics } from './reservoir/statistics.ts';

export interface MeterOptions {
  /** when the meter begins: seconds, the same clock as that of the marks */
  start: number;
  /** when the first tick falls; default start + 5. The others follow every 5 s */
  firstTick?: number;
  /** keep statistics of the marked amounts too; a meter that always marks the same amount keeps no sample for them */
  statistics?: boolean | ReservoirOptions;
}

/**
 * How often something happens: the mean since the start, and moving averages over 1, 5 and 15 minutes. A pool of one;
 * see `Meters` for what it does, and for many.
 */
export class Meter {
  readonly #pool: Meters;

  /** @throws MeasurementError if a time is not finite; RangeError for options of the statistics, as `Reservoir` */
  constructor({ start, firstTick, statistics = false }: MeterOptions) {
    this.#pool = new Meters({ statistics });
    const { series } = typeof statistics === 'object' ? statistics : {};
    this.#pool.add(start, series, firstTick);
  }

  /** The sum of all marks. */
  get count(): number {
    return this.#pool.count(0);
  }

  /**
   * Counts n events.
   * @param n finite; 0 and negative amounts are taken, as by go-metrics
   * @param t seconds, finite
   * @throws MeasurementError, with nothing changed, if one is not finite or the count would not be
   */
  mark(n: number, t: number): void {
    this.#pool.mark(0, n, t);
  }

  /**
   * The rates at t, after the ticks until then; see `Meters.rates`.
   * @param t seconds, finite
   * @throws MeasurementError if t is not finite
   */
  rates(t: number): Rates {
    return this.#pool.rates(0, t);
  }

  /**
   * Statistics of the amounts that were marked, where `count` is the number of marks.
   * @throws TypeError if the meter was made without `statistics`
   */
  statistics(): Statistics {
    return this.#pool.statistics(0);
  }

  /** A copy of what it knows, for a checkpoint. */
  state(): MeterState {
    return this.#pool.state(0);
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a meter with the same options
   * @throws RangeError, with nothing changed, if the state cannot come from such a meter
   */
  load(state: MeterState): void {
    this.#pool.load(0, state);
  }
}
