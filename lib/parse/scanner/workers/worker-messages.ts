import type { Wants } from '../../../batch/wants.ts';
import type { ScannerLimits } from '../memory-plan.ts';

/** What a worker is started with. */
export interface Setup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Where the worker's own tables begin in the memory. */
  readonly start: number;
  /** As plain data: what a thread is sent loses its methods. */
  readonly wants: Wants;
  readonly limits: ScannerLimits;
  readonly windowBytes: number;
  readonly maxLineBytes: number;
  /** Of texts' hashes. */
  readonly hashKey: Uint32Array;
  readonly foresight: SharedArrayBuffer;
}

export const columnKinds = ['ids', 'keys', 'labels', 'numbers', 'hashes'] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** A column to make ahead: of which field or label set, and where to. */
export interface ColumnOrder {
  readonly kind: ColumnKind;
  readonly index: number;
  readonly address: number;
}

/** Lines of a file: those that begin in [start, stop). */
export interface RangeOrder {
  /** Open in the process: the same file for every thread. */
  readonly descriptor: number;
  readonly start: number;
  readonly stop: number;
  /** Nothing is read from here on. */
  readonly limit: number;
  /** Whether a line is known to begin at `start`. */
  readonly atLine: boolean;
}

export interface Job {
  /** Address of the slot. */
  readonly slot: number;
  /** Of `scan` (assembly/write-batch.ts). */
  readonly mode: number;
  /** Of this slot from now on; not said if they are those of the job before. */
  readonly columns?: readonly ColumnOrder[] | undefined;
  /** What to read into the slot's window; else the bytes are there: that many, whole lines, from that offset on. */
  readonly range?: RangeOrder | undefined;
  readonly size: number;
  readonly base: number;
}

/** What became of a job. Places are in the slot's window. */
export interface Scan {
  /** Offset of the window's first byte in the input. */
  readonly base: number;
  /** Whole lines, and how far they were scanned: not to the end if the batch is full. */
  readonly begin: number;
  readonly end: number;
  readonly scanned: number;
  readonly rows: number;
  readonly rejected: number;
  /** Whether it ended before a line that the main thread is to look at. */
  readonly stopped: boolean;
  /** Whether the range's last line, which begins at `end`, has its end too far away, or nowhere yet. */
  readonly unfinished: boolean;
  /** How many of the columns were made, in the order in which they were asked for. */
  readonly made: number;
  /** Counts how often the dictionaries were emptied. */
  readonly generation: number;
  readonly sizes: Sizes;
}

/** Ids in use: of texts, of key lists, and of each label set. */
export interface Sizes {
  readonly symbols: number;
  readonly lists: number;
  readonly tuples: readonly number[];
}

/** The file could not be read: whoever reads it again will find out why. */
export const UNREADABLE = 'unreadable';
export const READY = 'ready';

export type Reply = Scan | typeof UNREADABLE | typeof READY;
