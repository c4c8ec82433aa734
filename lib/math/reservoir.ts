import { MeasurementError } from './math-errors.ts';
import { drawsOf } from './random.ts';
import type { Admission, ReservoirOptions } from './reservoir/reservoir-options.ts';
import type { Statistics } from './reservoir/statistics.ts';
import { type ReservoirState, Reservoirs } from './reservoirs.ts';

/**
 * One exponentially decaying sample: it keeps `size` values, recent ones more likely than old ones, and answers with
 * their statistics. It is a pool of one; see `Reservoirs` for what it does. Each of its own costs a kilobyte more than
 * one of a pool, and where there are thousands of them, several times the time.
 */
export class Reservoir {
  readonly size: number;
  readonly alpha: number;
  readonly admission: Admission;
  readonly #pool: Reservoirs;
  readonly #draw: (count: number) => number;
  /** A list of one update. */
  readonly #index = new Uint32Array(1);
  readonly #value = new Float64Array(1);
  readonly #time = new Float64Array(1);
  readonly #random = new Float64Array(1);

  /** @throws RangeError for options outside of their ranges */
  constructor(options: ReservoirOptions = {}) {
    this.#pool = new Reservoirs({ ...options, laterStays: true });
    this.#draw = drawsOf(options);
    this.#pool.add();
    this.size = this.#pool.size;
    this.alpha = this.#pool.alpha;
    this.admission = this.#pool.admission;
  }

  /** Updates so far, kept or not. */
  get count(): number {
    return this.#pool.count(0);
  }

  /**
   * Offers a value.
   * @param value finite
   * @param t seconds, finite, from any origin; later updates may be older
   * @throws MeasurementError, with nothing changed, if one of them is not finite
   */
  update(value: number, t: number): void {
    this.#value[0] = value;
    this.#time[0] = t * 1000;
    if (value - value + (this.#time[0] - this.#time[0]) !== 0) {
      throw new MeasurementError(`a measurement must be finite, not ${value} at ${t} s`);
    }
    this.#random[0] = this.#draw(this.#pool.count(0));
    this.#pool.updateAll(this.#index, this.#value, this.#time, this.#random, 0, 1);
  }

  /** Statistics of the kept values; see `Reservoirs.statistics`. */
  statistics(): Statistics {
    return this.#pool.statistics(0);
  }

  /**
   * One percentile of the kept values, 0 when there are none.
   * @param q 0 to 1; outside of it, the smallest and the largest
   * @throws MeasurementError if q is NaN
   */
  percentile(q: number): number {
    return this.#pool.percentile(0, q);
  }

  /** The kept values, ascending. */
  values(): number[] {
    return Array.from(this.#pool.sorted(0));
  }

  /**
   * Takes over the sample of another reservoir, which stays as it is: see `Reservoirs.merge`. Of two newest values at one
   * time, the one of the greater random number stays.
   * @throws MergeError, with nothing changed, if admissions, sizes or alphas differ, or both are one
   */
  merge(other: Reservoir): void {
    this.#pool.merge(0, other.#pool, 0);
  }

  /** A copy of what it knows, for a checkpoint: it goes on from there to the same bits. */
  state(): ReservoirState {
    return this.#pool.state(0);
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a reservoir with the same options; a `random` must stand where it stood then
   * @throws RangeError, with nothing changed, if the state cannot come from such a reservoir
   */
  load(state: ReservoirState): void {
    this.#pool.load(0, state);
  }
}
