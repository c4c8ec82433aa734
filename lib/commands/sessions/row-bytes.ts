import { Buffer } from 'node:buffer';
import { decimals, thousandthsOf } from '../../text/number.ts';
import { DAY_MINUTES, dateText, toParts } from '../../text/time.ts';

/** Bytes that are handed over at a time, and more for one line that is longer. */
const PIECE = 1 << 16;
/** What is written of a line before there is need of more room, of most lines. */
const SPARE = 1 << 12;
/** Of a character in UTF-8, at most. */
const MOST_BYTES = 3;
/** Texts up to it are written letter by letter, which takes less than a call of Node's. */
const SHORT = 64;
/** Bytes of a time or a number, at most. */
const FIGURE_BYTES = 40;

const NEW_LINE = 0x0a;
const BLANK = 0x20;
const ZERO = 0x30;
const [COLON, T, POINT, UTC] = [0x3a, 0x54, 0x2e, 0x5a];
const BEYOND_ASCII = 0x80;

/** Lines as bytes, one behind the other: no text is made of them, which whoever writes a million would have to collect. */
export class RowBytes {
  private bytes = Buffer.allocUnsafe(PIECE + SPARE);
  private length = 0;
  /** Where the line at hand begins. */
  private begin = 0;

  get isEmpty(): boolean {
    return this.length === 0;
  }

  /** Whether it is time to take what there is. */
  get isFull(): boolean {
    return this.length >= PIECE;
  }

  /** All lines so far, which are no longer here. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.length);
    // a stream may keep what it was given
    this.bytes = Buffer.allocUnsafe(PIECE + SPARE);
    this.length = 0;
    this.begin = 0;
    return taken;
  }

  /** The same as a copy, the room for them being used again. */
  copy(): Buffer {
    const copy = Buffer.from(this.bytes.subarray(0, this.length));
    this.length = 0;
    this.begin = 0;
    return copy;
  }

  endLine(): void {
    this.byte(NEW_LINE);
    this.begin = this.length;
  }

  /** Ends a line without the blanks that it has behind its last text. */
  endTrimmed(): void {
    const { bytes, begin } = this;
    while (this.length > begin && bytes[this.length - 1] === BLANK) this.length--;
    if (this.length > begin && bytes[this.length - 1]! >= BEYOND_ASCII) {
      const line = bytes.toString('utf8', begin, this.length).trimEnd();
      this.length = begin;
      this.text(line);
    }
    this.endLine();
  }

  byte(code: number): void {
    this.reserve(1);
    this.bytes[this.length++] = code;
  }

  blanks(count: number): void {
    this.reserve(count);
    const end = this.length + count;
    for (let at = this.length; at < end; at++) this.bytes[at] = BLANK;
    this.length = end;
  }

  /** What was written elsewhere. */
  piece(piece: Uint8Array): void {
    this.reserve(piece.length);
    this.bytes.set(piece, this.length);
    this.length += piece.length;
  }

  text(text: string): void {
    if (text.length <= SHORT && this.letters(text, ascii)) return;
    this.reserve(MOST_BYTES * text.length);
    this.length += this.bytes.write(text, this.length);
  }

  /**
   * Writes a short text whose letters are all of a kind; else nothing, and gives false.
   * @param kind 1 by the code of each letter that is
   */
  letters(text: string, kind: Uint8Array): boolean {
    const { length } = text;
    this.reserve(length);
    const { bytes, length: from } = this;
    for (let k = 0; k < length; k++) {
      const code = text.charCodeAt(k);
      if (code >= BEYOND_ASCII || kind[code] === 0) return false;
      bytes[from + k] = code;
    }
    this.length = from + length;
    return true;
  }

  /** As decimal text is: see text/number.ts. */
  decimal(value: number): void {
    const thousandths = thousandthsOf(value);
    if (thousandths < 0) {
      this.text(String(value));
      return;
    }
    this.reserve(FIGURE_BYTES);
    const whole = (thousandths / 1000) | 0;
    let digits = 1;
    for (let bound = 10; bound <= whole; bound *= 10) digits++;
    let rest = whole;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      this.bytes[at] = ZERO + (rest % 10);
      rest = (rest / 10) | 0;
    }
    this.length += digits;
    this.text(decimals[thousandths - 1000 * whole]!);
  }

  /** As formatTimestamp writes it. */
  timestamp(ms: number): void {
    const { seconds, nanos } = toParts(ms);
    const minute = Math.floor(seconds / 60);
    this.minute(minute, T);
    this.reserve(FIGURE_BYTES);
    this.bytes[this.length++] = COLON;
    this.twoDigits(seconds - 60 * minute);
    if (nanos > 0) this.micros(Math.round(nanos / 1000));
    this.bytes[this.length++] = UTC;
  }

  /** As formatMinute writes it. @param minute since the epoch: see minuteOf */
  minute(minute: number, between = BLANK): void {
    this.reserve(FIGURE_BYTES);
    const day = Math.floor(minute / DAY_MINUTES);
    const date = dateText(day);
    for (let k = 0; k < date.length; k++) this.bytes[this.length++] = date.charCodeAt(k);
    this.bytes[this.length++] = between;
    const ofDay = minute - DAY_MINUTES * day;
    this.twoDigits((ofDay / 60) | 0);
    this.bytes[this.length++] = COLON;
    this.twoDigits(ofDay % 60);
  }

  private twoDigits(number: number): void {
    this.bytes[this.length++] = ZERO + ((number / 10) | 0);
    this.bytes[this.length++] = ZERO + (number % 10);
  }

  /** A second's fraction without the zeros at the end. @param micros 1 to 999,999 */
  private micros(micros: number): void {
    this.bytes[this.length] = POINT;
    let rest = micros;
    for (let k = 6; k > 0; k--) {
      this.bytes[this.length + k] = ZERO + (rest % 10);
      rest = (rest / 10) | 0;
    }
    this.length += 7;
    while (this.bytes[this.length - 1] === ZERO) this.length--;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** Which codes are letters of a kind. */
export function lettersOf(kind: RegExp): Uint8Array {
  return Uint8Array.from({ length: BEYOND_ASCII }, (_, code) => Number(kind.test(String.fromCharCode(code))));
}

const ascii = lettersOf(/[\0-\x7f]/);

/** What somebody writes, as bytes of their own. @param out where they are written, which is empty */
export function bytesOf(write: (out: RowBytes) => void, out = new RowBytes()): Buffer {
  write(out);
  return out.copy();
}

/** Lines in pieces that are worth being handed over. @param write one of them, with its end */
export function* piecesOf<Row>(
  rows: Iterable<Row>,
  write: (out: RowBytes, row: Row) => void,
  out = new RowBytes(),
): Generator<Buffer> {
  for (const row of rows) {
    write(out, row);
    if (out.isFull) yield out.take();
  }
  if (!out.isEmpty) yield out.take();
}

/** Texts as lines. */
export function linePieces(lines: Iterable<string>): Generator<Buffer> {
  return piecesOf(lines, (out, line) => {
    out.text(line);
    out.endLine();
  });
}
