import type { Batch } from './batch.ts';
import type { MetricDefinition } from './catalogue.ts';
import type { Wants } from './fields.ts';
import type { Kinds } from './kinds.ts';

/** A single measured value that a record names itself, such as a metric-bearing record of `tracing`. */
export interface Measurement {
  readonly name: string;
  readonly instrument: 'monotonic' | 'counter' | 'gauge' | 'histogram';
  readonly value: number;
  /** Attribute to text, in the record's order. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A gauge whose value a system keeps itself. */
export interface ComputedGauge {
  readonly definition: MetricDefinition;
  /** undefined as long as no record had anything to do with it. */
  read(): number | undefined;
}

/**
 * One monitored system: the fields it needs, how it tells its kinds, and what each kind measures. mirrord/ and ziti/ are
 * two; a third would be a third folder.
 */
export interface System {
  readonly name: string;
  readonly catalogue: readonly MetricDefinition[];
  open(wants: Wants, kinds: Kinds): OpenSystem;
}

export interface OpenSystem {
  /** Writes the kind of every row that is still OTHER and that this system knows. */
  classify(batch: Batch): void;
  /** Kinds whose records carry measurements of their own, read by `measurements`. */
  readonly measuredKinds: ReadonlySet<number>;
  measurements(batch: Batch, row: number): Iterable<Measurement>;
  /** Kinds that the system follows over time (sessions), told to `observe` in input order. */
  readonly observedKinds: ReadonlySet<number>;
  observe(batch: Batch, row: number): void;
  readonly gauges: readonly ComputedGauge[];
}
