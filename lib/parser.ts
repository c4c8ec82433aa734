import type { Batch, Input, Rejected } from './batch.ts';

/**
 * Bytes of one input in, batches in input order out. The one interface behind the parse stage: the reference
 * implementation (reference/) reads with JSON.parse and is the tests' oracle; others must give the same batches.
 * The next batch is asked for only when there is room for it, so iterables must be lazy.
 */
export interface Parser {
  push(chunk: Uint8Array): Iterable<Batch> | AsyncIterable<Batch>;
  /** The input has ended: what is left of it. */
  end(): Iterable<Batch> | AsyncIterable<Batch>;
}

export type OpenParser = (input: Input) => Parser;

/** Records found in a run of bytes, before anyone looks inside them. */
export interface Frames {
  readonly bytes: Uint8Array;
  /** Absolute offset of bytes[0] in the decompressed input. */
  readonly base: number;
  readonly count: number;
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
  readonly rejected: readonly Rejected[];
  /** Bytes of input that these frames account for. */
  readonly consumed: number;
}

/**
 * Finds records in the bytes of one input: lines, values of a JSON document, prefixed lines. Chunks may be cut anywhere.
 * Frames hold at most `maxRows` records each.
 */
export interface Framer {
  push(chunk: Uint8Array): Iterable<Frames>;
  end(): Iterable<Frames>;
}
