import type { Wants } from '../../../batch/wants.ts';
import type { TakenNotes } from '../aggregation/engine-notes.ts';
import type { PartialsState, Places } from '../aggregation/partial-tables.ts';
import type { ScannerLimits } from '../memory-plan.ts';

/** What a worker is started with. */
export interface Setup {
  /** A module and a memory of WebAssembly, by shape: whoever compiles with our declarations need not have those. */
  readonly module: object;
  readonly memory: { readonly buffer: ArrayBufferLike; grow(pages: number): number };
  /** Where the worker's own tables begin in the memory. */
  readonly start: number;
  /** As plain data: what a thread is sent loses its methods. */
  readonly wants: Wants;
  readonly limits: ScannerLimits;
  /** Whether it measures what it scans. */
  readonly measures: boolean;
  readonly windowBytes: number;
  readonly maxLineBytes: number;
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
  /**
   * Bytes that are read and scanned at a time, as long as nothing but accounts comes of them; they end with the first one
   * of which more comes.
   */
  readonly piece: number;
}

export interface Job {
  /** Address of the slot. */
  readonly slot: number;
  /** Of `scan` (assembly/write-batch.ts). */
  readonly mode: number;
  /** Addresses of the columns to make ahead, in the order of the plan (Wants.readings). */
  readonly columns: readonly number[];
  /** What to read into the slot's window; else the bytes are there: that many, whole lines, from that offset on. */
  readonly range?: RangeOrder | undefined;
  /** Said by the first job behind one that did not reach its range's stop: those between are not to be done. */
  readonly resumes?: boolean | undefined;
  readonly size: number;
  readonly base: number;
  /** Set where records are to be measured as they are scanned. */
  readonly measuring?: Measuring | undefined;
  /** Whether its partials have been taken, before the job. */
  readonly taken?: boolean | undefined;
  /** For what it notes of sessions from now on: its own from there on, until it answers with notes in it. */
  readonly room?: ArrayBuffer | undefined;
}

/** See assembly/aggregation/measured-scan.ts. */
export interface Measuring {
  readonly until: number;
  /** Of the input's first byte. */
  readonly order: number;
}

/** A job: to say what partials there are, and wait; or what ticks were logged, and go on. */
export interface Collect {
  readonly collect: 'all' | 'ticks';
  /** Not if a job before it was not done to its stop, or at all. */
  readonly unlessSkipping: boolean;
}

export interface Collected {
  readonly collected: PartialsState;
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
  /** Rows whose kind the scan did not tell. */
  readonly untold: number;
  readonly dismissed: DismissedRecords | undefined;
  /** Whether the range's last line, which begins at `end`, has its end too far away, or nowhere yet. */
  readonly unfinished: boolean;
  /** Counts how often the dictionaries were emptied. */
  readonly generation: number;
  readonly sizes: Sizes;
  /** Of the pieces of the range before the one that all this is about. */
  readonly before?: Account | undefined;
  /** What was noted of sessions, in those pieces too. */
  readonly notes: TakenNotes | undefined;
  /** Where the range was read to, and whether a line begins there for certain: not to its stop if a piece ended it. */
  readonly reached: number;
  readonly reachedLine: boolean;
}

/** Records that were measured and are no rows: see lib/batch/batch.ts. */
export interface DismissedRecords {
  readonly records: number;
  readonly measured: number;
  readonly newest: number;
  /** Whether some record found no room for what it gives. */
  readonly lacksRoom: boolean;
}

/** Lines of which nothing is left but how much was measured of them: those at [from, to) of the input. */
export interface Account {
  readonly from: number;
  readonly to: number;
  readonly dismissed: Omit<DismissedRecords, 'lacksRoom'>;
}

/** Room that maps from ids must have: of texts, and of key lists. */
export interface Sizes {
  readonly ids: number;
  readonly keys: number;
}

/** The file could not be read: whoever reads it again will find out why. */
export const UNREADABLE = 'unreadable';

/** Of what comes behind a job that did not reach its stop: nothing was done. */
export const SKIPPED = 'skipped';

/** It has started; where its tables are, if it measures. */
export interface Ready {
  readonly ready: Places | undefined;
}

export type Reply = Scan | typeof UNREADABLE | typeof SKIPPED | Ready | Collected;
