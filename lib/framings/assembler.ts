/**
 * Makes records of the lines of one stream: pieces of a line are joined; a line of JSON is a record; a line that begins
 * like a record of tracing's text layouts begins one, and lines that begin like neither continue it.
 *
 * Where a message holds line feeds, a text record can imitate another one. In the plain layouts nothing tells the two
 * apart; with ANSI a record begins in colour, and in the pretty layout behind a blank line. The last text record is
 * known to be complete only when the next one begins, or at the end of input.
 */

import { isUtf8 } from 'node:buffer';
import { CR, LF } from '../text/bytes.ts';
import { CLOSE_BRACE, OPEN_BRACE, QUOTE } from '../text/json.ts';
import { headerOfLine, type TextHeader } from '../tracing/text/header.ts';
import { mergeInto } from './envelopes/merge-fields.ts';
import { type MadeFrames, type Place, withoutLineEnd } from './made-frames.ts';
import { Pending } from './pending.ts';

/** A line, or a piece of one, that was taken out of its wrapping. */
export interface Unwrapped {
  /** Lines of one stream belong together: standard output of a container, for example. */
  readonly stream: string;
  readonly content: Buffer;
  /** The line goes on in the stream's next one. */
  readonly more: boolean;
  /** What the wrapping adds to the record: a JSON object. */
  readonly outer?: Buffer | undefined;
}

type Translate = (text: string) => string | undefined;

export class Assembler {
  private readonly made: MadeFrames;
  private readonly limit: number;
  private readonly translate: Translate;
  /** Pieces of a line. */
  private partial: Pending | undefined;
  private partialOuter: Buffer | undefined;
  /** Lines of a text record, and how its first one looked. */
  private text: Pending | undefined;
  private header: TextHeader | undefined;
  private outer: Buffer | undefined;
  private blankBefore = false;

  /** @param limit of a record in bytes */
  constructor(made: MadeFrames, limit: number, translate: Translate) {
    this.made = made;
    this.limit = limit;
    this.translate = translate;
  }

  push({ content, more, outer }: Unwrapped, place: Place): void {
    if (this.partial === undefined && !more) {
      this.line(content, place, outer);
      return;
    }
    this.partial ??= new Pending(this.limit, place.offset, 'none');
    this.partial.add(content, place.bytes);
    this.partialOuter = outer;
    if (!more) this.endPartial();
  }

  /** What waits for more is all that will come. */
  end(): void {
    this.endPartial();
    this.endText();
  }

  private endPartial(): void {
    const { partial, partialOuter } = this;
    if (partial === undefined) return;
    this.partial = undefined;
    this.partialOuter = undefined;
    if (partial.tooLong) this.made.rejectTooLong(partial.place(), partial.sourceLength);
    else this.line(partial.content(), partial.place(), partialOuter);
  }

  /** @param wrapped the line, with its end if the wrapping kept that */
  private line(wrapped: Buffer, place: Place, outer: Buffer | undefined): void {
    const content = withoutLineEnd(wrapped);
    const blank = isBlank(content);
    if (content.length > this.limit) {
      this.endText();
      this.made.rejectTooLong(place, withoutLineEnd(place.bytes).length);
    } else if (this.isJson(content)) {
      this.endText();
      this.made.add(outer === undefined ? content : mergeInto(outer, content), place);
    } else {
      const header = headerOfLine(content);
      if (header !== undefined && this.beginsRecord(header)) this.begin(header, place, outer);
      // A message may well hold a CR before its line feeds.
      if (this.text !== undefined)
        this.text.add(wrapped.at(-1) === LF ? wrapped.subarray(0, -1) : wrapped, place.bytes);
      else if (!blank) this.made.add(content, place);
    }
    this.blankBefore = blank;
  }

  /** Within a text record a line must be a whole object to be taken for a record: messages hold braces. */
  private isJson(content: Buffer): boolean {
    if (content[0] !== OPEN_BRACE) return false;
    return this.text === undefined || (content[1] === QUOTE && content.at(-1) === CLOSE_BRACE);
  }

  private beginsRecord({ ansi, pretty }: TextHeader): boolean {
    const open = this.header;
    if (this.text === undefined || open === undefined) return true;
    if (open.ansi && !ansi) return false;
    return open.pretty ? pretty && this.blankBefore : true;
  }

  private begin(header: TextHeader, place: Place, outer: Buffer | undefined): void {
    this.endText();
    this.text = new Pending(this.limit, place.offset, 'lines');
    this.header = header;
    this.outer = outer;
  }

  private endText(): void {
    const { text, outer } = this;
    if (text === undefined) return;
    this.text = undefined;
    this.outer = undefined;
    const place = text.place();
    if (text.tooLong) {
      this.made.rejectTooLong(place, text.sourceLength);
      return;
    }
    const content = withoutBlankEnd(text.content());
    if (!isUtf8(content)) {
      this.made.reject('invalid-utf8', place);
      return;
    }
    const record = Buffer.from(this.translate(content.toString()) ?? content);
    this.made.add(outer === undefined ? record : mergeInto(outer, record), place, content);
  }
}

/** Without the blank line that ends a record of the pretty layout. */
function withoutBlankEnd(content: Buffer): Buffer {
  let end = content.length;
  while (end > 0 && (content[end - 1] === LF || content[end - 1] === CR)) end--;
  return content.subarray(0, end);
}

function isBlank(content: Buffer): boolean {
  for (const c of content) if (c !== 0x20 && c !== 0x09) return false;
  return true;
}
