/**
 * Records of one line each. LF alone ends a line (U+2028 and its kin do not), one CR before it is cut off, lines of
 * nothing but spaces, tabs and CR are skipped, and a last line without LF counts.
 */

import type { Rejected } from '../batch/batch.ts';
import type { Framer, Frames } from '../batch/framer.ts';
import { KEPT_OF_TOO_LONG, MARK_AND_CR, MAX_ROWS, PREFIX_ROOM } from '../batch/framer.ts';
import { CR, LF } from '../text/bytes.ts';
import { type Block, byteOrderMark, LineBlocks } from './blocks.ts';

/**
 * Where the record begins in the line from `start` to `end`: behind what `kubectl logs --prefix`, stern or a container
 * runtime put before it. `start` itself if nothing was. Looks at PREFIX_ROOM bytes at most.
 */
export type LinePrefix = (bytes: Uint8Array, start: number, end: number) => number;

export interface LineOptions {
  /** A longer record is rejected as too-long; prefix and line end do not count. */
  readonly maxRecordBytes: number;
  readonly prefix?: LinePrefix | undefined;
  /** Offset of the first byte; 0 if not said. */
  readonly from?: number | undefined;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    if (c !== 0x20 && c !== 0x09 && c !== CR) return false;
  }
  return true;
}

export class LineFramer implements Framer {
  private readonly maxRecordBytes: number;
  private readonly prefix: LinePrefix | undefined;
  private readonly blocks: LineBlocks;
  // Of the frames under way; what is emitted is cut to size.
  private readonly offset = new Uint32Array(MAX_ROWS);
  private readonly length = new Uint32Array(MAX_ROWS);
  private count = 0;
  private rejected: Rejected[] = [];

  constructor(options: LineOptions) {
    this.maxRecordBytes = options.maxRecordBytes;
    this.prefix = options.prefix;
    const prefixRoom = options.prefix === undefined ? 0 : PREFIX_ROOM;
    this.blocks = new LineBlocks(options.maxRecordBytes + prefixRoom + MARK_AND_CR, options.from);
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<Frames> {
    for (const block of this.blocks.push(chunk)) yield* this.frames(block);
  }

  *end(cut?: boolean): Generator<Frames> {
    for (const block of this.blocks.end(cut)) yield* this.frames(block);
  }

  private *frames(block: Block): Generator<Frames> {
    const { bytes, base, unkept, hole } = block;
    if (hole !== undefined) {
      yield this.take(bytes, base, hole);
      return;
    }
    if (unkept !== undefined) {
      const start = this.recordStart(bytes, base, 0, bytes.length);
      this.rejectTooLong(bytes, base, start, unkept.length - start);
      yield this.take(bytes, base, unkept.consumed);
      return;
    }
    let from = 0;
    let start = 0;
    while (start < bytes.length) {
      const lf = bytes.indexOf(LF, start);
      const end = lf < 0 ? bytes.length : lf;
      this.line(bytes, base, from, start, end);
      start = lf < 0 ? end : lf + 1;
      if (this.count + this.rejected.length >= MAX_ROWS) {
        yield this.take(bytes.subarray(from, start), base + from, start - from);
        from = start;
      }
    }
    if (from < bytes.length) yield this.take(bytes.subarray(from), base + from, bytes.length - from);
  }

  /** One line; its place is noted relative to `from`. */
  private line(bytes: Buffer, base: number, from: number, lineStart: number, lineEnd: number): void {
    const end = lineEnd > lineStart && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const start = this.recordStart(bytes, base, lineStart, end);
    // First, since of a line that was given up nobody can say that it was blank.
    if (end - start > this.maxRecordBytes) {
      this.rejectTooLong(bytes, base, start, end - start);
      return;
    }
    if (end <= start || (bytes[start]! <= 0x20 && isBlank(bytes, start, end))) return;
    this.offset[this.count] = start - from;
    this.length[this.count] = end - start;
    this.count++;
  }

  private recordStart(bytes: Buffer, base: number, lineStart: number, end: number): number {
    const start = base + lineStart === 0 ? byteOrderMark(bytes) : lineStart;
    return this.prefix === undefined ? start : this.prefix(bytes, start, end);
  }

  private rejectTooLong(bytes: Buffer, base: number, start: number, length: number): void {
    const kept = bytes.subarray(start, start + Math.min(length, KEPT_OF_TOO_LONG));
    this.rejected.push({ offset: base + start, length, reason: 'too-long', bytes: kept });
  }

  private take(bytes: Uint8Array, base: number, consumed: number): Frames {
    const frames = {
      bytes,
      base,
      count: this.count,
      offset: this.offset.slice(0, this.count),
      length: this.length.slice(0, this.count),
      rejected: this.rejected,
      consumed,
    };
    this.count = 0;
    this.rejected = [];
    return frames;
  }
}
