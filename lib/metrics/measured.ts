import type { MetricType } from '../systems/definition.ts';
import { eventTypeOf, type MetricDefinition } from '../systems/definition.ts';
import { shortened } from '../text/shortened.ts';
import type { Measurement } from '../tracing/metric-fields.ts';
import type { OnBounded } from './bounds.ts';
import type { IsRead } from './demand.ts';
import { roomFor } from './measurements.ts';
import { Metric, type MetricOptions, OVERFLOW } from './metric.ts';
import type { RefusalReason, Refusals } from './refusals.ts';
import type { Span } from './span.ts';

const SEPARATOR = '\u0000';
/** UTF-16 units of a name with all its attributes' names; a longer one is beyond any use. */
const LONGEST_SHAPE = 8192;
/** What the metric is called that measurements under further names join, by the instrument, which tells how to add them. */
const OVERFLOW_NAME = 'mirrormon_overflow';

/** What records call a metric that they name themselves. */
export interface MeasuredName {
  readonly name: string;
  readonly instrument: Measurement['instrument'];
  /** Names of the attributes, in order. */
  readonly labels: readonly string[];
  /** Whether it is one that others joined beyond the bounds. */
  readonly isOverflow: boolean;
}

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
  readonly onBounded?: OnBounded | undefined;
}

/**
 * Metrics that records name themselves and that no catalogue has. Each has the kind of its first measurement, and one
 * label set per set of attribute names that it came with. Beyond `maxMetrics` of these, a known name has one more metric
 * for all its other attributes, and all other names have one per instrument.
 */
export class MeasuredMetrics {
  /** In the order in which they appeared. */
  readonly all: Metric[] = [];
  private readonly options: MeasuredOptions;
  private readonly names = new Map<Metric, MeasuredName>();
  private readonly byShape = new Map<string, Metric>();
  /** By name. */
  private readonly overflows = new Map<string, Metric>();
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
    const { name, value, instrument, attributes } = measurement;
    if (value === undefined) return 'missing';
    if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not-a-number' : 'not-finite';
    if (instrument === 'monotonic' && value < 0) return 'negative';
    const labels = Object.keys(attributes).sort();
    const metric = this.metricOf({ name, instrument, labels });
    if (metric === undefined) return 'other-kind';
    if (this.nameOf(metric)!.isOverflow) this.options.onBounded?.('measurements', metric.definition.name);
    const { one } = this;
    one.count = 1;
    one.series[0] = metric.labelled(this.labelsOf(metric, attributes));
    one.values[0] = value;
    one.times[0] = span.times[row]!;
    one.rows[0] = row;
    const refused = metric.series.recordAll(one, span, instrument === 'counter');
    this.options.refusals.addMoves(metric.definition.name, refused);
    return undefined;
  }

  /** undefined if the name is known as another kind of metric */
  private metricOf({ name, instrument, labels }: Omit<MeasuredName, 'isOverflow'>): Metric | undefined {
    const first = this.types.get(name);
    if (first !== undefined && first !== typeOf(instrument)) return undefined;
    const shape = [name, ...labels].join(SEPARATOR);
    let metric = this.byShape.get(shape);
    if (metric === undefined) {
      const hasRoom = this.byShape.size < this.options.config.maxMetrics && shape.length <= LONGEST_SHAPE;
      if (!hasRoom) return this.overflowOf(first === undefined ? overflowName(instrument) : name, instrument);
      metric = this.add(name, instrument, labels);
      this.types.set(name, typeOf(instrument));
      this.byShape.set(shape, metric);
    }
    return metric;
  }

  nameOf(metric: Metric): MeasuredName | undefined {
    return this.names.get(metric);
  }

  /** The metric that measurements under a name are of, made if it is new; undefined if the name is known as another kind. */
  named({ name, instrument, labels, isOverflow }: MeasuredName): Metric | undefined {
    if (isOverflow) return this.overflowOf(name, instrument);
    return this.metricOf({ name, instrument, labels });
  }

  private overflowOf(name: string, instrument: Measurement['instrument']): Metric {
    let metric = this.overflows.get(name);
    if (metric === undefined) {
      metric = this.add(name, instrument, [OVERFLOW], true);
      this.overflows.set(name, metric);
    }
    return metric;
  }

  private add(
    name: string,
    instrument: Measurement['instrument'],
    labels: readonly string[],
    isOverflow = false,
  ): Metric {
    const metric = new Metric(definitionOf(name, instrument, labels), this.options);
    this.names.set(metric, { name, instrument, labels, isOverflow });
    this.all.push(metric);
    return metric;
  }

  private labelsOf(metric: Metric, attributes: Measurement['attributes']): string[] {
    // the one label of an overflow says what it is, whatever attributes came
    if (this.overflows.get(metric.definition.name) === metric) return ['true'];
    return metric.labelNames.map((name) => this.labelOf(metric, attributes[name]));
  }

  private labelOf(metric: Metric, text = ''): string {
    const label = shortened(text);
    if (label !== text) this.options.onBounded?.('labels', metric.definition.name);
    return label;
  }
}

const overflowName = (instrument: Measurement['instrument']): string => `${OVERFLOW_NAME}_${instrument}`;

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
