import type { Batch } from '../batch/batch.ts';
import { PerTable, type Tuples } from '../batch/symbols.ts';
import type { MetricsConfig } from '../config.ts';
import type { EventType } from '../events/metric-event.ts';
import { eventTypeOf, labelReader, type MetricDefinition } from '../systems/definition.ts';
import type { OnBounded } from './bounds.ts';
import type { ElapsedTimes } from './elapsed.ts';
import type { MetricFamily, SeriesFigures } from './family.ts';
import type { Measurements } from './measurements.ts';
import { seriesKey } from './series-key.ts';
import { LabelTexts, SeriesLabels } from './series-labels.ts';
import type { SeriesTable } from './series-table.ts';
import { openTable } from './series-tables.ts';

/** The value of every label of the series that others join once a metric has `maxSeries` of them. */
export const OVERFLOW = 'overflow';

export interface MetricOptions {
  readonly config: MetricsConfig;
  readonly seed: number;
  /** Where metrics that others are beside keep what labels say; a place of its own if not given. */
  readonly labelTexts?: LabelTexts | undefined;
  /** Told of all that is measured of rows, where it is measured record by record. */
  readonly onMeasured?: OnMeasured | undefined;
  /** Told of what is beyond the bounds. */
  readonly onBounded?: OnBounded | undefined;
}

/**
 * @param measured valid during the call
 * @param moves whether gauges are moved instead of set
 */
export type OnMeasured = (metric: Metric, measured: Measurements, batch: Batch, moves: boolean) => void;

/** By the id of a tuple the index of its series, as far as it was met. */
export type KnownSeries = (number | undefined)[];

/** A metric and the table of its series, found by label tuple without making a string. */
export class Metric {
  readonly definition: MetricDefinition;
  readonly labelNames: readonly string[];
  readonly buckets: readonly number[];
  readonly series: SeriesTable;
  private readonly labels: SeriesLabels;
  /** Of one that measures the time between records. */
  elapsed?: ElapsedTimes | undefined;
  private readonly config: MetricsConfig;
  private readonly onBounded: OnBounded | undefined;
  private readonly labelsOf: ReturnType<typeof labelReader>;
  private sorted: Uint32Array = new Uint32Array(0);
  private readonly byTuple = new PerTable<Tuples, KnownSeries>(() => []);

  constructor(definition: MetricDefinition, options: MetricOptions) {
    const { config, seed, labelTexts = new LabelTexts(), onMeasured, onBounded } = options;
    this.definition = definition;
    this.labelNames = definition.labels.map((label) => label.name);
    this.labels = new SeriesLabels(labelTexts.of(this.labelNames));
    this.buckets = config.buckets[definition.name] ?? definition.buckets ?? [];
    const names = {
      labels: this.labels,
      keyOf: (labels: readonly string[]) => seriesKey(definition.name, this.labelNames, labels, seed),
    };
    const { reservoir, report } = config;
    const ofIntervals = report === 'interval';
    this.series = openTable(eventTypeOf(definition), {
      reservoir,
      buckets: this.buckets,
      names,
      ofIntervals,
    });
    if (onMeasured !== undefined) {
      this.series.watch = (measured, { batch }, moves) => onMeasured(this, measured, batch, moves);
    }
    this.config = config;
    this.onBounded = onBounded;
    this.labelsOf = labelReader(definition.labels);
  }

  /** How it appears in a report of now. */
  get eventType(): EventType {
    const { definition, series } = this;
    return definition.asIntegers && series.isOfIntegers ? 'intValue' : eventTypeOf(definition);
  }

  /** The series that `at` has met of a table of tuples. */
  known(tuples: Tuples): KnownSeries {
    return this.byTuple.of(tuples);
  }

  /** The index of the series of a tuple of the texts of `fieldsOfLabels`, made if it is new. */
  at(tuples: Tuples, id: number): number {
    const known = this.known(tuples);
    let index = known[id];
    if (index === undefined) {
      const texts = tuples.values(id);
      index = this.labelled(this.labelsOf?.(texts) ?? texts);
      known[id] = index;
    }
    return index;
  }

  /** The index of the series with these values of the labels, made if it is new. */
  labelled(values: readonly string[]): number {
    const known = this.labels.find(values);
    if (known >= 0) return known;
    if (this.series.length < this.config.maxSeries) return this.series.add(values);
    const overflow = values.map(() => OVERFLOW);
    const joined = this.labels.find(overflow);
    if (joined >= 0) return joined;
    this.onBounded?.('series', this.definition.name);
    return this.series.add(overflow);
  }

  /** The indices of all series in the order of their labels' bytes. */
  byLabelBytes(): Uint32Array {
    const { length } = this.series;
    if (this.sorted.length !== length) {
      // only a report asks, so that what is new since the last one is sorted in
      this.sorted = Uint32Array.from({ length }, (_, index) => this.sorted[index] ?? index);
      this.sorted.sort((a, b) => this.labels.compare(a, b));
    }
    return this.sorted;
  }

  /** @param time of the event clock, milliseconds, which `expireAfter` counts from */
  family(time: number): MetricFamily {
    const { name, type, help } = this.definition;
    const buckets = type === 'histogram' ? this.buckets : undefined;
    return { name, type, help, labels: this.labelNames, buckets, series: this.current(time) };
  }

  private *current(time: number): Generator<SeriesFigures> {
    const { expireAfter } = this.config;
    for (let index = 0; index < this.series.length; index++) {
      if (expireAfter === 0 || time - this.series.updatedAt(index) <= expireAfter) {
        yield this.series.figures(index);
      }
    }
  }
}
