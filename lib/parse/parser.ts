import type { Batch, Input, Rejected } from '../batch/batch.ts';
import type { RejectionReason } from '../errors.ts';

/**
 * Bytes of one input in, batches in input order out. The one interface behind the parse stage: the reference
 * implementation (reference/) reads with JSON.parse and is the tests' oracle; others must give the same batches.
 * The next batch is asked for only when there is room for it, so iterables must be lazy.
 */
export interface Parser {
  /** The chunk is the parser's until the iterable has come to its end: what is kept of it for longer is copied. */
  push(chunk: Uint8Array): Iterable<Batch> | AsyncIterable<Batch>;
  /** The input has ended: what is left of it. */
  end(): Iterable<Batch> | AsyncIterable<Batch>;
  /** Takes all that is left of the input at once, in place of further chunks; `end` still follows. */
  rest?(rest: Rest): AsyncIterable<Batch>;
}

/** What follows the first chunks of a large input, for parsers that read or divide it themselves. */
export interface Rest {
  /**
   * All of it, decompressed. Where `file` is set: the file from that offset on, as often as it is asked for. Never
   * fails: what cannot be read has been reported, and ends it. A chunk is the consumer's until it asks for the next one.
   */
  bytes(from?: number): AsyncIterable<Uint8Array>;
  /** Set where the input is a plain regular file. */
  readonly file?: FileRange | undefined;
}

export interface FileRange {
  readonly path: string;
  /** Offsets: behind the last chunk, and the file's end when it was opened. */
  readonly from: number;
  readonly to: number;
  /** Says how far it has been read. */
  progress(offset: number): void;
  /** Nothing more is to be read once it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** An input that knows how its bytes are framed, whatever others are, and brings what frames them. */
export interface FramedInput extends Input {
  framer(maxRecordBytes: number): Framer;
}

export function isFramed(input: Input): input is FramedInput {
  return 'framer' in input;
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
  /**
   * Set where `bytes` were made (unwrapped, joined, translated) and are no slice of the input: where each record comes
   * from. `base` then leads nowhere, and a dead letter is told by its origin alone; see rejectedAt.
   */
  readonly origin?: Origin | undefined;
}

/** Where the records of made bytes stood, by the record's index in its frames. */
export interface Origin {
  /** Absolute offset of the first byte in the decompressed input; of a joined record, of its first piece. */
  readonly offset: Float64Array;
  /**
   * The input's bytes that the record was made from, its wrapping included, without the last line's end. The pieces of
   * a joined record follow one another here as they stood, though other streams' lines may lie between them.
   */
  readonly bytes: readonly Uint8Array[];
  /** What the wrapping held where that is no JSON and was translated: a record of tracing's text layouts, as it came. */
  readonly texts: readonly (Uint8Array | undefined)[];
}

/** A record of the frames as the dead letter that it becomes; every parser tells its rejections by it. */
export function rejectedAt(frames: Frames, index: number, reason: RejectionReason): Rejected {
  const { origin } = frames;
  if (origin !== undefined) {
    const bytes = origin.bytes[index]!;
    return { offset: origin.offset[index]!, length: bytes.length, reason, bytes };
  }
  const start = frames.offset[index]!;
  const length = frames.length[index]!;
  return { offset: frames.base + start, length, reason, bytes: frames.bytes.subarray(start, start + length) };
}

/**
 * Finds records in the bytes of one input: lines, values of a JSON document, prefixed lines. Chunks may be cut anywhere.
 * Frames hold at most `maxRows` records each.
 */
export interface Framer {
  push(chunk: Uint8Array): Iterable<Frames>;
  end(): Iterable<Frames>;
}
