import { AnsiLine } from './ansi-line.ts';
import { type EventWriter, roomFor } from './event-writer.ts';
import { FullLine } from './full-line.ts';
import { ESCAPE } from './line-bytes.ts';

/** Bytes of lines to bytes of JSON, for the layouts that have such a writer. */
export class LineWriters {
  private readonly full = new FullLine();
  private readonly ansi = new AnsiLine();
  private scratch = Buffer.alloc(0);

  /** The one for lines that begin with this byte; undefined if no simple line does. */
  of(first: number | undefined): EventWriter | undefined {
    if (first === ESCAPE) return this.ansi;
    return first !== undefined && first >= 0x30 && first <= 0x39 ? this.full : undefined;
  }

  /** The record that a text is, valid until the next one is asked for; undefined if it is not a simple line. */
  read(text: Uint8Array): { readonly json: Uint8Array; readonly finished: boolean } | undefined {
    const writer = this.of(text[0]);
    if (writer === undefined) return undefined;
    const room = roomFor(text.length);
    if (this.scratch.length < room) this.scratch = Buffer.allocUnsafeSlow(2 * room);
    const end = writer.write(text, 0, text.length, this.scratch, 0);
    return end < 0 ? undefined : { json: this.scratch.subarray(0, end), finished: writer.finished };
  }
}
