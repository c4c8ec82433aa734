import { TICK_SECONDS } from './ewma.ts';
import type { Rates } from './meter/ticking.ts';
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

/**
 * How long something takes, and how often it happens, for many series: a histogram of durations and a meter of their
 * number, side by side. The options are those of the histograms, of which `size` is 1028 by default, as of OpenZiti's
 * timers.
 *
 * A timer is named by the index that `add` gave; what others do is not defined.
 */
export class Timers {
  private readonly rows = new Rows();
  private readonly meters: Meters;
  private readonly histograms: Reservoirs;

  /** @throws RangeError for options outside of their ranges, as `Reservoirs` */
  constructor(options: ReservoirsOptions = {}) {
    this.meters = new Meters({}, this.rows);
    this.histograms = new Reservoirs({ ...options, size: options.size ?? 1028 }, this.rows);
  }

  /** How many there are. */
  get length(): number {
    return this.rows.length;
  }

  /**
   * Adds a timer.
   * @param start when its meter begins: seconds, the same clock as that of the updates
   * @param series integer, 0 to 2^53-1, different for every timer under one seed
   * @param firstTick when its first tick falls; the others follow every 5 s
   * @returns its index: 0, 1, 2, ...
   * @throws RangeError, MeasurementError, with nothing added, as `Reservoirs` and `Meters` do
   */
  add(start: number, series: number, firstTick = start + TICK_SECONDS): number {
    const i = this.rows.next();
    this.histograms.begin(i, series);
    this.meters.begin(i, start, series, firstTick);
    return this.rows.add();
  }

  /** Durations so far. */
  count(i: number): number {
    return this.histograms.count(i);
  }

  /**
   * Takes a duration.
   * @param duration finite; statistics come out in its unit
   * @param t seconds, finite
   * @throws MeasurementError, with nothing changed, if one of them is not finite
   */
  update(i: number, duration: number, t: number): void {
    this.histograms.update(i, duration, t);
    this.meters.mark(i, 1, t);
  }

  /**
   * Takes durations one after the other, as `update` does: faster, as there is no call for each.
   * @param indices of the timers; with `durations` and `times` a list of updates
   * @param from the first update to be made
   * @param to where to stop
   * @returns `to`, or the first update that is not finite, before which it stopped
   */
  updateAll(
    indices: Uint32Array,
    durations: Float64Array,
    times: Float64Array,
    from = 0,
    to = indices.length,
  ): number {
    const end = this.histograms.updateAll(indices, durations, times, from, to);
    this.meters.markAll(indices, ones(end), times, from, end);
    return end;
  }

  /** Statistics of the kept durations. */
  statistics(i: number): Statistics {
    return this.histograms.statistics(i);
  }

  /** Durations per second; see `Meters.rates`. */
  rates(i: number, t: number): Rates {
    return this.meters.rates(i, t);
  }

  /** The kept durations, ascending. */
  values(i: number): number[] {
    return this.histograms.values(i);
  }

  /** One percentile of the kept durations; see `Reservoirs.percentile`. */
  percentile(i: number, q: number): number {
    return this.histograms.percentile(i, q);
  }

  /** A copy of what a timer knows, for a checkpoint. */
  state(i: number): TimerState {
    return { histogram: this.histograms.state(i), meter: this.meters.state(i) };
  }

  /**
   * Goes on where `state` was taken, and forgets what came here before.
   * @param state of a timer with the same options and series
   * @throws RangeError if the state cannot come from such a timer
   */
  load(i: number, { histogram, meter }: TimerState): void {
    this.histograms.load(i, histogram);
    this.meters.load(i, meter);
  }
}

let allOnes = new Float64Array(1).fill(1);

/** At least n amounts of one. */
function ones(n: number): Float64Array {
  if (allOnes.length < n) allOnes = new Float64Array(2 * n).fill(1);
  return allOnes;
}
