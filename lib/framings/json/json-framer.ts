/**
 * JSON that is not one record a line: pretty-printed or concatenated documents, arrays, exports with the records deep
 * inside. stream-json tells where values begin and end; the records are passed on as the bytes that they came as.
 */

import type { Rejected } from '../../batch/batch.ts';
import type { Framer, Frames } from '../../batch/framer.ts';
import { MAX_ROWS } from '../../batch/framer.ts';
import { asBuffer } from '../../text/bytes.ts';
import { OPEN_BRACE, OPEN_BRACKET, type Span } from '../../text/json.ts';
import { byteOrderMark } from '../blocks.ts';
import type { RecordsPath } from '../records-path.ts';
import type { Source } from '../unwrap/pod-source.ts';
import { Captured, isLabelKey, Labels } from './document-labels.ts';
import { type Piece, Pieces } from './json-pieces.ts';
import { Retained } from './retained.ts';
import { Skipper } from './skipper.ts';
import { leadOf, scalarAt, trimmed } from './spans.ts';
import { type Token, Tokenizer } from './tokenizer.ts';
import { Walk } from './walk.ts';

export interface JsonFrames extends Frames {
  /** Per record what the document says of where it is from. */
  readonly sources: readonly (Source | undefined)[];
}

export interface JsonOptions {
  readonly maxRecordBytes: number;
  /** Where the records are (see parseRecordsPath); without it, top-level values or the elements of a top-level array. */
  readonly records?: RecordsPath | undefined;
}

/**
 * Text that is no JSON, or ends too early, becomes a frame like any record, from the start of the broken record (or the
 * end of the one before) to the next line that begins with `{`, where reading goes on: the parser finds it invalid.
 */
export class JsonFramer implements Framer {
  private readonly maxRecordBytes: number;
  private readonly pieces = new Pieces();
  private readonly retained: Retained;
  private readonly walk: Walk;
  private tokenizer = new Tokenizer();
  /** Where the record being read begins; between records, where the one before has ended. */
  private mark = 0;
  /** Open brackets of the record being read, its own included. */
  private depth = 0;
  /** Looking for the next line that begins with `{`; this text brings a tokenizer back to where the walk stands. */
  private broken: string | undefined;
  private starts: number[] = [];
  private ends: number[] = [];
  private sources: (Source | undefined)[] = [];
  private rejected: Rejected[] = [];
  private consumed = 0;
  private readonly skipper = new Skipper();
  private readonly labels = new Labels();
  /** Of an object that may say where records are from. */
  private capture: Captured | undefined;

