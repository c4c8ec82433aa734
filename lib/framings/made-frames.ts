/** Frames whose bytes are made: what was unwrapped, joined or translated, with the place that each record came from. */

import type { Rejected } from '../batch/batch.ts';
import type { Frames } from '../batch/framer.ts';
import { KEPT_OF_TOO_LONG, MAX_ROWS } from '../batch/framer.ts';
import type { RejectionReason } from '../errors.ts';
import { CR, LF } from '../text/bytes.ts';

/** A run of the input's bytes; of a record in pieces, the pieces one after the other. */
export interface Place {
  /** Absolute. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const lineFeed = Buffer.from('\n');

/** Without LF or CR LF at the end. */
export function withoutLineEnd<T extends Uint8Array>(line: T): T {
  let end = line.length;
  if (line[end - 1] === LF) end--;
  if (line[end - 1] === CR) end--;
  return line.subarray(0, end) as T;
}

export class MadeFrames {
  private pieces: Uint8Array[] = [];
  private offsets: number[] = [];
  private lengths: number[] = [];
  private end = 0;
  private places: Place[] = [];
  private texts: (Uint8Array | undefined)[] = [];
  private rejected: Rejected[] = [];

  get full(): boolean {
    return this.places.length + this.rejected.length >= MAX_ROWS;
  }

  get empty(): boolean {
    return this.places.length + this.rejected.length === 0;
  }

  /** @param text the record as it came, if `record` is a translation of it */
  add(record: Uint8Array, place: Place, text?: Uint8Array): void {
    this.offsets.push(this.end);
    this.lengths.push(record.length);
    // As in a file of lines: neighbours can then be written out together.
    this.pieces.push(record, lineFeed);
    this.end += record.length + 1;
    this.places.push({ offset: place.offset, bytes: withoutLineEnd(place.bytes) });
    this.texts.push(text);
  }

  reject(reason: Exclude<RejectionReason, 'too-long'>, place: Place): void {
    const bytes = withoutLineEnd(place.bytes);
    this.rejected.push({ offset: place.offset, length: bytes.length, reason, bytes });
  }

  /** @param length of the record's bytes, of which `place` may hold only the beginning */
  rejectTooLong({ offset, bytes }: Place, length: number): void {
    const kept = bytes.subarray(0, Math.min(length, KEPT_OF_TOO_LONG));
    this.rejected.push({ offset, length, reason: 'too-long', bytes: kept });
  }

  /** What was added since the last time, as frames of the bytes of input from `base` on. */
  take(base: number, consumed: number): Frames {
    const frames = {
      bytes: Buffer.concat(this.pieces),
      base,
      count: this.places.length,
      offset: Uint32Array.from(this.offsets),
      length: Uint32Array.from(this.lengths),
      rejected: this.rejected,
      consumed,
      origin: {
        offset: Float64Array.from(this.places, (place) => place.offset),
        bytes: this.places.map((place) => place.bytes),
        texts: this.texts,
      },
    };
    this.pieces = [];
    this.offsets = [];
    this.lengths = [];
    this.end = 0;
    this.places = [];
    this.texts = [];
    this.rejected = [];
    return frames;
  }
}
