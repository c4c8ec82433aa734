import { KEPT_OF_TOO_LONG } from '../blocks.ts';

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
    if (this.head !== undefined && start >= this.headStart && start < this.base) {
      return this.head.subarray(start - this.headStart, end - this.headStart);
    }
    return this.slice(start, Math.min(end, start + KEPT_OF_TOO_LONG));
  }

  /** The chunk has been read: nothing before `mark` will be asked for any more. */
  settle(mark: number): void {
    if (this.head !== undefined && mark < this.base) {
      this.drop(this.end);
      return;
    }
    this.head = undefined;
    if (this.end - mark <= this.limit) {
      this.drop(mark);
      return;
    }
    this.head = Buffer.from(this.slice(mark, mark + KEPT_OF_TOO_LONG));
    this.headStart = mark;
    this.drop(this.end);
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
