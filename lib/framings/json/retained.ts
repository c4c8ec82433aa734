import { KEPT_OF_TOO_LONG } from '../../batch/framer.ts';

/**
 * The bytes of an input from a mark on: from the start of the record being read, or from the end of the one before.
 * Chunks are joined once, when something of them is wanted. What grows beyond the limit is given up but for its
 * beginning, so no more than that and the chunk at hand is ever held.
 */
export class Retained {
  private readonly limit: number;
  private parts: Buffer[] = [];
  private base = 0;
  private end = 0;
  private head: Buffer | undefined;
  private headStart = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Absolute offset behind the last byte that came. */
  get position(): number {
    return this.end;
  }

  append(chunk: Buffer): void {
    this.parts.push(chunk);
    this.end += chunk.length;
  }

  /** All that is held, and the absolute offset of its first byte. */
  joined(): { readonly bytes: Buffer; readonly base: number } {
    if (this.parts.length !== 1) this.parts = [Buffer.concat(this.parts)];
    return { bytes: this.parts[0]!, base: this.base };
  }

  slice(start: number, end: number): Buffer {
    const { bytes, base } = this.joined();
    return bytes.subarray(start - base, end - base);
  }

  /** The beginning of what starts at `start` and ends at `end`, however long it is. */
  beginning(start: number, end: number): Buffer {
    const kept = Math.min(end, start + KEPT_OF_TOO_LONG);
    if (this.head === undefined || start >= this.base) return this.slice(start, kept);
    return this.grownHead(this.head).subarray(start - this.headStart, kept - this.headStart);
  }

  /** The chunk has been read: nothing before `mark` will be asked for any more. */
  settle(mark: number): void {
    if (this.head !== undefined && mark < this.base) {
      this.head = this.grownHead(this.head);
    } else if (this.end - mark > this.limit) {
      // A copy, or a few bytes would hold on to all the memory that they are a part of.
      this.head = Buffer.from(this.slice(mark, mark + KEPT_OF_TOO_LONG));
      this.headStart = mark;
    } else {
      this.head = undefined;
    }
    this.drop(this.head === undefined ? mark : this.end);
  }

  /** The chunk at hand continues a beginning that is still too short. */
  private grownHead(head: Buffer): Buffer {
    const room = KEPT_OF_TOO_LONG - head.length;
    return room > 0 ? Buffer.concat([head, this.joined().bytes.subarray(0, room)]) : head;
  }

  private drop(before: number): void {
    while (this.parts.length > 0 && this.base + this.parts[0]!.length <= before) {
      this.base += this.parts.shift()!.length;
    }
    if (before > this.base) {
      this.parts[0] = this.parts[0]!.subarray(before - this.base);
      this.base = before;
    }
  }
}
