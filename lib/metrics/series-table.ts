import { nextRoom, stretched } from '../math/growth.ts';
import { RecordRandom } from '../math/identity/record-random.ts';
import type { Rates } from '../math/meter/ticking.ts';
import type { ReservoirsOptions } from '../math/reservoir/reservoir-options.ts';
import { noStatistics, type Statistics } from '../math/reservoir/statistics.ts';
import type { SeriesFigures } from './family.ts';
import type { Measurements } from './measurements.ts';
import type { SeriesKey } from './series-key.ts';
import type { SeriesLabels } from './series-labels.ts';
import type { CommonState, SeriesState } from './series-state.ts';
import type { Span } from './span.ts';

/** Series that a new table has room for. */
const FIRST_ROOM = 64;

/** Which series a table has. */
export interface SeriesNames {
  /** Of every series the values of the metric's labels, by index. Tables that differ in what they know may share it. */
  readonly labels: SeriesLabels;
  /** What tells the series with these labels from others: see series-key.ts. */
  keyOf(labels: readonly string[]): SeriesKey;
}

/** The samples of a metric's series. */
export type SampleOptions = Required<Pick<ReservoirsOptions, 'size' | 'alpha' | 'admission'>>;

/**
 * All series of one metric, by index in the order in which they appeared. What is known of them lies in typed arrays
 * over all of them: thousands of objects would be a dozen cache lines for every measurement. Times are milliseconds of
 * event time. What is known of a series is a function of the set of its measurements, whatever their order.
 */
export abstract class SeriesTable {
  readonly names: SeriesNames;
  length = 0;
  private updated: Float64Array = new Float64Array(FIRST_ROOM);
  private changed: Uint8Array = new Uint8Array(FIRST_ROOM);
  /** Of every series its key, lower and upper half: made when it is needed, as most are sampled where records are read. */
  private keys: Int32Array = new Int32Array(2 * FIRST_ROOM);
  private hasKey: Uint8Array = new Uint8Array(FIRST_ROOM);
  /**
   * The same series, with what came since the last report alone; undefined where reports are not of that, and of gauges,
   * which have no other value than the present one.
   */
  readonly recent: SeriesTable | undefined;
  private readonly random = new RecordRandom();
  /** Told of all that is taken here, while the measurements are what they were given as. */
  watch: ((measured: Measurements, span: Span, moves: boolean) => void) | undefined;

  constructor(names: SeriesNames, recent?: SeriesTable) {
    this.names = names;
    this.recent = recent;
  }

  /** Whether it is known that no value was anything but an integer. */
  get isOfIntegers(): boolean {
    return false;
  }

  /**
   * A new series.
   * @returns its index
   */
  add(labels: readonly string[]): number {
    this.openNext();
    return this.names.labels.add(labels);
  }

  /** The values of a series' labels. */
  labels(index: number): string[] {
    return this.names.labels.texts(index);
  }

  private openNext(): void {
    const index = this.length++;
    if (index === this.updated.length) {
      const room = nextRoom(index);
      this.updated = stretched(this.updated, room);
      this.changed = stretched(this.changed, room);
      this.keys = stretched(this.keys, 2 * room);
      this.hasKey = stretched(this.hasKey, room);
    }
    this.updated[index] = -Infinity;
    this.open(index);
    this.recent?.openNext();
  }

  /**
   * Takes measurements.
   * @param moves whether gauges are moved instead of set
   * @returns how many moves are refused, as what is set is not moved
   */
  recordAll(measured: Measurements, span: Span, moves = false): number {
    this.draw(measured, span);
    const refused = this.take(measured, moves);
    this.note(measured, span.touched);
    this.recent?.takeAlike(measured, span);
    this.watch?.(measured, span, moves);
    return refused;
  }

  /** Takes what another table has taken, whose random numbers are of the same series. */
  private takeAlike(measured: Measurements, span: Span): void {
    this.take(measured, false);
    this.note(measured, span.touched);
  }

  /** Takes a 1 for each measurement, which no series refuses. */
  countAll(measured: Measurements, span: Span): void {
    measured.values.fill(1, 0, measured.count);
    this.recordAll(measured, span);
  }

  /** Fills in the random numbers. */
  private draw({ count, randoms, rows, series }: Measurements, { batch, hashes }: Span): void {
    hashes.make(batch, rows.subarray(0, count));
    const { hasKey, keys, random } = this;
    const { words } = hashes;
    for (let k = 0; k < count; k++) {
      if (hasKey[series[k]!] === 0) this.makeKey(series[k]!);
      const key = 2 * series[k]!;
      const record = 2 * rows[k]!;
      randoms[k] = random.of(keys[key]!, keys[key + 1]!, words[record]!, words[record + 1]!);
    }
  }

