import { copyBytes, copySpan, LF } from '../../text/bytes.ts';

/** What a handler of lines writes; nothing in it is memory of the batch, which it may outlive. */
export interface Lines {
  readonly bytes: Buffer;
  /**
   * Where each line ends in `bytes`, one past its newline: a text record may hold newlines of its own. What cannot be
   * written is a line of no bytes, not even a newline.
   */
  readonly ends: Uint32Array;
}

const nothing = new Uint8Array(0);

/**
 * Lines one behind the other, in memory that is used again and again: it grows to what was ever needed. Spans that
 * stand side by side in their source, one newline between them, are copied together: whole runs of records then cost
 * one copy. Where most of a source is wanted, that is copied once and its spans are moved up: calls on own memory cost a
 * third of those on shared memory.
 */
export class LineBuffer {
  private bytes = Buffer.alloc(0);
  /** What of it is filled. */
  private filled = 0;
  /** Bytes of all lines that it has held before. */
  total = 0;
  private ends = new Uint32Array(0);
  private count = 0;
  /** The span that is still to be copied, without the newline behind it. */
  private source: Uint8Array = nothing;
  private start = 0;
  private end = -1;
  /** The source that lies in `bytes` already, and how far its bytes are from where they stand in it. */
  private staged: Uint8Array = nothing;
  private shift = 0;

  /** Forgets what it holds. Takes at most so many lines until the next call. */
  begin(lines: number): void {
    if (this.ends.length < lines) this.ends = new Uint32Array(lines);
    this.total += this.filled;
    this.filled = 0;
    this.count = 0;
    this.source = nothing;
    this.staged = nothing;
  }

  /**
   * A stretch of `source`, of which lines are to be added next, and no others: in the order in which they stand in it,
   * none twice, with something between each and the next.
   */
  stage(source: Uint8Array, start: number, end: number): void {
    this.flush();
    this.reserve(end - start + 1);
    copyBytes(this.bytes, this.filled, source.subarray(start, end));
    this.staged = source;
    this.shift = this.filled - start;
  }

  /** A line that stands in `source`, which must not change before `lines` is asked for. */
  addSpan(source: Uint8Array, start: number, end: number): void {
    if (start === this.end + 1 && source === this.source && source[start - 1] === LF) this.end = end;
    else {
      this.flush();
      this.source = source;
      this.start = start;
      this.end = end;
    }
    this.ends[this.count++] = this.filled + this.end - this.start + 1;
  }

  addLine(line: Uint8Array): void {
    this.addSpan(line, 0, line.length);
  }

  addText(text: string): void {
    this.flush();
    this.reserve(text.length * 3 + 1);
    this.endLine(this.filled + this.bytes.write(text, this.filled));
  }

  /** Stands for what cannot be written. */
  addNothing(): void {
    this.flush();
    this.ends[this.count++] = this.filled;
  }

  /** Lines with their newlines, and where each ends; only where there are none yet. */
  addLines(bytes: Uint8Array, ends: Uint32Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, 0);
    this.filled = bytes.length;
    this.ends.set(ends);
    this.count = ends.length;
  }

  /** What it holds, valid until the next `begin`. */
  get lines(): Lines {
    this.flush();
    return { bytes: this.bytes.subarray(0, this.filled), ends: this.ends.subarray(0, this.count) };
  }

  private flush(): void {
    if (this.source === nothing) return;
    const { source, start, end, shift } = this;
    if (source === this.staged) {
      this.bytes.copyWithin(this.filled, start + shift, end + shift);
      this.filled += end - start;
    } else {
      this.reserve(end - start + 1);
      this.filled = copySpan(source, start, end, this.bytes, this.filled);
    }
    this.bytes[this.filled++] = LF;
    this.source = nothing;
  }

  private endLine(filled: number): void {
    this.bytes[filled] = LF;
    this.filled = filled + 1;
    this.ends[this.count++] = this.filled;
  }

  private reserve(more: number): void {
    const size = this.filled + more;
    if (size <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(size, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.filled);
    this.bytes = grown;
  }
}

/** How many of the lines stand for what cannot be written. */
export function missing(ends: Uint32Array, from = 0, to = ends.length): number {
  let count = 0;
  let before = from === 0 ? 0 : ends[from - 1]!;
  for (let k = from; k < to; k++) {
    const end = ends[k]!;
    if (end === before) count++;
    before = end;
  }
  return count;
}

/** The index of the first line from `from` on that ends beyond `limit`. */
export function linesWithin(ends: Uint32Array, from: number, limit: number): number {
  let low = from;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
