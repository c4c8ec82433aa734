import type { Batch, Input } from '../batch/batch.ts';

/**
 * Bytes of one input in, batches in input order out. The one interface behind the parse stage: the reference
 * implementation (reference/) reads with JSON.parse and is the tests' oracle; others must give the same batches.
 * The next batch is asked for only when there is room for it, so iterables must be lazy.
 */
export interface Parser {
  /** The chunk is the parser's until the iterable has come to its end: what is kept of it for longer is copied. */
  push(chunk: Uint8Array): Iterable<Batch> | AsyncIterable<Batch>;
  /**
   * The input has ended: what is left of it.
   * @param cut reading was stopped there: a last line without LF counts only where it shows that it is whole
   */
  end(cut?: boolean): Iterable<Batch> | AsyncIterable<Batch>;
  /** Takes all that is left of the input at once, in place of further chunks; `end` still follows. */
  rest?(rest: Rest): AsyncIterable<Batch>;
  /** Whether a record waits that may be complete: only what comes next, or silence, tells. */
  readonly waiting?: boolean;
  /**
   * Offset of the first byte of what waits, counted as the input's places are: nothing behind it was given out, so that the
   * input can be read anew from there. undefined if there is no such place.
   */
  readonly waitingFrom?: number | undefined;
  /** Gives out what waits: silence has told that it is complete. */
  settle?(): Iterable<Batch>;
}

/** What follows the first chunks of a large input, for parsers that read or divide it themselves. */
export interface Rest {
  /**
   * All of it, decompressed. Where `file` is set: the file from that offset on, as often as it is asked for. Never
   * fails: what cannot be read has been reported, and ends it. A chunk is the consumer's until it asks for the next one.
   */
  bytes(from?: number): AsyncIterable<Uint8Array>;
  /** Whether its source may pause: silence tells that a record is complete. */
  readonly pauses?: boolean | undefined;
  /** Whoever fetches it keeps the other processors busy: workers would be in its way. */
  readonly isCrowded?: boolean | undefined;
  /** Set where the input is a plain regular file. */
  readonly file?: FileRange | undefined;
}

export interface FileRange {
  /** Open for as long as the rest is read: the path may belong to another file by now. */
  readonly descriptor: number;
  /** Offsets: behind the last chunk, and the file's end when it was opened. */
  readonly from: number;
  readonly to: number;
  /** Says how far it has been read. */
  progress(offset: number): void;
  /** Nothing more is to be read once it aborts. */
  readonly signal?: AbortSignal | undefined;
}

export type OpenParser = (input: Input) => Parser;
