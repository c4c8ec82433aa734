import type { MetricType } from '../systems/definition.ts';
import { eventTypeOf, type MetricDefinition } from '../systems/definition.ts';
import type { Measurement } from '../tracing/metric-fields.ts';
import type { IsRead } from './demand.ts';
import { Metric, type MetricOptions } from './metric.ts';
import type { RefusalReason, Refusals } from './refusals.ts';
import { roomFor } from './series-table.ts';
import type { Span } from './span.ts';

const SEPARATOR = '\u0000';

/** The instruments whose measurements a metric of a type takes. */
export const instrumentsOf: Readonly<Record<MetricType, readonly Measurement['instrument'][]>> = {
  counter: ['monotonic', 'counter'],
  gauge: ['gauge', 'counter'],
  histogram: ['histogram'],
};

export interface MeasuredOptions extends MetricOptions {
  /** What catalogue and rules define, whether it is read or not. */
  readonly catalogue: ReadonlyMap<string, MetricType>;
  readonly isRead: IsRead;
  readonly refusals: Refusals;
}

/**
 * Metrics that records name themselves and that no catalogue has. Each has the kind of its first measurement, and one
 * label set per set of attribute names that it came with.
 */
export class MeasuredMetrics {
  /** In the order in which they appeared. */
  readonly all: Metric[] = [];
  private readonly options: MeasuredOptions;
  private readonly byShape = new Map<string, Metric>();
  private readonly types = new Map<string, MetricType>();
  private readonly one = roomFor(1);

  constructor(options: MeasuredOptions) {
    this.options = options;
  }

  /** Takes those measurements of a record that no source of the catalogue takes. */
  measure(measurements: Iterable<Measurement>, row: number, span: Span): void {
    for (const measurement of measurements) {
      const { name, instrument } = measurement;
      const known = this.options.catalogue.get(name);
      let refused: RefusalReason | undefined;
      if (known !== undefined) {
        if (!instrumentsOf[known].includes(instrument)) refused = 'other-kind';
      } else if (this.options.isRead(name, eventTypeOf({ type: typeOf(instrument) }))) {
        refused = this.record(measurement, row, span);
      }
      if (refused !== undefined) this.options.refusals.add(name, refused, row, `${instrument} ${name}`);
    }
  }

  /** Gives why it cannot be taken, if it cannot. */
  private record(measurement: Measurement, row: number, span: Span): RefusalReason | undefined {
    const { value, instrument, attributes } = measurement;
    if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not-a-number' : 'not-finite';
    if (instrument === 'monotonic' && value < 0) return 'negative';
    const metric = this.metricOf(measurement);
    if (metric === undefined) return 'other-kind';
    const { one } = this;
    one.count = 1;
    one.series[0] = metric.labelled(metric.labelNames.map((name) => attributes[name] ?? ''));
    one.values[0] = value;
    one.times[0] = span.times[row]!;
    one.rows[0] = row;
    const refused = metric.series.recordAll(one, span, instrument === 'counter');
    this.options.refusals.addMoves(measurement.name, refused);
    return undefined;
  }

  /** undefined if the name is known as another kind of metric */
  private metricOf({ name, instrument, attributes }: Measurement): Metric | undefined {
    const first = this.types.get(name);
    if (first !== undefined && first !== typeOf(instrument)) return undefined;
    const labels = Object.keys(attributes).sort();
    const shape = [name, ...labels].join(SEPARATOR);
    let metric = this.byShape.get(shape);
    if (metric === undefined) {
      metric = new Metric(definitionOf(name, instrument, labels), this.options);
      this.types.set(name, typeOf(instrument));
      this.byShape.set(shape, metric);
      this.all.push(metric);
    }
    return metric;
  }
}

function typeOf(instrument: Measurement['instrument']): MetricType {
  if (instrument === 'monotonic') return 'counter';
  return instrument === 'histogram' ? 'histogram' : 'gauge';
}

function definitionOf(
  name: string,
  instrument: Measurement['instrument'],
  labels: readonly string[],
): MetricDefinition {
  const type = typeOf(instrument);
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
