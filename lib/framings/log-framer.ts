/** A log of any lines: each is unwrapped as it tells itself (unwrap/), and what it holds is framed anew. */

import type { Framer, Frames, LineReader } from '../batch/framer.ts';
import { PREFIX_ROOM } from '../batch/framer.ts';
import { LF, withoutLineEnd } from '../text/bytes.ts';
import { LineWriters } from '../tracing/text/line-writers.ts';
import { type Block, byteOrderMark, LineBlocks } from './blocks.ts';
import { MadeFrames, type OnAnother } from './made-frames.ts';
import { PlainTexts } from './plain-texts.ts';
import { type BegunLines, LineLog } from './unwrap/line-log.ts';

export interface LogOptions {
  /** A longer record is rejected as too-long; its wrapping does not count. */
  readonly maxRecordBytes: number;
  /** Whether pods, containers and namespaces that the lines name become fields of the records. */
  readonly names: boolean;
  /** Whose objects with a text `log` wrap a line: the user has said so. */
  readonly log?: 'docker' | 'fluentd' | undefined;
  /** What the input before has begun, which is taken, and where what this one leaves unfinished goes. */
  readonly begun?: BegunLines | undefined;
  /** Offset of the first byte; 0 if not said. */
  readonly from?: number | undefined;
  readonly onAnother?: OnAnother | undefined;
  /** See LineLogOptions. */
  readonly now?: (() => number) | undefined;
  /** Lines that this is false for are rejected as bad-framing: the user has said how lines are wrapped. */
  readonly isWrapped?: ((line: Buffer) => boolean) | undefined;
}

/** The most that escapes can lengthen a text in JSON: `\\u0000` for one byte. */
const ESCAPED = 6;
/** For what a wrapping holds beside the line: Kubernetes' labels and annotations. */
const WRAPPING_ROOM = PREFIX_ROOM + (1 << 16);

export class LogFramer implements Framer, LineReader {
  private readonly options: LogOptions;
  private readonly blocks: LineBlocks;
  private readonly made: MadeFrames;
  private readonly log: LineLog;
  /** Reads lines of text records that nothing wraps; undefined where all must be wrapped. */
  private readonly plain: PlainTexts | undefined;
  /** Offset behind what was read last. */
  private position = 0;

  constructor(options: LogOptions) {
    const { maxRecordBytes, names, log, now = Date.now } = options;
    this.options = options;
    this.blocks = new LineBlocks(ESCAPED * maxRecordBytes + WRAPPING_ROOM, options.from);
    const writers = new LineWriters();
    this.made = new MadeFrames(options.onAnother);
    this.log = new LineLog({ made: this.made, writers, limit: maxRecordBytes, names, log, now });
    if (options.isWrapped === undefined) this.plain = new PlainTexts(this.made, writers, maxRecordBytes);
    this.log.partials.takeOver(options.begun?.splice(0) ?? []);
  }

  get waiting(): boolean {
    return this.log.waiting;
  }

  get waitingFrom(): number | undefined {
    return this.log.waitingFrom;
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<Frames> {
    for (const block of this.blocks.push(chunk)) yield* this.frames(block);
  }

  *lines(bytes: Uint8Array, base: number): Generator<Frames> {
    yield* this.frames({ bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), base });
  }

  *end(cut?: boolean): Generator<Frames> {
    for (const block of this.blocks.end(cut)) yield* this.frames(block);
    const { begun } = this.options;
    if (begun !== undefined) begun.push(...this.log.partials.handOver());
    yield* this.endAll();
  }

  /** The end of all inputs. */
  *endAll(): Generator<Frames> {
    this.log.partials.endAll();
    yield* this.settle();
  }

  *settle(): Generator<Frames> {
    this.log.endTexts();
    if (!this.made.empty) yield this.made.take(this.position, 0);
  }

  private *frames({ bytes, base, unkept, hole }: Block): Generator<Frames> {
    if (hole !== undefined) {
      yield this.take(base, hole);
      return;
    }
    if (unkept !== undefined) {
      this.made.rejectTooLong({ offset: base, bytes }, unkept.length);
      yield this.take(base, unkept.consumed);
      return;
    }
    let from = 0;
    let start = 0;
    while (start < bytes.length) {
      const lf = bytes.indexOf(LF, start);
      const end = lf < 0 ? bytes.length : lf;
      this.line(bytes, base, start, end);
      start = lf < 0 ? end : lf + 1;
      if (!this.made.full) continue;
      yield this.take(base + from, start - from);
      from = start;
    }
    if (from < bytes.length) yield this.take(base + from, bytes.length - from);
  }

  private take(base: number, consumed: number): Frames {
    this.position = base + consumed;
    return this.made.take(base, consumed);
  }

  private line(bytes: Buffer, base: number, lineStart: number, lineEnd: number): void {
    const { plain, log } = this;
    if (plain?.begins(bytes[lineStart]) && !log.textIsOpen && plain.take(bytes, base, lineStart, lineEnd))
      return;
    const start = base + lineStart === 0 ? byteOrderMark(bytes) : lineStart;
    // a CR at its end may belong to a text that goes on in the next line
    const line = bytes.subarray(start, lineEnd);
    const place = { offset: base + start, bytes: line };
    const { isWrapped } = this.options;
    if (isWrapped === undefined || isWrapped(line)) log.read(line, place);
    else if (withoutLineEnd(line).length > 0) this.made.reject('bad-framing', place);
  }
}
