import type { Batch, RowList } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import type { Field, Wants } from '../batch/wants.ts';
import type { MeasuredRecords } from '../tracing/metric-fields.ts';
import type { MetricDefinition } from './definition.ts';
import type { SpanRef } from './session.ts';

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
  /** What is open, as JSON has it: for a run that goes on. What is complete has been taken. */
  state(): unknown;
  /** Goes on with what was open before. */
  resume(state: unknown): void;
}

/** What of a run's configuration concerns systems; the defaults follow nothing and bound nothing. */
export interface SystemOptions {
  readonly seed: number;
  /** Milliseconds of event time after which a session is no longer expected to end; 0 = never. */
  readonly sessionMaxAge: number;
  /** Open sessions that are remembered; beyond it the oldest are given up. */
  readonly maxSessions: number;
  /** Called once, when that number is reached. */
  readonly onSessionsFull: () => void;
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

/** Sessions that are only counted, so that whoever reads records may count them. */
export interface PlannedSessions {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** The field with the id. */
  readonly id: Field;
  /** Some began or ended. */
  see(): void;
  /**
   * Takes what is left of an id: starts less ends, and the latest start.
   * @param low of the hash of the id, the lower half
   * @param since milliseconds since the epoch; -Infinity without a start
   */
  take(low: number, high: number, net: number, since: number): void;
}

/** What is known of sessions that are counted, plain: to be stored, and merged. Columns are by session. */
export interface SessionsState {
  /** Whether some session began or ended. */
  readonly seen: boolean;
  /** How far event time has come, milliseconds since the epoch; -Infinity before the first. */
  readonly now: number;
  /** The halves of the hash of the id. */
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** Starts less ends; never 0. */
  readonly net: Int32Array;
  /** The latest start, milliseconds since the epoch; -Infinity without one. */
  readonly since: Float64Array;
  /** 1 where it was told that its end is no longer expected. */
  readonly isOld: Uint8Array;
}

export interface CountedSessions {
  /** Of the system. */
  readonly name: string;
  /** A copy of what is known, in the order in which ids came. */
  state(): SessionsState;
  /** Takes over what was known of another part of the records. */
  merge(state: SessionsState): void;
  /** Forgets what came so far. */
  begin(): void;
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
  /** Sessions that `observe` counts, unless whoever reads the records does (Batch.measurer). */
  readonly sessions?: PlannedSessions | undefined;
  /** What is known of the sessions that are counted, for states. */
  readonly counted?: CountedSessions | undefined;
  readonly compounds?: Compounds | undefined;
  /** The span that an observed record belongs to, if it belongs to one. */
  spanOf?(batch: Batch, row: number): SpanRef | undefined;
  readonly gauges: readonly ComputedGauge[];
}
