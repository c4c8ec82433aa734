/** Frames whose bytes are made: what was unwrapped, joined or translated, with the place that each record came from. */

import type { Rejected } from '../batch/batch.ts';
import type { Frames } from '../batch/framer.ts';
import { KEPT_OF_TOO_LONG, MAX_ROWS } from '../batch/framer.ts';
import type { RejectionReason } from '../errors.ts';
import { asBuffer, CR, LF, withoutLineEnd } from '../text/bytes.ts';
import { OPEN_BRACE } from '../text/json.ts';
import { seemsToHoldAnother } from './unwrap/glued-texts.ts';

/** A run of the input's bytes; of a record in pieces, the pieces one after the other. */
export interface Place {
  /** Absolute. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Told of a text record, by its offset, that holds what looks like the beginning of another one. */
export type OnAnother = (offset: number) => void;

/** Bytes of records after which frames are given out: what the scanner takes at once. */
const ENOUGH = 1 << 18;
const FIRST_ROOM = 1 << 12;
/** What records take more than those of the frames before, at first. */
const MORE = 1.125;

export class MadeFrames {
  private buffer = Buffer.alloc(0);
  private offsets: number[] = [];
  private lengths: number[] = [];
  private end = 0;
  /** Bytes that the frames before took. */
  private usual = 0;
  private placeOffsets: number[] = [];
  private sources: Uint8Array[] = [];
  private texts: (Uint8Array | undefined)[] = [];
  private times: number[] = [];
  private rejected: Rejected[] = [];
  private readonly onAnother: OnAnother | undefined;
  /** Where the furthest of all begins that was ever added. */
  furthest = Number.NEGATIVE_INFINITY;

  constructor(onAnother?: OnAnother | undefined) {
    this.onAnother = onAnother;
  }

  get full(): boolean {
    return this.offsets.length + this.rejected.length >= MAX_ROWS || this.end >= ENOUGH;
  }

  get empty(): boolean {
    return this.offsets.length + this.rejected.length === 0;
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
    this.close(start, place, time, text);
  }

  /** Where the next record begins in `target`, with room for so many bytes: others may write it there, and commit it. */
  begin(room: number): number {
    this.reserve(room);
    return this.end;
  }

  get target(): Buffer {
    return this.buffer;
  }

  /** Adds the record that was written in `target` from `begin` to `end`, a translation of the place's bytes. */
  commit(end: number, place: Place): void {
    const start = this.end;
    this.end = end;
    this.close(start, place, Number.NaN, place.bytes);
  }

  /** The record that begins at `start` has been written. */
  private close(start: number, place: Place, time: number, text: Uint8Array | undefined): void {
    this.offsets.push(start);
    this.lengths.push(this.end - start);
    // as in a file of lines: neighbours can then be written out, and scanned, together
    this.buffer[this.end++] = LF;
    this.placeOffsets.push(place.offset);
    this.furthest = Math.max(this.furthest, place.offset);
    this.sources.push(endsLine(place.bytes.at(-1)) ? withoutLineEnd(place.bytes) : place.bytes);
    this.texts.push(text);
    this.times.push(time);
    if (text !== undefined && text[0] !== OPEN_BRACE && this.onAnother !== undefined) {
      if (seemsToHoldAnother(asBuffer(text))) this.onAnother(place.offset);
    }
  }

  private reserve(bytes: number): void {
    const needed = this.end + bytes + 1;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(
      Math.max(needed, 2 * this.buffer.length || Math.ceil(this.usual * MORE) + FIRST_ROOM),
    );
    this.buffer.copy(grown, 0, 0, this.end);
    this.buffer = grown;
  }

  reject(reason: Exclude<RejectionReason, 'too-long'>, place: Place): void {
    const bytes = withoutLineEnd(place.bytes);
    this.refuse({ offset: place.offset, length: bytes.length, reason, bytes });
  }

  /** @param length of the record's bytes, of which `place` may hold only the beginning */
  rejectTooLong({ offset, bytes }: Place, length: number): void {
    const kept = bytes.subarray(0, Math.min(length, KEPT_OF_TOO_LONG));
    this.refuse({ offset, length, reason: 'too-long', bytes: kept });
  }

  private refuse(rejected: Rejected): void {
    this.rejected.push(rejected);
    this.furthest = Math.max(this.furthest, rejected.offset);
  }

  /** What was added since the last time, as frames of the bytes of input from `base` on. */
  take(base: number, consumed: number): Frames {
    const frames = {
      bytes: this.buffer.subarray(0, this.end),
      base,
      count: this.offsets.length,
      offset: new Uint32Array(this.offsets),
      length: new Uint32Array(this.lengths),
      rejected: this.rejected,
      consumed,
      origin: {
        offset: new Float64Array(this.placeOffsets),
        bytes: this.sources,
        texts: this.texts,
        times: new Float64Array(this.times),
      },
    };
    this.usual = this.end;
    this.buffer = Buffer.alloc(0);
    this.offsets = [];
    this.lengths = [];
    this.end = 0;
    this.placeOffsets = [];
    this.sources = [];
    this.texts = [];
    this.times = [];
    this.rejected = [];
    return frames;
  }
}

function endsLine(c: number | undefined): boolean {
  return c === LF || c === CR;
}
