import { Buffer } from 'node:buffer';
import { grown, vastRoom } from '../math/growth.ts';

const FIRST_ROOM = 1024;
/** Bytes that most ids have no more of. */
const ID_BYTES = 32;
/** Of a unit of UTF-16 in UTF-8, at most. */
const MOST_BYTES = 3;
/** Rows whose ids are decoded together. */
const BLOCK = 64;

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
    const row = this.length++;
    if (row + 1 === this.starts.length) this.starts = grown(this.starts, vastRoom(row) + 1);
    const at = this.starts[row]!;
    const most = at + MOST_BYTES * id.length;
    if (most > this.bytes.length) {
      this.bytes = grown(this.bytes, vastRoom(most));
      this.text = Buffer.from(this.bytes.buffer);
    }
    const length = this.text.write(id, at, 'utf8');
    this.isAscii &&= length === id.length;
    this.starts[row + 1] = at + length;
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
