/** Lines that each wrap a line of a container's log: what they hold is unwrapped, joined and framed anew. */

import type { Framer, Frames } from '../batch/framer.ts';
import { PREFIX_ROOM } from '../batch/framer.ts';
import { LF } from '../text/bytes.ts';
import { textToJson } from '../tracing/text/text-to-json.ts';
import { Assembler, type Unwrapped } from './assembler.ts';
import { type Block, byteOrderMark, LineBlocks } from './blocks.ts';
import { MadeFrames, withoutLineEnd } from './made-frames.ts';

/** Takes a line out of its wrapping; undefined if it is none that is so wrapped. */
export type Unwrap = (line: Buffer) => Unwrapped | undefined;

export interface EnvelopeOptions {
  /** A longer record is rejected as too-long; its wrapping does not count. */
  readonly maxRecordBytes: number;
  readonly unwrap: Unwrap;
}

/** The most that escapes can lengthen a text in JSON: `\\u0000` for one byte. */
const ESCAPED = 6;
/** For what a wrapping holds beside the line: Kubernetes' labels and annotations. */
const WRAPPING_ROOM = PREFIX_ROOM + (1 << 16);
/** Streams whose unfinished records are kept; the one that began first is given up as complete. */
const MAX_STREAMS = 1024;

export class EnvelopeFramer implements Framer {
  private readonly options: EnvelopeOptions;
  private readonly blocks: LineBlocks;
  private readonly made = new MadeFrames();
  private readonly assemblers = new Map<string, Assembler>();

  constructor(options: EnvelopeOptions) {
    this.options = options;
    this.blocks = new LineBlocks(ESCAPED * options.maxRecordBytes + WRAPPING_ROOM);
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<Frames> {
    for (const block of this.blocks.push(chunk)) yield* this.frames(block);
  }

  *end(): Generator<Frames> {
    let end = 0;
    for (const block of this.blocks.end()) {
      yield* this.frames(block);
      end = block.base + block.bytes.length;
    }
    for (const assembler of this.assemblers.values()) assembler.end();
    this.assemblers.clear();
    if (!this.made.empty) yield this.made.take(end, 0);
  }

  private *frames({ bytes, base, unkept }: Block): Generator<Frames> {
    if (unkept !== undefined) {
      this.made.rejectTooLong({ offset: base, bytes }, unkept.length);
      yield this.made.take(base, unkept.consumed);
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
      yield this.made.take(base + from, start - from);
      from = start;
    }
    if (from < bytes.length) yield this.made.take(base + from, bytes.length - from);
  }

  private line(bytes: Buffer, base: number, lineStart: number, lineEnd: number): void {
    const start = base + lineStart === 0 ? byteOrderMark(bytes) : lineStart;
    // A CR at its end may belong to a text that goes on in the next line.
    const line = bytes.subarray(start, lineEnd);
    const place = { offset: base + start, bytes: line };
    const unwrapped = this.options.unwrap(line);
    if (unwrapped !== undefined) this.assemblerOf(unwrapped.stream).push(unwrapped, place);
    else if (withoutLineEnd(line).length > 0) this.made.reject('bad-framing', place);
  }

  private assemblerOf(stream: string): Assembler {
    let assembler = this.assemblers.get(stream);
    if (assembler !== undefined) return assembler;
    if (this.assemblers.size >= MAX_STREAMS) {
      const [oldest, its] = this.assemblers.entries().next().value!;
      its.end();
      this.assemblers.delete(oldest);
    }
    assembler = new Assembler(this.made, this.options.maxRecordBytes, textToJson);
    this.assemblers.set(stream, assembler);
    return assembler;
  }
}