  private makeKey(index: number): void {
    const { low, high } = this.names.keyOf(this.labels(index));
    this.keys[2 * index] = low;
    this.keys[2 * index + 1] = high;
    this.hasKey[index] = 1;
  }

  protected note({ count, series, times, rows }: Measurements, touched: Uint8Array): void {
    const { changed, updated } = this;
    for (let k = 0; k < count; k++) {
      const index = series[k]!;
      const at = times[k]!;
      changed[index] = 1;
      if (at > updated[index]!) updated[index] = at;
      touched[rows[k]!] = 1;
    }
  }

  /** Notes measurements that were taken elsewhere, the latest of that time. */
  protected noteTaken(index: number, last: number): void {
    this.changed[index] = 1;
    if (last > this.updated[index]!) this.updated[index] = last;
  }

  /** When it was touched last: what `expireAfter` is measured from. */
  updatedAt(index: number): number {
    return this.updated[index]!;
  }

  /** Whether it was touched since the last call. */
  takeChanged(index: number): boolean {
    const changed = this.changed[index] === 1;
    this.changed[index] = 0;
    return changed;
  }

  /** Whether anything was measured since it was made or begun anew. */
  isEmpty(index: number): boolean {
    return this.updated[index] === Number.NEGATIVE_INFINITY;
  }

  /** A copy of what a series knows. */
  state(index: number): SeriesState {
    return this.stateOf(index, { updated: this.updated[index]!, changed: this.changed[index] === 1 });
  }

  /**
   * Takes over what a series of the same metric knew that saw another part of the records.
   * @param isRecent whether all of it came since the last report
   * @throws RangeError, with nothing changed, if the state is of another kind of series
   */
  merge(index: number, state: SeriesState, isRecent = true): void {
    this.mergeState(index, state);
    if (isRecent) this.recent?.merge(index, state);
    if (state.updated > this.updated[index]!) this.updated[index] = state.updated;
    if (state.changed) this.changed[index] = 1;
  }

  /** Forgets what came so far; the series stays. */
  begin(index: number): void {
    this.updated[index] = Number.NEGATIVE_INFINITY;
    this.changed[index] = 0;
    this.forget(index);
    this.recent?.begin(index);
  }

  /** What is known of all series together; empty if nothing is. */
  together(): readonly number[] {
    return [];
  }

  /**
   * Takes over what another table of the metric knew of all its series together. To be called before series are merged.
   * @returns how many moves are refused, as what is set is not moved
   */
  mergeTogether(_state: readonly number[]): number {
    return 0;
  }

  /** Forgets what `together` says of the measurements that came so far. */
  beginTogether(): void {}

  protected abstract open(index: number): void;
  protected abstract stateOf(index: number, common: CommonState): SeriesState;
  protected abstract mergeState(index: number, state: SeriesState): void;
  protected abstract forget(index: number): void;
  /** Takes measurements, all of which are finite; gives how many moves are refused. */
  protected abstract take(measured: Measurements, moves: boolean): number;
  abstract figures(index: number): SeriesFigures;
  /** The keys of a metrics event. */
  abstract metrics(index: number, time: number): Record<string, number>;

  /**
   * The keys of a metrics event of what came since the last report, which is over with that. `mean_rate` is over the
   * time since then; the moving averages are of the last minutes as ever.
   * @param since when the last report was, milliseconds since the epoch, as `time`
   */
  takeRecent(index: number, since: number, time: number): Record<string, number> {
    const { recent } = this;
    if (recent === undefined) return this.metrics(index, time);
    const metrics = recent.metrics(index, time);
    recent.begin(index);
    if (metrics.mean_rate === undefined) return metrics;
    const { m1_rate, m5_rate, m15_rate } = this.metrics(index, time);
    const mean_rate = time > since ? (1000 * metrics.count!) / (time - since) : 0;
    return Object.assign(metrics, { mean_rate, m1_rate, m5_rate, m15_rate });
  }
}

/** With every key that there will be. */
const RATED = { ...noStatistics(), mean_rate: 0, m1_rate: 0, m5_rate: 0, m15_rate: 0 };
const STATISTICS = Object.keys(noStatistics()) as (keyof Statistics)[];

/**
 * Statistics and rates as one object. A copy that has all keys is filled in: an object that gets keys behind the others
 * moves from shape to shape, which took twenty times as long.
 */
export function withRates(statistics: Statistics, rates: Rates): Record<string, number> {
  const { mean_rate, m1_rate, m5_rate, m15_rate } = rates;
  const out = { ...RATED, mean_rate, m1_rate, m5_rate, m15_rate };
  for (const key of STATISTICS) out[key] = statistics[key];
  return out;
}
