import type { EventType } from '../catalogue.ts';
import type { ReservoirConfig } from '../config.ts';
import type { SeriesFigures } from '../handler.ts';
import { Histogram, MeasurementError, Meter, type ReservoirOptions, Timer } from '../math/index.ts';

/** What a series needs to know of the run. Times are seconds of event time. */
export interface SeriesOptions {
  readonly reservoir: ReservoirConfig;
  readonly seed: number;
  /** See series-id.ts. */
  readonly id: number;
  /** When the series was first touched. */
  readonly start: number;
  readonly buckets: readonly number[];
}

/** One series: a metric under one set of labels. `record` throws MeasurementError for a value that it cannot take. */
export interface Series {
  readonly labels: readonly string[];
  /** Seconds; what `expireAfter` is measured from. */
  updatedAt: number;
  /** Since the last report. */
  changed: boolean;
  record(value: number, seconds: number): void;
  figures(): SeriesFigures;
  /** The keys of a metrics event. */
  metrics(seconds: number): Record<string, number>;
}

export type OpenSeries = (labels: readonly string[], options: SeriesOptions) => Series;

/** @throws MeasurementError for anything but a finite number */
export function finite(value: number): number {
  if (!Number.isFinite(value)) throw new MeasurementError(`${value} is no measurement`);
  return value;
}

/** The sample of a series, with randomness that depends on nothing but the seed and the series. */
const sampleOf = ({ reservoir, seed, id }: SeriesOptions, size: number): ReservoirOptions => ({
  size,
  alpha: reservoir.alpha,
  admission: reservoir.admission,
  seed,
  series: id,
});

abstract class BaseSeries implements Series {
  readonly labels: readonly string[];
  updatedAt: number;
  changed = false;

  constructor(labels: readonly string[], start: number) {
    this.labels = labels;
    this.updatedAt = start;
  }

  record(value: number, seconds: number): void {
    this.take(value, seconds);
    if (seconds > this.updatedAt) this.updatedAt = seconds;
    this.changed = true;
  }

  protected abstract take(value: number, seconds: number): void;
  abstract figures(): SeriesFigures;
  abstract metrics(seconds: number): Record<string, number>;
}

/** Only goes up. In reports a meter, with the statistics of the amounts. */
class CounterSeries extends BaseSeries {
  private total = 0;
  private readonly meter: Meter;

  constructor(labels: readonly string[], options: SeriesOptions) {
    super(labels, options.start);
    this.meter = new Meter({ start: options.start, statistics: sampleOf(options, options.reservoir.size) });
  }

  protected take(value: number, seconds: number): void {
    if (value < 0) throw new MeasurementError(`a counter does not go down by ${-value}`);
    this.meter.mark(value, seconds);
    this.total += value;
  }

  figures(): SeriesFigures {
    return { labels: this.labels, value: this.total };
  }

  metrics(seconds: number): Record<string, number> {
    // a meter's count is the sum of the amounts, not their number
    return { ...this.meter.statistics(), ...this.meter.rates(seconds) };
  }
}

/** Set (`gauge`) or moved up and down (`counter` fields). */
class GaugeSeries extends BaseSeries {
  private value = 0;

  constructor(labels: readonly string[], options: SeriesOptions) {
    super(labels, options.start);
  }

  protected take(value: number): void {
    this.value = finite(value);
  }

  add(value: number, seconds: number): void {
    this.record(this.value + value, seconds);
  }

  figures(): SeriesFigures {
    return { labels: this.labels, value: this.value };
  }

  metrics(): Record<string, number> {
    return { value: this.value };
  }
}

/** Buckets for the exposition, a decaying sample for reports; a timer in reports also has rates. */
class HistogramSeries extends BaseSeries {
  private count = 0;
  private sum = 0;
  private readonly bounds: readonly number[];
  private readonly counts: Float64Array;
  private readonly sample: Histogram | Timer;

  constructor(labels: readonly string[], options: SeriesOptions, sample: Histogram | Timer) {
    super(labels, options.start);
    this.bounds = options.buckets;
    this.counts = new Float64Array(options.buckets.length + 1);
    this.sample = sample;
  }

  protected take(value: number, seconds: number): void {
    this.sample.update(value, seconds);
    this.count++;
    this.sum += value;
    let bucket = 0;
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket++;
    this.counts[bucket]!++;
  }

  figures(): SeriesFigures {
    return {
      labels: this.labels,
      value: Number.NaN,
      count: this.count,
      sum: this.sum,
      bucketCounts: this.counts,
    };
  }

  metrics(seconds: number): Record<string, number> {
    const rates = this.sample instanceof Timer ? this.sample.rates(seconds) : {};
    return { ...rates, ...this.sample.statistics() };
  }
}

export type { GaugeSeries };

/** How series of an event type are made. */
export function seriesOf(type: EventType): OpenSeries {
  switch (type) {
    case 'meter':
      return (labels, options) => new CounterSeries(labels, options);
    case 'intValue':
    case 'floatValue':
      return (labels, options) => new GaugeSeries(labels, options);
    case 'histogram':
      return (labels, options) =>
        new HistogramSeries(labels, options, new Histogram(sampleOf(options, options.reservoir.size)));
    case 'timer':
      return (labels, options) => {
        const sample = sampleOf(options, options.reservoir.timerSize);
        return new HistogramSeries(labels, options, new Timer({ start: options.start, ...sample }));
      };
  }
}
