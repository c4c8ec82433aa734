import { KEPT_OF_TOO_LONG } from '../batch/framer.ts';
import type { Place } from './made-frames.ts';

const nothing = Buffer.alloc(0);
const LF = Buffer.from('\n');

/**
 * A record that comes in pieces: what it holds, and the lines of the input that it comes from. Bytes are copied, or a
 * few of them would hold on to all the memory that they arrived in; beyond the limit they are only counted.
 */
export class Pending {
  private readonly limit: number;
  private readonly separator: Uint8Array;
  /** Where it begins in the input. */
  readonly offset: number;
  private readonly contents: Uint8Array[] = [];
  private readonly lines: Uint8Array[] = [];
  /** Bytes so far, kept or not: of what it holds, and of its lines. */
  size = 0;
  private sourceSize = 0;

  /** @param separator what stands between its pieces: nothing, or a line feed */
  constructor(limit: number, offset: number, separator: 'none' | 'lines') {
    this.limit = limit;
    this.offset = offset;
    this.separator = separator === 'lines' ? LF : nothing;
  }

  get tooLong(): boolean {
    return this.size > this.limit;
  }

  get sourceLength(): number {
    return this.sourceSize;
  }

  add(content: Uint8Array, source: Uint8Array): void {
    const first = this.sourceSize === 0;
    this.size += content.length + (first ? 0 : this.separator.length);
    this.sourceSize += source.length + (first ? 0 : LF.length);
    if (this.tooLong) {
      if (this.lines.length === 0) this.lines.push(Buffer.from(source.subarray(0, KEPT_OF_TOO_LONG)));
      this.contents.length = 0;
      this.lines.length = Math.min(this.lines.length, 1);
      return;
    }
    if (!first) {
      this.contents.push(this.separator);
      this.lines.push(LF);
    }
    this.contents.push(Buffer.from(content));
    this.lines.push(Buffer.from(source));
  }

  /** Nothing if it was too long. */
  content(): Buffer {
    return Buffer.concat(this.contents);
  }

  /** Only the beginning if it was too long. */
  place(): Place {
    return { offset: this.offset, bytes: Buffer.concat(this.lines) };
  }
}
