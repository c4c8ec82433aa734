import type { Field, KeyFamily, LabelSet } from './field.ts';
import type { SessionNotes } from './session-notes.ts';

/** How the kind of a record is told without looking at more than one of its fields. */
export interface KindRule {
  readonly field: Field;
  /** By the field's text. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Of records that have a key of the family, the text saying nothing. */
  readonly family: KeyFamily;
  readonly familyKind: number;
  /** Of others that have the field's text or a level. What has neither is nothing that the rule tells. */
  readonly ordinary: number;
}

/** What is measured of records, as data: for whoever reads them to measure them where they are. */
export interface MeasurePlan {
  readonly seed: number;
  readonly tables: readonly PlannedTable[];
  readonly measurements: readonly PlannedMeasurement[];
  readonly sessions: readonly PlannedSession[];
  /** Kinds whose records somebody wants beside what is measured of them. */
  readonly wanted: readonly number[];
  /** What is noted of other records; undefined = nothing. */
  readonly notes?: PlannedNotes | undefined;
}

/** A label as lib/systems/definition.ts defines it, its fields asked for. */
export interface PlannedLabel {
  readonly name: string;
  readonly field: Field;
  readonly otherwise?: { readonly field: Field; readonly segment: number } | undefined;
  readonly collapse?: string | undefined;
}

/** The series of a metric. */
export interface PlannedTable {
  readonly metric: string;
  readonly labels: readonly PlannedLabel[];
  /** undefined = records are counted, and nothing else. */
  readonly histogram?: PlannedHistogram | undefined;
}

export interface PlannedHistogram {
  /** Ascending upper bounds, without +Inf. */
  readonly bounds: readonly number[];
  /** Whether there are rates, too. */
  readonly isTimer: boolean;
  readonly size: number;
  /** Per second. */
  readonly alpha: number;
  readonly admission: 'newest' | 'priority';
}

export interface PlannedMeasurement {
  readonly kinds: readonly number[];
  /** Index of the table. */
  readonly table: number;
  /** undefined = the record counts once. */
  readonly value?: Field | undefined;
  /** A value that is less is not measured before somebody has looked at it. */
  readonly least: number;
}

/** Records of a kind begin (1) or end (-1) the session that a field names. */
export interface PlannedSession {
  readonly kind: number;
  readonly by: 1 | -1;
  readonly id: Field;
}

/** What records say of sessions, noted where they are read in place of rows: session-notes.ts. */
export interface PlannedNotes {
  /** By the kinds of records, one of `says` of session-notes.ts. */
  readonly sayings: readonly (readonly [kind: number, says: number])[];
  readonly id: Field;
  /** Of an end, in seconds. */
  readonly duration: Field;
  /** Of a copied target. */
  readonly scaleDown: Field;
  readonly clients: LabelSet;
  readonly targets: LabelSet;
  /** Port and filter. */
  readonly ports: LabelSet;
  /** Whether the texts of ids are asked for. */
  readonly keepsIds: boolean;
  /** Kinds whose records are counted by level, but for those that stay rows: of `leastLevel` or above. */
  readonly leveled: readonly number[];
  readonly leastLevel: number;
}

/** Rows of a batch that are measured where they are. Every row is measured once, in order. */
export interface Measurer {
  /**
   * Measures what is left to measure of rows.
   * @param times by row, milliseconds since the epoch, none NaN
   * @param touched by row, set to 1 where a series was touched
   * @param numberOf the value of a row for the table of that index, where it is no plain number that fits; NaN if it
   * is to be left out
   */
  measure(
    from: number,
    to: number,
    times: Float64Array,
    touched: Uint8Array,
    numberOf: (row: number, table: number) => number,
  ): void;
}

/** Marks and values of one series that came since the last drain, without the ticks. Valid until the next one. */
export interface SeriesPartial {
  /** Marks or values. */
  marks: number;
  /** The earliest and the latest of their times, milliseconds since the epoch. */
  first: number;
  last: number;
  /** Of a histogram, numbers whose exact sum is that of all values. */
  readonly sums: number[];
  /** Values in each bucket alone, +Inf last. */
  buckets: Uint32Array;
  /** Of the sample: order and value one after the other; see ReservoirState of lib/math. */
  pairs: Float64Array;
  hasNewest: boolean;
  newestTime: number;
  newestRandom: number;
  newestValue: number;
}

/** Who takes partials. */
export interface PartialSink {
  /** The index of a series, made if it is new. New ones are asked for in the order in which they were met. */
  seriesAt(table: number, labels: readonly string[]): number;
  /** Marks by tick of 5 s of the epoch, ascending: `count` of longer arrays. */
  takeTicks(table: number, series: number, ticks: Int32Array, marks: Uint32Array, count: number): void;
  take(table: number, series: number, partial: SeriesPartial): void;
  /** Some session began or ended. */
  seeSessions(): void;
  /** The id's hash in two words, starts less ends (also 0), and the latest start (-Infinity without one). */
  takeSession(low: number, high: number, net: number, since: number): void;
  /**
   * What records that are no rows say of sessions: as it is noted, and all of it by the end of a drain. Its memory is
   * given back behind the call.
   */
  takeNotes(notes: SessionNotes): void;
}

/** Where partials are. */
export interface PartialSource {
  /** Gives the plan's sink all that came since the last drain; `ticks`: only the marks by tick. */
  drain(what: 'all' | 'ticks'): void;
}
