import type { ReservoirsOptions } from '../math/index.ts';
import type { SeriesFigures } from './family.ts';

/** Series that a new table has room for. */
const FIRST_ROOM = 64;

/** Measurements of some series of a table in their order: the first `count` of arrays that may be longer. */
export interface Measurements {
  count: number;
  /** Indices of series. */
  series: Uint32Array;
  /** All finite. */
  values: Float64Array;
  /** Seconds of event time, finite. */
  seconds: Float64Array;
  /** The rows of the batch that they come from. */
  rows: Uint32Array;
}

/**
 * All series of one metric, by index in the order in which they appeared. What is known of them lies in typed arrays
 * over all of them: thousands of objects would be a dozen cache lines for every measurement. Times are seconds of event
 * time.
 */
export abstract class SeriesTable {
  /** Of every series the values of the metric's labels. */
  readonly labels: (readonly string[])[] = [];
  private updated: Float64Array = new Float64Array(FIRST_ROOM);
  private changed: Uint8Array = new Uint8Array(FIRST_ROOM);
  private readonly one = roomFor(1);
  private readonly oneTouched = new Uint8Array(1);

  get length(): number {
    return this.labels.length;
  }

  /**
   * A new series.
   * @param id see series-id.ts
   * @param start when it was first touched
   * @returns its index
   */
  add(labels: readonly string[], id: number, start: number): number {
    const index = this.labels.length;
    if (index === this.updated.length) {
      this.updated = grown(this.updated, new Float64Array(2 * index));
      this.changed = grown(this.changed, new Uint8Array(2 * index));
    }
    this.labels.push(labels);
    this.updated[index] = start;
    this.open(index, id, start);
    return index;
  }

  /**
   * Takes measurements; one that its series cannot take changes nothing.
   * @param touched by row, set to 1 where a measurement was taken
   * @returns how many were refused
   */
  recordAll(measured: Measurements, touched: Uint8Array): number {
    const { count } = measured;
    let refused = 0;
    for (let from = 0; from < count; ) {
      const to = this.take(measured, from);
      this.note(measured, from, to, touched);
      if (to < count) refused++;
      from = to + 1;
    }
    return refused;
  }

  /** One measurement. False if the series cannot take it, for which `value` need not be finite. */
  record(index: number, value: number, seconds: number): boolean {
    if (value - value !== 0) return false;
    const { one } = this;
    one.count = 1;
    one.series[0] = index;
    one.values[0] = value;
    one.seconds[0] = seconds;
    return this.recordAll(one, this.oneTouched) === 0;
  }

  private note(measured: Measurements, from: number, to: number, touched: Uint8Array): void {
    const { series, seconds, rows } = measured;
    const { changed, updated } = this;
    for (let k = from; k < to; k++) {
      const index = series[k]!;
      const at = seconds[k]!;
      changed[index] = 1;
      if (at > updated[index]!) updated[index] = at;
      touched[rows[k]!] = 1;
    }
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

  protected abstract open(index: number, id: number, start: number): void;
  /** Takes measurements from one on, up to the first that it refuses. Gives that one, or their number. */
  protected abstract take(measured: Measurements, from: number): number;
  abstract figures(index: number): SeriesFigures;
  /** The keys of a metrics event. */
  abstract metrics(index: number, seconds: number): Record<string, number>;
}

export function roomFor(measurements: number): Measurements {
  return {
    count: 0,
    series: new Uint32Array(measurements),
    values: new Float64Array(measurements),
    seconds: new Float64Array(measurements),
    rows: new Uint32Array(measurements),
  };
}

/** Copies a table that is full to one with more room. */
export function grown<A extends Float64Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** The samples of a metric's series, with randomness that depends on nothing but the seed and the series. */
export type SampleOptions = Required<Pick<ReservoirsOptions, 'size' | 'alpha' | 'admission' | 'seed'>>;
