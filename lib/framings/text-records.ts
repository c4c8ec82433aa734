/**
 * Records of tracing's text layouts, made of the lines of one stream. A line that begins like a record begins one. Whether
 * lines behind it belong to it, only its end tells: behind a last value that is finished (a quoted text, a number, a
 * boolean) nothing can; a message goes on, be it long, until the next record begins, or a line that is some other
 * program's for sure.
 *
 * With ANSI a record begins in colour, and in the pretty layout behind a blank line; there it ends with a blank line
 * behind its places.
 */

import { isUtf8 } from 'node:buffer';
import { CR, LF } from '../text/bytes.ts';
import { headerOfLine, type TextHeader } from '../tracing/text/header.ts';
import type { LineWriters } from '../tracing/text/line-writers.ts';
import { hasFullFields, readText } from '../tracing/text/text-to-json.ts';
import type { Place } from './made-frames.ts';
import { Pending } from './pending.ts';

/** Begins like no line of a message: klog, a panic of Rust, what kubectl and the kubelet say. */
const foreign =
  /^(?:[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ |thread '[^']*' (?:\(\d+\) )?panicked at |error: unexpected EOF|rpc error: code = |Error from server|Defaulted container "|failed to (?:watch|get|try) |unable to retrieve container logs)/;
const FOREIGN_ROOM = 80;
const prettyPlace = /^ {4}(?:\x1b\[[0-9;]*m)*(?:at|in)\b/;

/** What text records become. */
export interface TextSink {
  /** @param record is the sink's only until it returns */
  add(record: string | Uint8Array, place: Place, text: Uint8Array): void;
  reject(reason: 'invalid-utf8', place: Place): void;
  rejectTooLong(place: Place, length: number): void;
}

export class TextRecords<Context> {
  private readonly limit: number;
  private readonly sinkOf: (context: Context) => TextSink;
  private readonly writers: LineWriters;
  private header: TextHeader | undefined;
  private pending: Pending | undefined;
  private context: Context | undefined;
  private blankBefore = false;
  /** A pretty record's places were seen: the next blank line ends it. */
  private placed = false;
  /** What began like pretty records had fields as they have none, and no places: it is the full layout, indented. */
  private isIndented = false;

  /** @param limit of a record in bytes */
  constructor(limit: number, writers: LineWriters, sinkOf: (context: Context) => TextSink) {
    this.limit = limit;
    this.writers = writers;
    this.sinkOf = sinkOf;
  }

  get open(): boolean {
    return this.pending !== undefined;
  }

  /** Where the record begins that waits. */
  get openFrom(): number | undefined {
    return this.pending?.offset;
  }

  /**
   * Takes a line, with its CR. Gives false for one that neither begins a record nor continues one.
   * @param place of the line in the input
   */
  take(line: Buffer, place: Place, context: Context): boolean {
    const blank = isBlank(line);
    const header = blank ? undefined : headerOfLine(line);
    if (header?.pretty)
      this.isIndented ||= !this.placed && hasFullFields(line.toString('latin1', header.end));
    if (header !== undefined && this.begins(header)) this.begin(header, line, place, context);
    else if (this.pending === undefined) {
      this.blankBefore = blank;
      return blank;
    } else if (!blank && foreign.test(line.toString('latin1', 0, FOREIGN_ROOM))) {
      this.end();
      this.blankBefore = false;
      return false;
    } else this.goOn(line, place, blank);
    this.blankBefore = blank;
    return true;
  }

  /** What was taken is all of it. */
  end(): void {
    const { pending, context } = this;
    if (pending === undefined) return;
    this.pending = undefined;
    this.header = undefined;
    const sink = this.sinkOf(context!);
    const place = pending.place();
    if (pending.tooLong) sink.rejectTooLong(place, pending.sourceLength);
    else this.emit(sink, withoutBlankEnd(pending.content()), place);
  }

  private emit(sink: TextSink, content: Buffer, place: Place): void {
    const read = this.read(content);
    if (read === undefined) sink.reject('invalid-utf8', place);
    else sink.add(read.json, place, content);
  }

  private read(text: Buffer): { readonly json: string | Uint8Array; readonly finished: boolean } | undefined {
    return isUtf8(text) ? (this.writers.read(text) ?? readText(text.toString())) : undefined;
  }

  private begins({ ansi, pretty }: TextHeader): boolean {
    const open = this.header;
    if (this.pending === undefined || open === undefined) return true;
    if (open.ansi && !ansi) return false;
    return open.pretty ? pretty && (this.blankBefore || this.isIndented) : true;
  }

  private begin(header: TextHeader, line: Buffer, place: Place, context: Context): void {
    this.end();
    const bare = line.at(-1) === CR ? line.subarray(0, -1) : line;
    if (!header.pretty && bare.length <= this.limit) {
      const read = this.read(bare);
      if (read?.finished) {
        this.sinkOf(context).add(read.json, place, bare);
        return;
      }
    }
    this.header = header;
    this.context = context;
    this.placed = false;
    this.pending = new Pending(this.limit, place.offset, 'lines');
    this.pending.add(line, place.bytes);
  }

  private goOn(line: Buffer, place: Place, blank: boolean): void {
    this.pending!.add(line, place.bytes);
    if (this.header?.pretty !== true) return;
    if (blank && this.placed) this.end();
    else if (!blank) this.placed = prettyPlace.test(line.toString('latin1', 0, 32));
  }
}

/** Without the blank line that ends a record of the pretty layout. */
function withoutBlankEnd(content: Buffer): Buffer {
  let end = content.length;
  while (end > 0 && (content[end - 1] === LF || content[end - 1] === CR)) end--;
  return content.subarray(0, end);
}

export function isBlank(content: Buffer): boolean {
  for (const c of content) if (c !== 0x20 && c !== 0x09 && c !== CR) return false;
  return true;
}
