import { Meter, type MeterState, type Rates } from './meter.ts';
import { Reservoir, type ReservoirOptions, type ReservoirState, type Statistics } from './reservoir.ts';

/** The sample's options, of which `size` is 1028 by default, and the meter's. */
export interface TimerOptions extends ReservoirOptions {
  /** when the meter begins: seconds, the same clock as that of the updates */
  start: number;
  /** when its first tick falls; default start + 5 */
  firstTick?: number;
}

/** Everything that a timer knows beyond its options. */
export interface TimerState {
  readonly histogram: ReservoirState;
  readonly meter: MeterState;
}

/** How long something takes, and how often it happens: a histogram of durations and a meter of their number. */
export class Timer {
  readonly #histogram: Reservoir;
  readonly #meter: Meter;

  /** @throws RangeError, MeasurementError for options outside of their ranges, as `Reservoir` and `Meter` do */
  constructor(options: TimerOptions) {
    this.#histogram = new Reservoir(sampled(options));
    this.#meter = new Meter(options);
  }

  /** Durations so far. */
  get count(): number {
    return this.#histogram.count;
  }

  /**
   * Takes a duration.
   * @param duration finite; statistics come out in its unit
   * @param t seconds, finite
   * @throws MeasurementError, with nothing changed, if one of them is not finite
   */
  update(duration: number, t: number): void {
    this.#histogram.update(duration, t);
    this.#meter.mark(1, t);
  }

  /** Statistics of the kept durations. */
  statistics(): Statistics {
    return this.#histogram.statistics();
  }

  /** Durations per second; see `Meter`. */
  rates(t: number): Rates {
    return this.#meter.rates(t);
  }

  /** The kept durations, ascending. */
  values(): number[] {
    return this.#histogram.values();
  }

  /** One percentile of the kept durations; see `Reservoir`. */
  percentile(q: number): number {
    return this.#histogram.percentile(q);
  }

  /** A copy of what it knows, for a checkpoint. */
  state(): TimerState {
    return { histogram: this.#histogram.state(), meter: this.#meter.state() };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a timer with the same options
   * @throws RangeError if the state cannot come from such a timer
   */
  load({ histogram, meter }: TimerState): void {
    this.#histogram.load(histogram);
    this.#meter.load(meter);
  }
}

/** Options without a size are those of OpenZiti's timers. */
function sampled(options: TimerOptions): ReservoirOptions {
  return { ...options, size: options.size ?? 1028 };
}
