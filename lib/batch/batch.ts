import type { RejectionReason } from '../errors.ts';
import type { Measurer } from './measure-plan.ts';
import type { Symbols, Tuples } from './symbols.ts';
import type { Field, KeyFamily, LabelSet } from './wants.ts';

/** What bytes came from: a file, standard input, a scrape, or mirrormon itself (reports). */
export interface Input {
  /** As the user names it: a path, or `-` for standard input. */
  readonly name: string;
  /** How its bytes are framed, once that is known; said before where it begins amid something. */
  framing: string;
  /** Where its first byte, at which a line begins, stands in what is read, decompressed; at its beginning if not said. */
  readonly from?: number | undefined;
  /** Whether its source may pause: silence tells that a record is complete. false: a file, which ends. */
  pauses?: boolean | undefined;
  /**
   * Of bytes that were put together from several places: where the one at an offset came from, for whoever tells a user
   * of it; undefined for what is long ago.
   */
  readonly placeOf?: ((offset: number) => SourcePlace | undefined) | undefined;
  /** When the record at an offset was written, for records that do not say so: epoch milliseconds, NaN if unknown. */
  readonly timeOf?: ((offset: number) => number) | undefined;
}

/** A place in a source of its own, such as an offset in a partition of a topic. */
export interface SourcePlace {
  readonly name: string;
  readonly offset: number;
}

/** A record that could not be read. */
export interface Rejected {
  /** Absolute byte offset in the (decompressed) input. */
  readonly offset: number;
  /** Bytes, without the line's end. */
  readonly length: number;
  readonly reason: RejectionReason;
  /** The record's bytes, valid as long as the batch; only its beginning if it was too long to keep. */
  readonly bytes: Uint8Array;
}

/** JSON types of a value in a column. */
export const ValueType = {
  absent: 0,
  string: 1,
  number: 2,
  true: 3,
  false: 4,
  null: 5,
  object: 6,
  array: 7,
} as const;

/** Levels of a log record, in ascending severity; 0 where a record has none. */
export const levels = ['', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

/**
 * Rows of a batch in any order, each at most once. What a column gives for a list is valid until the batch is asked for
 * another list of the same kind (numbers, hashes, ids), and as long as the batch.
 */
export type RowList = Uint32Array;

/** One field over the rows of a batch. Rows are 0 to rows - 1. */
export interface Column {
  type(row: number): number;
  /** The value of a number, NaN for anything else. */
  number(row: number): number;
  /** Those of these rows that have a value of any type, in their order. Lists are subject to the rule of RowList. */
  presentAmong(rows: RowList): RowList;
  /** `number` of these rows, in their order. Lists are subject to the rule of RowList. */
  numbersOf(rows: RowList): Float64Array;
  /**
   * Interned text in `batch.symbols`: a string's, a number's as its digits stand in the input, `true` and `false`; 0 for
   * absent, null, objects and arrays. For texts that repeat: ids of ever new texts fill the dictionary.
   */
  id(row: number): number;
  /** `id` of these rows, in their order. Lists are subject to the rule of RowList. */
  idsOf(rows: RowList): Uint32Array;
  /** The same text without interning it; undefined where `id` is 0. For texts that do not repeat (session ids). */
  text(row: number): string | undefined;
  /**
   * Of these rows, in their order, a hash of `text`, 64 bits in two words: both 0 where the text is undefined, and only
   * there. Equal for equal texts in every process, whoever parsed them: states of runs hold them.
   */
  hashesOf(rows: RowList): Uint32Array;
  /** Interned list of the keys of an object, in its order, each followed by U+0000; 0 for anything but an object. */
  keys(row: number): number;
  /** `keys` of these rows, in their order: ids, subject to the rule of RowList. */
  keysOf(rows: RowList): Uint32Array;
}

/** One label set over the rows of a batch. */
export interface LabelColumn {
  readonly tuples: Tuples;
  id(row: number): number;
  /** `id` of these rows, in their order. */
  idsOf(rows: RowList): Uint32Array;
}

/** An account of records that are no rows. */
export interface Dismissed {
  readonly records: number;
  /** Of them, those that touched a series. */
  readonly measured: number;
  /** The newest of their times, milliseconds since the epoch; -Infinity if there was none. */
  readonly newest: number;
  /** Of each row of the batch the newest time of those before it. */
  readonly before: Float64Array;
}

/**
 * A run of records of one input, in input order, as columns. Valid until released by everyone who retained it: memory
 * may be reused after that, which is how backpressure reaches the parser.
 */
export interface Batch {
  readonly input: Input;
  readonly rows: number;
  /** The records as they came, or as their framing made them (Frames.origin); a report's bytes are empty (its events are made when they are written). */
  readonly bytes: Uint8Array;
  /** Absolute byte offset of bytes[0] in the decompressed input; leads nowhere if a framing made the bytes. */
  readonly base: number;
  /** Where each record lies in `bytes`. */
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
  /** Per row the record as it came, where `bytes` hold a translation of it (Origin.texts). */
  readonly texts?: readonly (Uint8Array | undefined)[] | undefined;
  /** Event time in milliseconds since the epoch, NaN where a record has none. */
  readonly time: Float64Array;
  /** Index into `levels`. */
  readonly level: Uint8Array;
  /** Written by classify; see kinds.ts. */
  readonly kind: Uint8Array;
  /** Rows whose kind is still to be told, all others having theirs (Wants.kindRule); undefined = all are. */
  readonly untold?: number | undefined;
  /** Records that were measured where they were read and are no rows, because nobody wants them. */
  readonly dismissed?: Dismissed | undefined;
  /** Measures what the plan says of the rows (Wants.plan), if there is one. */
  readonly measurer?: Measurer | undefined;
  readonly symbols: Symbols;
  readonly rejected: readonly Rejected[];
  /** Bytes of input that this batch accounts for, framing and blank lines included. */
  readonly consumed: number;
  column(field: Field): Column;
  labels(set: LabelSet): LabelColumn;
  /** Whether a record has a key of the family. */
  has(family: KeyFamily, row: number): boolean;
  /**
   * Of these rows, in their order, the XXH64 of the record's text, framing taken off: 64 bits in two words, the lower
   * first. What is random about a record is made of it. Lists are subject to the rule of RowList.
   */
  recordHashes(rows: RowList): Uint32Array;
  /** A record as a plain object, for what needs all of it. Numbers are doubles: digits beyond 2^53 are in `bytes`. */
  object(row: number): Readonly<Record<string, unknown>>;
  retain(): void;
  release(): void;
}

/** What flows behind aggregate: rows `from` to `to` of a batch, reports standing between them where they fell due. */
export interface Flow {
  readonly batch: Batch;
  readonly from: number;
  readonly to: number;
  /** Made here and not read: a report of our own series, or sessions that have ended (rows of kind `session`). */
  readonly report: boolean;
}

/** What one handler's subscriptions select of a flow, in the order to write it; parallel arrays of length `count`. */
export interface Picks {
  /** Index of the handler. */
  readonly handler: number;
  readonly count: number;
  readonly row: Uint32Array;
  /** Index of the subscription within its handler. */
  readonly subscription: Uint16Array;
  /** The keys of a metric event to write; undefined = the record unchanged. Empty where that holds for all. */
  readonly keys: readonly (readonly string[] | undefined)[];
}

/** What leaves filter: the flow, and for each handler that selected something its picks. */
export interface Selection {
  readonly flow: Flow;
  readonly picks: readonly Picks[];
}
