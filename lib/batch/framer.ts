import type { RejectionReason } from '../errors.ts';
import type { Input, Rejected } from './batch.ts';

/** Bytes kept of what is too long to keep: enough for a person to recognise it. */
export const KEPT_OF_TOO_LONG = 1024;

/** The longest prefix that is looked for before a record. */
export const PREFIX_ROOM = 512;

/** A line is given up only when not even a byte order mark before its record and a CR behind it could make that fit. */
export const MARK_AND_CR = 4;

/** Records of which frames consist at most. */
export const MAX_ROWS = 4096;

/** An input that knows how its bytes are framed, whatever others are, and brings what frames them. */
export interface FramedInput extends Input {
  framer(maxRecordBytes: number): Framer;
}

export function isFramed(input: Input): input is FramedInput {
  return 'framer' in input;
}

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
  /** What the wrapping says of when it was written, epoch milliseconds: for records that do not say. NaN if nothing. */
  readonly times: Float64Array;
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
 * Frames hold MAX_ROWS records at most.
 */
export interface Framer {
  push(chunk: Uint8Array): Iterable<Frames>;
  /** @param cut see Parser: a last line that may go on was not read */
  end(cut?: boolean): Iterable<Frames>;
  /** Whether a record waits that may be complete: only what comes next, or silence, tells. */
  readonly waiting?: boolean;
  /** Offset of the first byte of what waits, behind which nothing was given out; undefined if there is none. */
  readonly waitingFrom?: number | undefined;
  /** Gives out what waits: silence has told that it is complete. */
  settle?(): Iterable<Frames>;
}

/** Reads lines that are no records as they stand: wrapped, of a text layout, several in one, damaged. */
export interface LineReader {
  /** Whole lines, the last one's LF maybe missing, whose first byte stands at `base` of the input. */
  lines(bytes: Uint8Array, base: number): Iterable<Frames>;
  /** What waits for further lines is all that comes of it. */
  settle(): Iterable<Frames>;
  /** Whether something waits for the next line: that one must be read here too. */
  readonly waiting: boolean;
  /** Offset of its first byte, behind which nothing was given out; undefined if there is none. */
  readonly waitingFrom?: number | undefined;
}
