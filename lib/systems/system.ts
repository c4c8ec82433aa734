import type { Batch, RowList } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import type { Field, KeyFamily, Wants } from '../batch/wants.ts';
import type { MetricDefinition } from './definition.ts';

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
 * What a system pieces together from several records (the sessions of an Operator): once complete it flows on as an item
 * of its own.
 */
export interface Compounds {
  /** Kind of the items. */
  readonly kind: number;
  /** Those that are complete, in the order in which they became so; each is given once. */
  take(): readonly Readonly<Record<string, unknown>>[];
  /** When an item ended. Milliseconds since the epoch. */
  timeOf(item: Readonly<Record<string, unknown>>): number;
  /** The records have ended: what is open is taken as it is. */
  finish(): void;
}

/** A span that a record belongs to. */
export interface SpanRef {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** What of a run's configuration concerns systems; the defaults follow nothing and bound nothing. */
export interface SystemOptions {
  readonly seed: number;
  /** Milliseconds of event time after which a session is no longer expected to end; 0 = never. */
  readonly sessionMaxAge: number;
  /** Whether someone wants sessions in full; else they are only counted. */
  readonly sessions: boolean;
  /** Called for every session whose end never came. */
  readonly onSessionGivenUp: () => void;
}

/**
 * One monitored system: the fields it needs, how it tells its kinds, and what each kind measures. mirrord/ and ziti/ are
 * two; a third would be a third folder.
 */
export interface System {
  readonly name: string;
  readonly catalogue: readonly MetricDefinition[];
  open(wants: Wants, kinds: Kinds, options?: Partial<SystemOptions>): OpenSystem;
}

/**
 * Records that name themselves what they measure. What a catalogue has is read from columns, so it must be asked for
 * before a record is read; any other measurement is read from the whole record.
 */
export interface MeasuredRecords {
  readonly kind: number;
  /** The key under which a record measures a metric by an instrument. */
  key(name: string, instrument: Measurement['instrument']): string;
  /** Asks for its value. */
  value(key: string): Field;
  /** Asks for an attribute that the record may have beside it. */
  attribute(name: string): Field;
  /** Asks for records that measure something under other keys, too. */
  others(keys: readonly string[]): KeyFamily;
  /** All measurements of a record. */
  read(batch: Batch, row: number): Iterable<Measurement>;
}

export interface OpenSystem {
  /** Writes the kind of those of the rows that this system knows; others stay as they are, which is OTHER. */
  classify(batch: Batch, rows: RowList): void;
  readonly measured?: MeasuredRecords | undefined;
  /** Kinds that the system follows over time (sessions). */
  readonly observedKinds: ReadonlySet<number>;
  /**
   * Told of all records of these kinds, in the order of the input.
   * @param clock by row the event clock's time, milliseconds since the epoch
   */
  observe?(batch: Batch, rows: Uint32Array, clock: Float64Array): void;
  /** Event time has come this far, milliseconds since the epoch; told before a report reads the gauges. */
  advance?(now: number): void;
  readonly compounds?: Compounds | undefined;
  /** The span that an observed record belongs to, if it belongs to one. */
  spanOf?(batch: Batch, row: number): SpanRef | undefined;
  readonly gauges: readonly ComputedGauge[];
}
