import type { Rates, Ticks } from './meter/ticking.ts';
import { type MeterState, Meters } from './meters.ts';
import type { ReservoirsOptions } from './reservoir/reservoir-options.ts';
import type { Statistics } from './reservoir/statistics.ts';
import { type ReservoirState, Reservoirs } from './reservoirs.ts';
import { Rows } from './rows.ts';

/** Everything that a timer knows beyond its options. */
export interface TimerState {
  readonly histogram: ReservoirState;
  readonly meter: MeterState;
}

export interface TimersOptions extends ReservoirsOptions {
  /** as of `Meters` */
  ticks?: Ticks;
}

/**
 * How long something takes, and how often it happens, for many series: a histogram of durations and a meter of their
 * number, side by side. The options are those of the histograms, of which `size` is 1028 by default, as of OpenZiti's
 * timers. Times are in milliseconds.
 *
 * A timer is named by the index that `add` gave; what others do is not defined.
 */
export class Timers {
  private readonly rows = new Rows();
  private readonly meters: Meters;
  private readonly histograms: Reservoirs;

  /** @throws RangeError, MeasurementError for options outside of their ranges, as `Reservoirs` and `Meters` */
  constructor(options: TimersOptions = {}) {
    this.meters = new Meters({ ticks: options.ticks }, this.rows);
    this.histograms = new Reservoirs({ ...options, size: options.size ?? 1028 }, this.rows);
  }

  /** How many there are. */
  get length(): number {
    return this.rows.length;
  }

  /**
   * Adds a timer.
   * @returns its index: 0, 1, 2, ...
   */
  add(): number {
    const i = this.rows.next();
    this.histograms.begin(i);
    this.meters.begin(i);
    return this.rows.add();
  }

  /** Durations so far. */
  count(i: number): number {
    return this.histograms.count(i);
  }

  /**
   * Takes durations one after the other.
   * @param indices of the timers; with `durations`, `times` and `randoms` a list of updates
   * @param durations statistics come out in their unit
   * @param from the first update to be made
   * @param to where to stop
   * @returns `to`, or the first update that is not finite, before which it stopped
   */
  updateAll(
    indices: Uint32Array,
    durations: Float64Array,
    times: Float64Array,
    randoms: Float64Array,
    from = 0,
    to = indices.length,
  ): number {
    const end = this.histograms.updateAll(indices, durations, times, randoms, from, to);
    return this.meters.countAll(indices, times, from, end);
  }

  /** Takes durations that were sampled elsewhere; `takeTicks` tells how many in which tick. */
  takeSample(i: number, sample: ReservoirState, earliest: number): void {
    this.histograms.take(i, sample);
    this.meters.takeTimes(i, sample.count, earliest, earliest);
  }

  /** See `Meters.takeTicks`. */
  takeTicks(i: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    this.meters.takeTicks(i, ticks, marks, count);
  }

  /** Statistics of the kept durations. */
  statistics(i: number): Statistics {
    return this.histograms.statistics(i);
  }

  /** Durations per second; see `Meters.rates`. */
  rates(i: number, t: number): Rates {
    return this.meters.rates(i, t);
  }

  /** The kept durations, ascending; see `Reservoirs.sorted`. */
  sorted(i: number): Float64Array {
    return this.histograms.sorted(i);
  }

  /** One percentile of the kept durations; see `Reservoirs.percentile`. */
  percentile(i: number, q: number): number {
    return this.histograms.percentile(i, q);
  }

  /** A copy of what a timer knows. */
  state(i: number): TimerState {
    return { histogram: this.histograms.state(i), meter: this.meters.state(i) };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a timer with the same options
   * @throws RangeError if the state cannot come from such a timer
   */
  load(i: number, { histogram, meter }: TimerState): void {
    this.histograms.load(i, histogram);
    this.meters.load(i, meter);
  }

  /** Takes over what timer j of a pool with the same options knows, which stays as it is. */
  merge(i: number, other: Timers, j: number): void {
    this.histograms.merge(i, other.histograms, j);
    this.meters.merge(i, other.meters, j);
  }

  /** Takes over what a timer with the same options knew when its state was taken. */
  take(i: number, { histogram, meter }: TimerState): void {
    this.histograms.take(i, histogram);
    this.meters.take(i, meter);
  }

  /** Forgets what came so far. */
  begin(i: number): void {
    this.histograms.begin(i);
    this.meters.begin(i);
  }
}