  constructor(options: JsonOptions) {
    this.maxRecordBytes = options.maxRecordBytes;
    this.retained = new Retained(options.maxRecordBytes);
    this.walk = new Walk(options.records ?? []);
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<JsonFrames> {
    const bytes = asBuffer(chunk);
    this.retained.append(bytes);
    for (let at = 0; at < bytes.length; ) {
      if (this.skipper.active) at = this.skip(bytes, at);
      else {
        const before = this.pieces.position;
        const piece = this.pieces.next(bytes, at);
        if (piece === undefined) break;
        at += piece.end - before - this.pieces.lastHeld;
        this.read(piece);
      }
      if (this.starts.length + this.rejected.length >= MAX_ROWS) yield this.take(this.mark);
    }
    if (this.starts.length + this.rejected.length > 0) yield this.take(this.mark);
    this.retained.settle(this.mark);
  }

  *end(): Generator<JsonFrames> {
    const piece = this.pieces.end();
    if (piece !== undefined) this.read(piece);
    const end = this.retained.position;
    if (this.broken === undefined) this.step(end, () => this.tokenizer.end());
    if (this.broken !== undefined) this.garbage(end);
    else if (this.depth > 0 || this.walk.open) this.garbage(end, true);
    if (end > this.consumed || this.starts.length + this.rejected.length > 0) yield this.take(end);
  }

  private read(piece: Piece): void {
    let { bytes } = piece;
    if (piece.end === bytes.length) {
      this.mark = byteOrderMark(bytes);
      bytes = bytes.subarray(this.mark);
    }
    if (this.broken === undefined) this.step(piece.end, () => this.tokenizer.feed(bytes));
    if (this.broken !== undefined && piece.opensLine && bytes[0] === OPEN_BRACE) this.resume(piece.end);
    this.pieces.fine = this.depth === 0;
  }

  /** Passes over a value whose inside matters to nobody here, and has the tokenizer close it. */
  private skip(bytes: Buffer, from: number): number {
    const at = this.skipper.feed(bytes, from);
    this.pieces.pass(at - from, bytes[at - 1]!);
    this.capture?.add(bytes.subarray(from, at));
    if (this.skipper.fault) this.breakOff();
    else if (!this.skipper.active) {
      const closing = String.fromCharCode(bytes[at - 1]!);
      this.step(this.pieces.position, () => this.tokenizer.feedText(closing));
      this.pieces.fine = true;
    }
    return at;
  }

  private breakOff(): void {
    this.depth = 0;
    this.capture = undefined;
    this.broken = this.walk.unwind();
    this.pieces.fine = true;
  }

  private step(end: number, tokens: () => readonly Token[]): void {
    let found: readonly Token[];
    try {
      found = tokens();
    } catch {
      this.breakOff();
      return;
    }
    for (const token of found) {
      if (this.depth > 0) this.inside(token, end);
      else this.outside(token, end);
    }
  }

  /** The line feed and `{` that were looked for: a fresh start. */
  private resume(end: number): void {
    this.garbage(end - 1);
    this.tokenizer = new Tokenizer();
    this.tokenizer.feedText(this.broken!);
    this.broken = undefined;
    this.step(end, () => this.tokenizer.feedText('{'));
  }

  private inside(token: Token, end: number): void {
    switch (token.name) {
      case 'startObject':
      case 'startArray':
        this.depth++;
        break;
      case 'endObject':
      case 'endArray':
        if (--this.depth === 0) this.record(this.mark, end);
        break;
    }
  }

  /** Whatever is understood here moves the mark, so that a dead letter begins where understanding ended. */
  private outside(token: Token, end: number): void {
    switch (token.name) {
      case 'startKey':
        this.walk.startKey();
        break;
      case 'stringChunk':
        this.walk.addToKey(String(token.value));
        break;
      case 'endKey':
        this.walk.endKey();
        this.mark = end;
        break;
      case 'startObject':
        this.container('object', end);
        break;
      case 'startArray':
        this.container('array', end);
        break;
      case 'endObject':
      case 'endArray':
        this.walk.close();
        this.labels.left(this.walk.depth);
        this.takeLabels();
        this.mark = end;
        break;
      case 'endString':
      case 'endNumber':
      case 'trueValue':
      case 'falseValue':
      case 'nullValue':
        this.scalar(end);
        break;
    }
  }

  private container(kind: 'array' | 'object', end: number): void {
    const isRecord = this.walk.value(kind);
    this.depth = isRecord ? 1 : 0;
    this.mark = isRecord ? end - 1 : end;
    if (!isRecord && !this.walk.offPath) return;
    // in a record, and where no record can be
    this.skipper.begin(kind === 'object' ? OPEN_BRACE : OPEN_BRACKET);
    if (!isRecord && kind === 'object' && isLabelKey(this.walk.lastKey)) this.capture = new Captured();
  }

  /** Labels beside what leads to records hold for these. */
  private takeLabels(): void {
    const { capture } = this;
    if (capture === undefined) return;
    this.capture = undefined;
    this.labels.add(this.walk.depth, capture.text());
  }

  private record(start: number, end: number): void {
    if (end - start > this.maxRecordBytes) {
      this.tooLong(start, end);
      return;
    }
    this.starts.push(start);
    this.ends.push(end);
    this.sources.push(this.labels.current);
    this.mark = end;
  }

  private tooLong(start: number, end: number): void {
    const bytes = this.retained.beginning(start, end);
    this.rejected.push({ offset: start, length: end - start, reason: 'too-long', bytes });
    this.mark = end;
  }

  /** A string, number or literal lies between the mark and `end`: no record, but maybe where one should be. */
  private scalar(end: number): void {
    if (this.walk.value('scalar')) this.sinceMark(end, scalarAt);
    else this.mark = end;
  }

  /** From the mark to `end` stands nothing that could be read. */
  private garbage(end: number, evenIfEmpty = false): void {
    this.sinceMark(end, trimmed, evenIfEmpty);
    this.mark = end;
  }

  /** A record for what `find` sees between the mark and `end`; if that is too much to hold, all of it is too long. */
  private sinceMark(end: number, find: (bytes: Uint8Array, base: number) => Span, evenIfEmpty = false): void {
    if (end - this.mark > this.maxRecordBytes) {
      this.tooLong(this.mark + leadOf(this.retained.beginning(this.mark, end)), end);
      return;
    }
    const span = find(this.retained.slice(this.mark, end), this.mark);
    if (span.end > span.start || evenIfEmpty) this.record(span.start, span.end);
  }

  private take(end: number): JsonFrames {
    const { bytes, base } = this.retained.joined();
    const frames = {
      bytes,
      base,
      count: this.starts.length,
      offset: Uint32Array.from(this.starts, (start) => start - base),
      length: Uint32Array.from(this.starts, (start, k) => this.ends[k]! - start),
      rejected: this.rejected,
      consumed: end - this.consumed,
      sources: this.sources,
    };
    this.sources = [];
    this.starts = [];
    this.ends = [];
    this.rejected = [];
    this.consumed = end;
    return frames;
  }
}
