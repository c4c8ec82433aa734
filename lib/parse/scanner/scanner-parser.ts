import type { Dismissed, Input, Rejected } from '../../batch/batch.ts';
import { type LineReader, MARK_AND_CR, PREFIX_ROOM } from '../../batch/framer.ts';
import { copyBytes, isHole, LF } from '../../text/bytes.ts';
import { endsObject } from '../../text/json.ts';
import type { Parser } from '../parser.ts';
import { cutBefore, nextBarrier } from './aggregation/tick-barriers.ts';
import type { Engine, TakenSlot } from './engine.ts';
import { LostLine } from './lost-line.ts';
import { scanMade } from './made-lines.ts';
import { rejectionsOf } from './rejections.ts';
import { ScannedBatch } from './scanned-batch.ts';
import type { Slot } from './slot.ts';
import { settleTimes } from './times.ts';

/** Bytes of a chunk that are copied and scanned at once: what the second-level cache holds beside the tables. */
export const LARGEST_PIECE = 1 << 19;
const SMALLEST_PIECE = 1 << 16;

/** Modes of a scan. */
export const PREFIXES = 1;
const STOPS = 2;
/** Stops at lines that may be other framings', of which the family has keys (assembly/write-batch.ts). */
export function stopsAt(family: number): number {
  return STOPS | ((family + 1) << 8);
}

/** Lines that are read otherwise once the scanner has stopped: more each time it stops again soon. */
const MOST_OTHER = 1 << 17;

const NOTHING = new Uint8Array(0);

/** Bytes of an unfinished line that are kept. */
export function longestUnfinishedLine(maxRecordBytes: number): number {
  return maxRecordBytes + PREFIX_ROOM + MARK_AND_CR;
}

export interface ScannerParserOptions {
  readonly input: Input;
  /** Of `scan` (assembly/write-batch.ts). */
  readonly mode: number;
  readonly maxRecordBytes: number;
  /** Reads what the scanner stops at, where the mode says that it does. */
  readonly lineReader?: LineReader | undefined;
  /** Of the input's first byte among all that is measured, from 1 on. */
  readonly order: number;
  /** See EngineOptions. */
  readonly measureUntil: (() => number) | undefined;
  /** A free slot, and the engine that it belongs to. */
  readonly takeSlot: () => TakenSlot;
}

/**
 * Reads lines with the scanner. Bytes of a chunk are copied into the window of a slot, behind the unfinished line that
 * the chunk before left there, and scanned up to the last LF. Batches end with the chunk, or where a slot is full.
 */
export class ScannerParser implements Parser {
  private readonly options: ScannerParserOptions;
  private readonly unfinishedLimit: number;
  /** The slot that holds an unfinished line of `filled` bytes, which begins at `position` of the input. */
  private taken: TakenSlot | undefined;
  private filled = 0;
  private position: number;
  private lost: LostLine | undefined;
  private piece = LARGEST_PIECE;
  /** Bytes that the line reader takes next, at least a line; and that were scanned since it last did. */
  private other = 0;
  private scannedSince = 0;

