import { type EventType, eventTypeOf, labelReader, type MetricDefinition } from '../catalogue.ts';
import type { MetricsConfig } from '../config.ts';
import type { MetricFamily, SeriesFigures } from '../handler.ts';
import { PerTable, type Tuples } from '../symbols.ts';
import { TextTrie } from '../text-trie.ts';
import { type OpenSeries, type Series, seriesOf } from './series.ts';
import { seriesId } from './series-id.ts';

/** The value of every label of the series that others join once a metric has `maxSeries` of them. */
export const OVERFLOW = 'overflow';

export interface MetricOptions {
  readonly config: MetricsConfig;
  readonly seed: number;
}

/** A metric and all its series, found by label tuple without making a string. */
export class Metric {
  readonly definition: MetricDefinition;
  readonly eventType: EventType;
  readonly labelNames: readonly string[];
  readonly buckets: readonly number[];
  /** In the order in which they appeared. */
  readonly all: Series[] = [];
  private readonly options: MetricOptions;
  private readonly open: OpenSeries;
  private readonly labelsOf: ReturnType<typeof labelReader>;
  private readonly byLabels = new TextTrie<Series>();
  private readonly byTuple = new PerTable<Tuples, (Series | undefined)[]>(() => []);

  constructor(definition: MetricDefinition, options: MetricOptions) {
    this.definition = definition;
    this.eventType = eventTypeOf(definition);
    this.labelNames = definition.labels.map((label) => label.name);
    this.buckets = options.config.buckets[definition.name] ?? definition.buckets ?? [];
    this.options = options;
    this.open = seriesOf(this.eventType);
    this.labelsOf = labelReader(definition.labels);
  }

  /** The series that were met of a table of tuples, by id. */
  seriesOf(tuples: Tuples): (Series | undefined)[] {
    return this.byTuple.of(tuples);
  }

  /** The series of a tuple of the texts of `fieldsOfLabels`, made if it is new. */
  at(tuples: Tuples, id: number, seconds: number): Series {
    const known = this.seriesOf(tuples);
    let series = known[id];
    if (series === undefined) {
      const texts = tuples.values(id);
      series = this.labelled(this.labelsOf?.(texts) ?? texts, seconds);
      known[id] = series;
    }
    return series;
  }

  labelled(values: readonly string[], seconds: number): Series {
    const known = this.byLabels.get(values);
    if (known !== undefined) return known;
    if (this.all.length >= this.options.config.maxSeries) {
      const overflow = values.map(() => OVERFLOW);
      return this.byLabels.get(overflow) ?? this.add(overflow, seconds);
    }
    return this.add(values, seconds);
  }

  private add(values: readonly string[], seconds: number): Series {
    const series = this.open(values, {
      reservoir: this.options.config.reservoir,
      seed: this.options.seed,
      id: seriesId(this.definition.name, values),
      start: seconds,
      buckets: this.buckets,
    });
    this.byLabels.set(values, series);
    this.all.push(series);
    return series;
  }

  /** @param seconds of the event clock, which `expireAfter` counts from */
  family(seconds: number): MetricFamily {
    const { name, type, help } = this.definition;
    const buckets = type === 'histogram' ? this.buckets : undefined;
    return { name, type, help, labels: this.labelNames, buckets, series: this.current(seconds) };
  }

  private *current(seconds: number): Generator<SeriesFigures> {
    const expireAfter = this.options.config.expireAfter / 1000;
    for (const series of this.all) {
      if (expireAfter === 0 || seconds - series.updatedAt <= expireAfter) yield series.figures();
    }
  }
}
