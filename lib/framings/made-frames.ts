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

/** Without LF or CR LF at the end. */
export function withoutLineEnd<T extends Uint8Array>(line: T): T {
  let end = line.length;
  if (line[end - 1] === LF) end--;
  if (line[end - 1] === CR) end--;
  return line.subarray(0, end) as T;
}

/** Bytes of records after which frames are given out: what the scanner takes at once. */
const ENOUGH = 1 << 18;
const FIRST_ROOM = 1 << 12;

export class MadeFrames {
  private buffer = Buffer.alloc(0);
  private offsets: number[] = [];
  private lengths: number[] = [];
  private end = 0;
  private places: Place[] = [];
  private texts: (Uint8Array | undefined)[] = [];
  private times: number[] = [];
  private rejected: Rejected[] = [];

  get full(): boolean {
    return this.places.length + this.rejected.length >= MAX_ROWS || this.end >= ENOUGH;
  }

  get empty(): boolean {
    return this.places.length + this.rejected.length === 0;
  }

  /**
   * @param time what its wrapping says of when it was written; NaN if nothing
   * @param text the record as it came, if `record` is a translation of it
   */
  add(record: Uint8Array | string, place: Place, time: number, text?: Uint8Array): void {
    const start = this.end;
    // a character of a string takes three bytes at most
    this.reserve(typeof record === 'string' ? 3 * record.length : record.length);
    if (typeof record === 'string') this.end += this.buffer.write(record, start);
    else {
      this.buffer.set(record, start);
      this.end += record.length;
    }
    this.offsets.push(start);
    this.lengths.push(this.end - start);
    // as in a file of lines: neighbours can then be written out, and scanned, together
    this.buffer[this.end++] = LF;
    this.places.push({ offset: place.offset, bytes: withoutLineEnd(place.bytes) });
    this.texts.push(text);
    this.times.push(time);
  }

  private reserve(bytes: number): void {
    const needed = this.end + bytes + 1;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_ROOM, needed, 2 * this.buffer.length));
    this.buffer.copy(grown, 0, 0, this.end);
    this.buffer = grown;
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
      bytes: this.buffer.subarray(0, this.end),
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
        times: Float64Array.from(this.times),
      },
    };
    this.buffer = Buffer.alloc(0);
    this.offsets = [];
    this.lengths = [];
    this.end = 0;
    this.places = [];
    this.texts = [];
    this.times = [];
    this.rejected = [];
    return frames;
  }
}
