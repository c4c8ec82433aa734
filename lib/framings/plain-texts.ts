import { isUtf8 } from 'node:buffer';
import { CR } from '../text/bytes.ts';
import { type EventWriter, roomFor } from '../tracing/text/event-writer.ts';
import type { LineWriters } from '../tracing/text/line-writers.ts';
import type { MadeFrames } from './made-frames.ts';

/**
 * Text records of one line each, as most are, where nothing wraps them and none waits: they are written among the frames
 * as they are read, without anything made on the way.
 */
export class PlainTexts {
  private readonly made: MadeFrames;
  private readonly writers: LineWriters;
  private readonly limit: number;
  /** The lines that were looked at last, and whether they are UTF-8 throughout. */
  private lines: Buffer | undefined;
  private isValid = false;

  /** @param limit of a record in bytes */
  constructor(made: MadeFrames, writers: LineWriters, limit: number) {
    this.made = made;
    this.writers = writers;
    this.limit = limit;
  }

  /** Whether a line that begins with this byte may be one. */
  begins(first: number | undefined): boolean {
    return this.writers.of(first) !== undefined;
  }

  /**
   * Takes the line from `start` to its LF at `lineEnd`, if it is a record that is complete: by itself, or since the next
   * line begins one.
   * @param base offset of the first of the lines in the input
   */
  take(lines: Buffer, base: number, start: number, lineEnd: number): boolean {
    const end = lines[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    const writer = this.writers.of(lines[start])!;
    if (end - start > this.limit || !this.isUtf8(lines)) return false;
    const { made } = this;
    const at = made.begin(roomFor(end - start));
    const written = writer.write(lines, start, end, made.target, at);
    if (written < 0 || !(writer.finished || followed(writer, lines, lineEnd))) return false;
    made.commit(written, { offset: base + start, bytes: lines.subarray(start, end) });
    return true;
  }

  private isUtf8(lines: Buffer): boolean {
    if (this.lines !== lines) {
      this.lines = lines;
      this.isValid = isUtf8(lines);
    }
    return this.isValid;
  }
}

/** Whether another record of the layout begins behind the line feed. */
function followed(writer: EventWriter, lines: Buffer, lf: number): boolean {
  return lf + 1 < lines.length && writer.begins(lines, lf + 1);
}
