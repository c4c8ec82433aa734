/**
 * Rows as lines of bytes: what ../bulk-rows.ts has laid out in this module's memory, cell by cell. It writes what
 * ../row-bytes.ts would, of hundreds of thousands of rows.
 *
 * A row is 8 bytes for each cell, which say what its kind says.
 */
import { duration } from './duration';
import { decimal, minute, timestamp } from './figures';
import { blanks, copy, end, finish, openOutput, rollBack } from './output';

/** The address of a piece: what was written before, and many rows have. */
const PIECE: u32 = 0;
/** A text: its address and its length. */
const TEXT: u32 = 1;
/** A time, milliseconds since the epoch; NaN where there is none, and less than 0 for a piece: its address. */
const TIMESTAMP: u32 = 2;
const MINUTE: u32 = 3;
/** Thousandths, or milliseconds, and behind them the address of a piece that is written instead if it is not 0. */
const DECIMAL: u32 = 4;
const DURATION: u32 = 5;
/** For the length of a text: the address is that of a piece. */
const PIECED: usize = 0xffff_ffff;

/** A piece: its length, and in a table the blanks before and behind it. An empty one has all of them behind it. */
const BEFORE: usize = 4;
const BEHIND: usize = 8;
const PIECE_HEAD: usize = 12;

/** A cell: its kind; in a table its width and whether it stands at the right of that; */
const KIND: usize = 0;
const WIDTH: usize = 4;
const IS_RIGHT: usize = 8;
/** what is written before and behind it, and in place of a time that there is none of: addresses of texts, or 0. */
const LEAD: usize = 12;
const TAIL: usize = 16;
const NONE: usize = 20;
const CELL_SHIFT: usize = 5;
const MOST_CELLS: i32 = 32;

const plan: usize = memory.data(MOST_CELLS << 5, 8);
let cells: usize = 0;
/** Blanks between two columns of a table. */
let gap: u32 = 0;
/** Address of the text that ends a line; 0 for a table, whose lines end without blanks. */
let lineEnd: usize = 0;
/** Blanks that whatever follows in the line is behind. */
let pending: u32 = 0;

/** A further cell of all rows. Texts begin with their length. */
export function addCell(kind: u32, width: u32, isRight: bool, lead: usize, tail: usize, none: usize): void {
  const cell = plan + (cells++ << CELL_SHIFT);
  store<u32>(cell, kind, KIND);
  store<u32>(cell, width, WIDTH);
  store<u32>(cell, isRight ? 1 : 0, IS_RIGHT);
  store<u32>(cell, <u32>lead, LEAD);
  store<u32>(cell, <u32>tail, TAIL);
  store<u32>(cell, <u32>none, NONE);
}

export function setLine(between: u32, behind: usize): void {
  gap = between;
  lineEnd = behind;
}

/** Writes rows while there is room, and gives the number of the first that was not written. */
export function write(rows: usize, from: u32, to: u32, output: usize, limit: usize): u32 {
  openOutput(output, limit);
  for (let k = from; k < to; k++) {
    if (writeRow(rows + <usize>k * (cells << 3))) continue;
    rollBack();
    return k;
  }
  return to;
}

/** Where that ends which was written. */
export function outputEnd(): usize {
  return end();
}

function writeRow(row: usize): bool {
  pending = 0;
  for (let k: usize = 0; k < cells; k++) {
    if (!writeCell(plan + (k << CELL_SHIFT), row + (k << 3))) return false;
  }
  return lineEnd == 0 ? finish(true) : writeText(lineEnd) && finish(false);
}

function writeCell(cell: usize, value: usize): bool {
  const kind = load<u32>(cell, KIND);
  const first = <usize>load<u32>(value);
  const second = <usize>load<u32>(value, 4);
  switch (kind) {
    case PIECE:
      return writePiece(first);
    case TEXT:
      return second == PIECED ? writePiece(first) : writeLetters(cell, first, second);
    case DECIMAL:
      return second != 0 ? writePiece(second) : writeFigure(cell, decimal(<u32>first));
    case DURATION:
      return second != 0 ? writePiece(second) : writeFigure(cell, duration(<u32>first));
    default:
      return writeTime(cell, kind, load<f64>(value));
  }
}

function writeTime(cell: usize, kind: u32, ms: f64): bool {
  if (ms < 0) return writePiece(<usize>-ms);
  if (!isNaN(ms)) return writeFigure(cell, kind == TIMESTAMP ? timestamp(ms) : minute(ms));
  pending += load<u32>(cell, WIDTH) + gap;
  return writeText(<usize>load<u32>(cell, NONE));
}

/** @param at of a text */
function writeFigure(cell: usize, at: usize): bool {
  return writeLetters(cell, at + 4, <usize>load<u32>(at));
}

function writeLetters(cell: usize, at: usize, length: usize): bool {
  const width = <usize>load<u32>(cell, WIDTH);
  const missing: u32 = width > length ? <u32>(width - length) : 0;
  if (length == 0 && width > 0) {
    pending += missing + gap;
    return true;
  }
  const isRight = load<u32>(cell, IS_RIGHT) != 0;
  if (!blanks(isRight ? pending + missing : pending)) return false;
  pending = (isRight ? 0 : missing) + gap;
  return (
    writeText(<usize>load<u32>(cell, LEAD)) && copy(at, length) && writeText(<usize>load<u32>(cell, TAIL))
  );
}

function writePiece(piece: usize): bool {
  const length = <usize>load<u32>(piece);
  const before = load<u32>(piece, BEFORE);
  const behind = load<u32>(piece, BEHIND);
  if (length == 0) {
    pending += behind;
    return true;
  }
  if (!blanks(pending + before)) return false;
  pending = behind;
  return copy(piece + PIECE_HEAD, length);
}

/** @param at 0 for none */
function writeText(at: usize): bool {
  return at == 0 || copy(at + 4, <usize>load<u32>(at));
}
