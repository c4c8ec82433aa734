import type { MetricDefinition } from '../catalogue.ts';
import type { MetricType } from '../handler.ts';
import type { Measurement } from '../system.ts';
import { Metric, type MetricOptions } from './metric.ts';
import type { GaugeSeries, Series } from './series.ts';

const SEPARATOR = '\u0000';

/**
 * Metrics that records name themselves. A name of the catalogue has the catalogue's kind and labels; any other has the
 * kind of its first measurement, and one label set per set of attribute names that it came with.
 */
export class MeasuredMetrics {
  private readonly options: MetricOptions;
  private readonly catalogue: ReadonlyMap<string, Metric>;
  private readonly byShape = new Map<string, Metric>();
  private readonly types = new Map<string, Measurement['instrument']>();
  /** In the order in which they appeared. */
  readonly all: Metric[] = [];

  constructor(catalogue: ReadonlyMap<string, Metric>, options: MetricOptions) {
    this.catalogue = catalogue;
    this.options = options;
  }

  /** Records it, or throws MeasurementError; false if the name is known as another kind of metric. */
  record(measurement: Measurement, seconds: number): boolean {
    const metric = this.metricOf(measurement);
    if (metric === undefined) return false;
    const labels = metric.labelNames.map((name) => measurement.attributes[name] ?? '');
    const series = metric.labelled(labels, seconds);
    if (measurement.instrument === 'counter' && metric.eventType === 'floatValue') {
      (series as Series as GaugeSeries).add(measurement.value, seconds);
    } else {
      series.record(measurement.value, seconds);
    }
    return true;
  }

  private metricOf({ name, instrument, attributes }: Measurement): Metric | undefined {
    const known = this.catalogue.get(name);
    if (known !== undefined) return accepts[known.definition.type].includes(instrument) ? known : undefined;
    const first = this.types.get(name);
    if (first !== undefined && first !== instrument) return undefined;
    const labels = Object.keys(attributes).sort();
    const shape = [name, ...labels].join(SEPARATOR);
    let metric = this.byShape.get(shape);
    if (metric === undefined) {
      metric = new Metric(definitionOf(name, instrument, labels), this.options);
      this.types.set(name, instrument);
      this.byShape.set(shape, metric);
      this.all.push(metric);
    }
    return metric;
  }
}

/** The instruments whose measurements a metric of a type takes. */
const accepts: Readonly<Record<MetricType, readonly Measurement['instrument'][]>> = {
  counter: ['monotonic', 'counter'],
  gauge: ['gauge', 'counter'],
  histogram: ['histogram'],
};

function definitionOf(
  name: string,
  instrument: Measurement['instrument'],
  labels: readonly string[],
): MetricDefinition {
  const type = instrument === 'monotonic' ? 'counter' : instrument === 'histogram' ? 'histogram' : 'gauge';
  return {
    name,
    type,
    help: `Measured by records that carry ${instrument === 'monotonic' ? 'monotonic_counter' : instrument}.${name}.`,
    labels: labels.map((label) => ({ name: label, field: label })),
    buckets: type === 'histogram' ? defaultBuckets : undefined,
  };
}

/** Where nothing is known of a histogram's unit: the default boundaries of OpenTelemetry's metrics SDK specification. */
const defaultBuckets = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