  constructor(options: ScannerParserOptions) {
    this.options = options;
    this.position = options.input.from ?? 0;
    const limit = longestUnfinishedLine(options.maxRecordBytes);
    this.unfinishedLimit = hasPrefixes(options) ? limit : limit - PREFIX_ROOM;
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<ScannedBatch> {
    const bytes = bufferOf(chunk);
    let at = 0;
    while (at < bytes.length) {
      at = this.lost === undefined ? yield* this.read(bytes, at) : yield* this.skip(this.lost, bytes, at);
    }
  }

  /** Where a chunk that is pushed next is to be cut for a barrier of ticks, behind a line; 0 for nowhere. */
  cutAtBarrier(chunk: Uint8Array): number {
    return this.cutBefore(nextBarrier(this.position), chunk);
  }

  /** The same, so that the last line before an offset of the input comes before the cut. */
  cutBefore(offset: number, chunk: Uint8Array): number {
    const { lost, position, filled } = this;
    return cutBefore(offset, position + (lost?.length ?? filled), bufferOf(chunk));
  }

  /** The input has ended: its last line, if that had no LF. */
  *end(cut = false): Generator<ScannedBatch> {
    if (cut && !endsObject(this.unfinished ?? NOTHING)) this.moveTo(this.position);
    if (this.lost !== undefined) yield this.giveUp(this.lost, false);
    else if (this.taken !== undefined && this.filled > 0) {
      const { filled } = this;
      this.taken.slot.window[filled] = LF;
      yield* this.wholeLines(this.taken, filled + 1, filled);
    }
    yield* this.settle();
  }

  /** Whether something read so far waits for the next line. */
  get waiting(): boolean {
    return this.options.lineReader?.waiting ?? false;
  }

  get waitingFrom(): number | undefined {
    return this.options.lineReader?.waitingFrom;
  }

  /** What waits for further lines is all that comes of it. */
  *settle(): Generator<ScannedBatch> {
    const { lineReader } = this.options;
    for (const frames of lineReader?.settle() ?? []) yield* scanMade(frames, this.options);
  }

  /** Where the line begins that comes next, or has begun. */
  get lineStart(): number {
    return this.position;
  }

  /** The beginning of a line whose end has not come; undefined in one that is too long to keep. */
  get unfinished(): Uint8Array | undefined {
    if (this.lost !== undefined) return undefined;
    return this.taken?.slot.window.subarray(0, this.filled) ?? NOTHING;
  }

  /** Goes on at the start of a line elsewhere: others have read what is between, or will. */
  moveTo(lineStart: number): void {
    this.position = lineStart;
    this.filled = 0;
    this.lost = undefined;
    if (this.taken !== undefined) this.taken.engine.giveBack(this.taken.slot);
    this.taken = undefined;
  }

  /** Takes a piece of the chunk from `at` on; gives how far it came. */
  private *read(chunk: Buffer, at: number): Generator<ScannedBatch, number> {
    this.taken ??= this.options.takeSlot();
    const { taken, filled } = this;
    const piece = chunk.subarray(at, at + this.piece);
    copyBytes(taken.slot.window, filled, piece);
    const lf = piece.lastIndexOf(LF);
    if (lf < 0) {
      this.filled += piece.length;
      if (this.filled > this.unfinishedLimit) yield* this.overflow(taken);
      return at + piece.length;
    }
    const isTooLong = filled > 0 && filled + piece.indexOf(LF) > this.options.maxRecordBytes;
    if (isTooLong && this.beginsWithHole(taken)) {
      yield this.withoutRows(filled, []);
      return at;
    }
    const end = filled + lf + 1;
    return at - filled + (yield* this.wholeLines(taken, end, end));
  }

  /** Reads whole lines up to `end` of the window (see `scan`), at least the first; gives how far it came. */
  private *wholeLines(taken: TakenSlot, end: number, size: number): Generator<ScannedBatch, number> {
    if (this.waiting) {
      const lines = this.otherLines(taken.slot.window.subarray(0, size));
      taken.engine.giveBack(taken.slot);
      this.next(0);
      return yield* this.readOtherwise(lines);
    }
    const batch = this.scan(taken, end, size);
    const { consumed } = batch;
    if (consumed === size || taken.engine.exports.hasStopped() === 0) {
      this.adaptPiece(consumed, consumed < size);
      this.scannedSince += consumed;
      yield batch;
      return consumed;
    }
    const isRare = this.scannedSince + consumed > 4 * this.other;
    this.other = isRare ? 0 : Math.min(MOST_OTHER, 2 * this.other);
    const lines = this.otherLines(taken.slot.window.subarray(consumed, size));
    if (consumed > 0) yield batch;
    else batch.release();
    return consumed + (yield* this.readOtherwise(lines));
  }

  /** A copy of as many lines as are due for the other reader, at least one. */
  private otherLines(lines: Buffer): Buffer {
    const lf = lines.indexOf(LF, Math.min(this.other, lines.length - 1));
    return Buffer.from(lf < 0 ? lines : lines.subarray(0, lf + 1));
  }

  /** Has lines read by the other reader; gives their bytes. */
  private *readOtherwise(lines: Buffer): Generator<ScannedBatch, number> {
    const { lineReader } = this.options;
    const base = this.position;
    this.next(lines.length);
    this.other = Math.max(this.other, lines.length);
    this.scannedSince = 0;
    // no more than a slot has room for comes with them
    this.piece = Math.min(this.piece, Math.max(SMALLEST_PIECE, 2 * this.other));
    for (const frames of lineReader!.lines(lines, base)) yield* scanMade(frames, this.options);
    return lines.length;
  }

  /** Copies no more than a slot has rows for. */
  private adaptPiece(used: number, slotWasFull: boolean): void {
    this.piece = slotWasFull
      ? Math.max(SMALLEST_PIECE, used)
      : Math.min(LARGEST_PIECE, this.piece + (this.piece >> 3));
  }

  /** Scans whole lines up to `end` of the window; `size` leaves out an LF that the input did not have. */
  private scan(taken: TakenSlot, end: number, size: number): ScannedBatch {
    const { engine, slot } = taken;
    const dictionaries = engine.dictionaries();
    const start = this.position === 0 ? byteOrderMark(slot.window, end) : 0;
    this.beginScan(engine);
    const rows = engine.exports.scan(slot.address, start, end, this.options.mode);
    const consumed = Math.min(engine.exports.scanned(), size);
    const batch = new ScannedBatch({
      input: this.options.input,
      engine,
      slot,
      dictionaries,
      rows,
      size: consumed,
      base: this.position,
      rejected: rejectionsOf(slot, engine.exports.rejected(), this.position),
      consumed,
      untold: engine.exports.untold(),
      order: this.options.order + this.position,
      dismissed: this.dismissedBy(engine, slot, rows),
    });
    settleTimes(engine, slot.address, slot.unsettled, slot.time);
    this.next(consumed);
    return batch;
  }

  private beginScan({ exports, aggregation, partials }: Engine): void {
    const { measureUntil, order } = this.options;
    if (aggregation === undefined) return;
    partials!.hold(aggregation);
    exports.measureInScan(measureUntil === undefined ? 0 : 1, measureUntil?.() ?? 0, order + this.position);
  }

  private dismissedBy(
    { exports, aggregation, partials }: Engine,
    slot: Slot,
    rows: number,
  ): Dismissed | undefined {
    if (aggregation === undefined || this.options.measureUntil === undefined) return undefined;
    if (exports.scanLacksRoom() !== 0) aggregation.noteLackOfRoom();
    partials!.passNotes(aggregation);
    return {
      records: exports.dismissedRecords(),
      measured: exports.dismissedMeasured(),
      newest: exports.newestTime(),
      before: slot.clock.subarray(0, rows),
    };
  }

  private next(consumed: number): void {
    this.position += consumed;
    this.filled = 0;
    this.taken = undefined;
    this.lost = undefined;
  }

  /** The unfinished line is longer than may be kept. */
  private *overflow(taken: TakenSlot): Generator<ScannedBatch> {
    if (this.beginsWithHole(taken)) yield this.withoutRows(this.filled, []);
    else this.lose(taken);
  }

  /** Whether the unfinished line is nothing but NULs so far: a hole before the next line. */
  private beginsWithHole({ slot }: TakenSlot): boolean {
    return this.options.lineReader !== undefined && isHole(slot.window.subarray(0, this.filled));
  }

  /** Gives up keeping the unfinished line. */
  private lose({ engine, slot }: TakenSlot): void {
    const line = slot.window.subarray(0, this.filled);
    const mark = this.position === 0 ? byteOrderMark(line, line.length) : 0;
    const from = slot.windowAddress;
    const start = hasPrefixes(this.options)
      ? (engine.exports.behindPrefix(from + mark, from + this.filled) >>> 0) - from
      : mark;
    this.lost = new LostLine(start, line);
  }

  private *skip(lost: LostLine, chunk: Buffer, at: number): Generator<ScannedBatch, number> {
    const lf = chunk.indexOf(LF, at);
    lost.add(chunk.subarray(at, lf < 0 ? chunk.length : lf));
    if (lf < 0) return chunk.length;
    yield this.giveUp(lost, true);
    return lf + 1;
  }

  /** A batch of nothing but the line that was too long. */
  private giveUp(lost: LostLine, endsWithLf: boolean): ScannedBatch {
    const rejected: Rejected = {
      offset: this.position + lost.start,
      length: lost.recordLength(endsWithLf),
      reason: 'too-long',
      bytes: lost.bytes(endsWithLf),
    };
    return this.withoutRows(lost.length + (endsWithLf ? 1 : 0), [rejected]);
  }

  /** A batch that accounts for the next bytes. */
  private withoutRows(consumed: number, rejected: readonly Rejected[]): ScannedBatch {
    const { engine, slot } = this.taken ?? this.options.takeSlot();
    const batch = new ScannedBatch({
      input: this.options.input,
      engine,
      slot,
      dictionaries: engine.dictionaries(),
      rows: 0,
      untold: 0,
      order: 0,
      size: 0,
      base: this.position,
      rejected,
      consumed,
    });
    this.next(consumed);
    return batch;
  }
}

function bufferOf(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function hasPrefixes({ mode }: ScannerParserOptions): boolean {
  return (mode & PREFIXES) !== 0;
}

/** Length of a byte order mark at the start, of which an input may have one. */
export function byteOrderMark(bytes: Uint8Array, end: number): 0 | 3 {
  return end >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
