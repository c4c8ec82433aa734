import { CR } from '../../text/bytes.ts';

/** Bytes kept of a record that is too long to keep: enough for a person to recognise it. */
export const KEPT_OF_TOO_LONG = 1024;

/** A line that is too long to keep, while its end has not come: measured, and its beginning kept. */
export class LostLine {
  /** Bytes before the record: a byte order mark, what kubectl put there. */
  readonly start: number;
  /** Bytes of the line so far. */
  length: number;
  private readonly beginning = Buffer.alloc(KEPT_OF_TOO_LONG);
  private kept = 0;
  private lastByte = 0;

  constructor(start: number, line: Uint8Array) {
    this.start = start;
    this.length = start;
    this.add(line.subarray(start));
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const more = bytes.subarray(0, KEPT_OF_TOO_LONG - this.kept);
    this.beginning.set(more, this.kept);
    this.kept += more.length;
    this.length += bytes.length;
    this.lastByte = bytes[bytes.length - 1]!;
  }

  /** Bytes of the record; a CR before the LF is no part of it. */
  recordLength(endsWithLf: boolean): number {
    return this.length - this.start - (endsWithLf && this.lastByte === CR ? 1 : 0);
  }

  /** The record's beginning. */
  bytes(endsWithLf: boolean): Uint8Array {
    return this.beginning.subarray(0, Math.min(this.kept, this.recordLength(endsWithLf)));
  }
}
