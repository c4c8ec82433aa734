import { Buffer } from 'node:buffer';
import { grown, vastRoom } from '../math/growth.ts';
import { decodeWtf8 } from '../text/wtf8.ts';

const FIRST_ROOM = 1024;
/** Bytes that most ids have no more of. */
const ID_BYTES = 32;
/** Of a unit of UTF-16 in UTF-8, at most. */
const MOST_BYTES = 3;
const BEYOND_ASCII = 0x80;
/** Rows whose ids are decoded together. */
const BLOCK = 64;

/** By byte. */
const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte < BEYOND_ASCII && /\w/.test(String.fromCharCode(byte))),
);

/** The ids of sessions by row, one behind the other as bytes. */
export class SessionIds {
  private length = 0;
  private starts: Uint32Array = new Uint32Array(FIRST_ROOM + 1);
  private bytes: Uint8Array = new Uint8Array(ID_BYTES * FIRST_ROOM);
  private text = Buffer.from(this.bytes.buffer);
  /** Whether every character is a byte. */
  private isAscii = true;
  /** Ids of neighbouring rows as one text. */
  private block = { row: 0, end: 0, text: '' };

  /** The id of the next row. */
  add(id: string): void {
    const at = this.next(MOST_BYTES * id.length);
    const length = this.text.write(id, at, 'utf8');
    this.isAscii &&= length === id.length;
    this.end(at + length);
  }

  /** The same of a text that stands in bytes, in WTF-8. */
  addFrom(from: Buffer, start: number, end: number): void {
    const at = this.next(end - start);
    const { bytes } = this;
    const move = at - start;
    for (let k = start; k < end; k++) {
      const byte = from[k]!;
      if (byte >= BEYOND_ASCII) {
        // a surrogate that stands alone is none of UTF-8
        this.add(decodeWtf8(from, start, end));
        return;
      }
      bytes[k + move] = byte;
    }
    this.end(at + end - start);
  }

  /** Where the next id begins, which has room for so many bytes. */
  private next(most: number): number {
    const { length } = this;
    if (length + 1 === this.starts.length) this.starts = grown(this.starts, vastRoom(length) + 1);
    const at = this.starts[length]!;
    if (at + most > this.bytes.length) {
      this.bytes = grown(this.bytes, vastRoom(at + most));
      this.text = Buffer.from(this.bytes.buffer);
    }
    return at;
  }

  private end(at: number): void {
    this.length++;
    this.starts[this.length] = at;
  }

  /** Leaves the ids of these rows alone, ascending, which are numbered anew from 0. */
  keep(rows: Uint32Array): void {
    const { starts, bytes } = this;
    let at = 0;
    for (let k = 0; k < rows.length; k++) {
      const [start, end] = [starts[rows[k]!]!, starts[rows[k]! + 1]!];
      bytes.copyWithin(at, start, end);
      starts[k] = at;
      at += end - start;
    }
    this.length = rows.length;
    starts[this.length] = at;
    this.block = { row: 0, end: 0, text: '' };
  }

  /**
   * Copies an id of Latin letters, digits and `_`, as nearly all are; gives its length, and -1 of any other, or where
   * there is no room for it before an end.
   */
  copyPlain(row: number, to: Uint8Array, at: number, end: number): number {
    const { starts, bytes } = this;
    const from = starts[row]!;
    const length = starts[row + 1]! - from;
    if (length > end - at) return -1;
    for (let k = 0; k < length; k++) {
      const byte = bytes[from + k]!;
      if (isPlain[byte] === 0) return -1;
      to[at + k] = byte;
    }
    return length;
  }

  of(row: number): string {
    const { starts, text } = this;
    if (!this.isAscii) return text.toString('utf8', starts[row], starts[row + 1]);
    // whoever reads them reads them one after the other: a call a block, not a call an id
    const block = row - (row % BLOCK);
    const end = Math.min(block + BLOCK, this.length);
    if (block !== this.block.row || end !== this.block.end) {
      this.block = { row: block, end, text: text.toString('latin1', starts[block], starts[end]) };
    }
    const from = starts[block]!;
    return this.block.text.slice(starts[row]! - from, starts[row + 1]! - from);
  }
}
