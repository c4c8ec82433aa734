/**
 * A Prometheus text exposition: each sample becomes the event that an OpenZiti controller would write for it (version 2,
 * a floatValue, labels as tags), so what follows knows one kind of thing.
 *
 * Comments (HELP, TYPE, UNIT, EOF) and exemplars are skipped. JSON has no NaN and no infinities: a sample of such a value
 * is rejected as bad-framing, like a line that is no sample, rather than lost in silence.
 */

import { isUtf8 } from 'node:buffer';
import type { Framer, Frames } from '../../batch/framer.ts';
import { MARK_AND_CR } from '../../batch/framer.ts';
import { parseSample, type Sample } from '../../text/exposition-sample.ts';
import { toParts } from '../../text/time.ts';
import { type Block, byteOrderMark, LineBlocks } from '../blocks.ts';
import { MadeFrames } from '../made-frames.ts';
import { LineSplitter } from './exposition-lines.ts';

export interface ExpositionOptions {
  /** Of a line. */
  readonly maxRecordBytes: number;
  /** The events' source_id. */
  readonly sourceId: string;
}

const blank = /^[ \t\r]*(?:#.*)?$/s;

export class ExpositionFramer implements Framer {
  private readonly maxRecordBytes: number;
  private readonly blocks: LineBlocks;
  private readonly splitter = new LineSplitter();
  private readonly sourceId: string;
  private readonly made = new MadeFrames();

  constructor(options: ExpositionOptions) {
    this.maxRecordBytes = options.maxRecordBytes;
    this.blocks = new LineBlocks(options.maxRecordBytes + MARK_AND_CR);
    // Like all other text here: bytes as latin1.
    this.sourceId = Buffer.from(JSON.stringify(options.sourceId)).toString('latin1');
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<Frames> {
    for (const block of this.blocks.push(chunk)) yield* this.frames(block);
  }

  *end(cut?: boolean): Generator<Frames> {
    for (const block of this.blocks.end(cut)) yield* this.frames(block);
  }

  private *frames({ bytes, base, unkept }: Block): Generator<Frames> {
    if (unkept !== undefined) {
      const mark = base === 0 ? byteOrderMark(bytes) : 0;
      const place = { offset: base + mark, bytes: bytes.subarray(mark) };
      this.made.rejectTooLong(place, unkept.length - mark);
      yield this.made.take(base, unkept.consumed);
      return;
    }
    const text = bytes.toString('latin1');
    let from = 0;
    let start = 0;
    for (const line of this.splitter.lines(text.endsWith('\n') ? text : `${text}\n`)) {
      this.line(line, bytes, base, start);
      start = Math.min(start + line.length + 1, bytes.length);
      if (!this.made.full) continue;
      yield this.made.take(base + from, start - from);
      from = start;
    }
    if (from < start) yield this.made.take(base + from, start - from);
  }

  private line(line: string, block: Buffer, base: number, lineStart: number): void {
    const mark = base + lineStart === 0 ? byteOrderMark(block) : 0;
    const start = lineStart + mark;
    const end = lineStart + line.length - (line.endsWith('\r') ? 1 : 0);
    const bytes = block.subarray(start, end);
    const text = line.slice(mark, end - lineStart);
    const place = { offset: base + start, bytes };
    // First, since of a line that was given up nobody can say that it was a comment.
    if (bytes.length > this.maxRecordBytes) {
      this.made.rejectTooLong(place, bytes.length);
      return;
    }
    if (blank.test(text)) return;
    const sample = parseSample(text);
    if (sample === undefined) this.made.reject('bad-framing', place);
    else if (!isUtf8(bytes)) this.made.reject('invalid-utf8', place);
    else this.made.add(Buffer.from(this.event(sample), 'latin1'), place, Number.NaN);
  }

  /** Written by hand, since a label may well be called __proto__. */
  private event({ name, labels, value, time }: Sample): string {
    const timestamp = time === undefined ? '' : `"timestamp":${JSON.stringify(toParts(time))},`;
    const tags = labels.map(([label, text]) => `${JSON.stringify(label)}:${JSON.stringify(text)}`);
    return (
      `{"metric_type":"floatValue","namespace":"metrics","source_id":${this.sourceId},"version":2,${timestamp}` +
      `"metric":${JSON.stringify(name)},"metrics":{"value":${value}}` +
      `${tags.length === 0 ? '' : `,"tags":{${tags.join(',')}}`}}`
    );
  }
}
