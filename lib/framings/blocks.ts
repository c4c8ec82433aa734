/** The bytes of an input cut into whole lines, for every framing that is made of lines. */

import { KEPT_OF_TOO_LONG } from '../batch/framer.ts';
import { asBuffer, CR, isHole, LF } from '../text/bytes.ts';
import { endsObject } from '../text/json.ts';

/** The same of a line, whose record may begin behind a prefix. */
const KEPT_OF_LINE = KEPT_OF_TOO_LONG + 1024;

const nothing = Buffer.alloc(0);

/** Whole lines, the last one's LF included (unless the input ended without). */
export interface Block {
  readonly bytes: Buffer;
  /** Absolute offset of bytes[0]. */
  readonly base: number;
  /** Set for a single line that was too long to keep; `bytes` is only its beginning. */
  readonly unkept?: Unkept | undefined;
  /** Set where there are no lines but so many NULs, the beginning of one: the hole of a file that was truncated. */
  readonly hole?: number | undefined;
}

export interface Unkept {
  /** Bytes that the line really had, without its LF and a CR before that. */
  readonly length: number;
  /** The same with its line end. */
  readonly consumed: number;
}

/** Length of a byte order mark at the start, of which an input may have one. */
export function byteOrderMark(bytes: Uint8Array): 0 | 3 {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/**
 * Collects chunks until a line is whole. What is left of a chunk waits as it is and is joined once, when its LF comes,
 * so a line may arrive in any number of pieces. An unfinished line of more than `limit` bytes is not kept but measured,
 * unless it is a hole so far.
 */
export class LineBlocks {
  private readonly limit: number;
  private parts: Buffer[] = [];
  /** Where the unfinished line begins, and its bytes so far, kept or not. */
  private start: number;
  private pending = 0;
  private keeping = true;
  private lastByte = 0;
  /** NULs that were passed over, and that nobody was told of. */
  private hole = 0;

  /** @param from offset of the first byte */
  constructor(limit: number, from = 0) {
    this.limit = limit;
    this.start = from;
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<Block> {
    yield* this.lines(chunk);
    if (this.hole === 0) return;
    const { hole } = this;
    this.hole = 0;
    yield { bytes: nothing, base: this.start - hole, hole };
  }

  private *lines(chunk: Uint8Array): Generator<Block> {
    let bytes = asBuffer(chunk);
    if (!this.keeping) {
      const end = bytes.indexOf(LF);
      this.wait(end < 0 ? bytes : bytes.subarray(0, end));
      if (end < 0) return;
      yield this.unkept(1);
      bytes = bytes.subarray(end + 1);
    }
    const end = bytes.lastIndexOf(LF) + 1;
    if (end > 0) yield this.whole(bytes.subarray(0, end));
    this.wait(bytes.subarray(end));
  }

  /** The input has ended: its last line, if that had no LF. */
  *end(cut = false): Generator<Block> {
    if (this.pending === 0 || (cut && !endsObject(Buffer.concat(this.parts)))) return;
    yield this.keeping ? this.whole(nothing) : this.unkept(0);
  }

  private wait(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.pending += bytes.length;
    this.lastByte = bytes[bytes.length - 1]!;
    if (!this.keeping) {
      this.keepBeginning(bytes);
      return;
    }
    this.parts.push(bytes);
    if (this.pending <= this.limit) return;
    const all = Buffer.concat(this.parts);
    this.parts = [];
    if (isHole(all)) {
      this.hole = all.length;
      this.next(all.length);
      return;
    }
    this.keeping = false;
    this.keepBeginning(all);
  }

  private keepBeginning(bytes: Buffer): void {
    const room = KEPT_OF_LINE - (this.parts[0]?.length ?? 0);
    // A copy, or a few bytes would hold on to all the memory that they are a part of.
    if (room > 0) this.parts = [Buffer.concat([...this.parts, bytes.subarray(0, room)])];
  }

  private whole(last: Buffer): Block {
    const bytes = this.parts.length === 0 ? last : Buffer.concat([...this.parts, last]);
    const block = { bytes, base: this.start };
    this.next(bytes.length);
    return block;
  }

  private unkept(lineFeed: 0 | 1): Block {
    const carriageReturn = lineFeed === 1 && this.lastByte === CR ? 1 : 0;
    const consumed = this.pending + lineFeed;
    const unkept = { length: this.pending - carriageReturn, consumed };
    const block = { bytes: this.parts[0]!, base: this.start, unkept };
    this.next(consumed);
    return block;
  }

  private next(consumed: number): void {
    this.start += consumed;
    this.pending = 0;
    this.parts = [];
    this.keeping = true;
  }
}
