import { TICK_SECONDS } from './ewma.ts';
import { MeasurementError } from './math-errors.ts';
import type { Rates } from './meter/ticking.ts';
import { type MeterState, Meters } from './meters.ts';
import { type DrawOptions, drawsOf } from './random.ts';
import type { ReservoirOptions } from './reservoir/reservoir-options.ts';
import type { Statistics } from './reservoir/statistics.ts';

export interface MeterOptions {
  /** when the meter begins: seconds, the same clock as that of the marks */
  start: number;
  /** when the first tick falls; default start + 5. The others follow every 5 s */
  firstTick?: number;
  /** keep statistics of the marked amounts too; a meter that always marks 1 keeps no sample for them */
  statistics?: boolean | ReservoirOptions;
}

/**
 * How often something happens: the mean since the start, and moving averages over 1, 5 and 15 minutes. A pool of one;
 * see `Meters` for what it does, and for many. Marks from before the first tick belong to it, however early they are.
 */
export class Meter {
  readonly #pool: Meters;
  readonly #draw: (count: number) => number;
  #marks = 0;
  /** A list of one mark. */
  readonly #index = new Uint32Array(1);
  readonly #amount = new Float64Array(1);
  readonly #time = new Float64Array(1);
  readonly #random = new Float64Array(1);

  /** @throws MeasurementError if a time is not finite; RangeError for options of the statistics, as `Reservoir` */
  constructor({ start, firstTick = start + TICK_SECONDS, statistics = false }: MeterOptions) {
    const options: DrawOptions = typeof statistics === 'object' ? statistics : {};
    const ticks = { start: start * 1000, firstTick: firstTick * 1000 };
    const sampled = typeof statistics === 'object' ? { ...statistics, laterStays: true } : statistics;
    this.#pool = new Meters({ statistics: sampled, ticks });
    this.#draw = drawsOf(options);
    this.#pool.add();
  }

  /** The sum of all marks, rounded once: see `ExactSums`. */
  get count(): number {
    return this.#pool.count(0);
  }

  /**
   * Counts n events.
   * @param n finite; 0 and negative amounts are taken, as by go-metrics
   * @param t seconds, finite
   * @throws MeasurementError, with nothing changed, if one is not finite
   */
  mark(n: number, t: number): void {
    this.#amount[0] = n;
    this.#time[0] = t * 1000;
    if (n - n + (this.#time[0] - this.#time[0]) !== 0) {
      throw new MeasurementError(`a mark must be finite, not ${n} at ${t} s`);
    }
    if (n === 1) {
      this.#pool.countAll(this.#index, this.#time, 0, 1);
    } else {
      this.#random[0] = this.#draw(this.#marks);
      this.#pool.markAll(this.#index, this.#amount, this.#time, this.#random, 0, 1);
    }
    this.#marks++;
  }

  /**
   * The rates at t, after the ticks until then; see `Meters.rates`.
   * @param t seconds, finite
   * @throws MeasurementError if t is not finite
   */
  rates(t: number): Rates {
    return this.#pool.rates(0, t * 1000);
  }

  /**
   * Statistics of the amounts that were marked, where `count` is the number of marks.
   * @throws TypeError if the meter was made without `statistics`
   */
  statistics(): Statistics {
    return this.#pool.statistics(0);
  }

  /** A copy of what it knows, for a checkpoint. */
  state(): MeterState & { readonly marks: number } {
    return { ...this.#pool.state(0), marks: this.#marks };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a meter with the same options
   * @throws RangeError, with nothing changed, if the state cannot come from such a meter
   */
  load({ marks, ...state }: MeterState & { readonly marks: number }): void {
    this.#pool.load(0, state);
    this.#marks = marks;
  }
}
