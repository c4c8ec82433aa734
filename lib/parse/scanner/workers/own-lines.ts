/** Finds the lines that a range of a file owns: those that begin in it, the last one read to its end. */
import { LF } from '../../../text/bytes.ts';
import { LARGEST_RANGE } from './piece-size.ts';
import type { RangeOrder } from './worker-messages.ts';

/** Read at once behind a range for the end of its last line, at first. */
const FIRST_STEP = 1 << 11;
const LAST_STEP = 1 << 20;

/** Reads at most so many bytes at an offset of the file to a place in the window; fewer only at the file's end. */
export type ReadAt = (place: number, length: number, offset: number) => number;

export interface OwnLines {
  /** Offset in the file of the window's first byte. */
  readonly base: number;
  /** The whole lines in the window; nothing where both are equal. */
  readonly begin: number;
  readonly end: number;
  /** Whether another line of the range begins at `end`, whose end was not found. */
  readonly unfinished: boolean;
}

/** The lines of a range's first piece, and where the next one begins. */
export interface PieceLines {
  readonly lines: OwnLines;
  readonly reached: number;
  /** Whether a line is known to begin there. */
  readonly reachedLine: boolean;
}

/**
 * The next piece of a range. The last one is read as `ownLines` says; of those before it the line that is cut is left to
 * the next one, which costs no second look for its end.
 */
export function pieceOf(range: RangeOrder, window: Buffer, maxLineBytes: number, readAt: ReadAt): PieceLines {
  const { start, atLine, piece } = range;
  const stop = start + piece;
  if (stop < range.stop) {
    const base = atLine ? start : start - 1;
    const length = readAt(0, stop - base, base);
    const begin = atLine ? 0 : window.subarray(0, length).indexOf(LF) + 1;
    const end = length === 0 ? 0 : window.lastIndexOf(LF, length - 1) + 1;
    if (end > begin && (begin > 0 || atLine)) {
      return { lines: { base, begin, end, unfinished: false }, reached: base + end, reachedLine: true };
    }
  }
  const order = { ...range, stop: Math.min(range.stop, start + Math.max(piece, LARGEST_RANGE)) };
  return {
    lines: ownLines(order, window, maxLineBytes, readAt),
    reached: order.stop,
    reachedLine: false,
  };
}

/** @param maxLineBytes a line that is longer is left unfinished */
export function ownLines(
  order: Omit<RangeOrder, 'piece'>,
  window: Buffer,
  maxLineBytes: number,
  readAt: ReadAt,
): OwnLines {
  const { start, stop, limit, atLine } = order;
  // the byte before tells whether a line begins with the range
  const base = atLine ? start : start - 1;
  let length = readAt(0, stop - base, base);
  const begin = atLine ? 0 : window.subarray(0, length).indexOf(LF) + 1;
  if (begin >= length || (begin === 0 && !atLine)) return { base, begin: 0, end: 0, unfinished: false };
  let end = window.lastIndexOf(LF, length - 1) + 1;
  if (end === length) return { base, begin, end, unfinished: false };
  if (end < begin) end = begin;
  for (let step = FIRST_STEP; length - end <= maxLineBytes; step = Math.min(2 * step, LAST_STEP)) {
    const wanted = Math.min(step, limit - base - length, window.length - 1 - length);
    const more = wanted <= 0 ? 0 : readAt(length, wanted, base + length);
    if (more === 0) break;
    const lf = window.subarray(length, length + more).indexOf(LF);
    if (lf >= 0) return { base, begin, end: length + lf + 1, unfinished: false };
    length += more;
  }
  return { base, begin, end, unfinished: true };
}
