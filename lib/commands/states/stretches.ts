import { read as readWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import type { Input } from '../../batch/batch.ts';
import type { FileRange, Rest } from '../../parse/parser.ts';
import { LF } from '../../text/bytes.ts';
import type { Read } from '../following.ts';

const readDescriptor = promisify(readWithCallback);

/**
 * Bytes of an input, decompressed, after which the pipeline is let run dry whatever the clock says, and ticks that are held
 * may be folded. Places of the input: what is done there is the same wherever a run was interrupted. It takes some 35 ms,
 * and so many bytes more than a second.
 */
export const STRETCH = 2 ** 30;
/** Bytes before a place by which it is known again. */
const TAIL = 4096;
/** What is read at a time to find a line's end. */
const LOOK = 1 << 16;

/** Between two stretches: all before a line has been given. */
export interface Halt {
  readonly halt: Input;
  /** Of the line, decompressed. */
  readonly offset: number;
  /** The last bytes before it, valid until the next item is asked for. */
  readonly tail: Uint8Array;
  /** Whether it is a place of the input, and not only of the clock. */
  readonly isFixed: boolean;
}

export interface StretchOptions {
  readonly length?: number | undefined;
  /** Bytes from here on after which a halt is wanted; asked at each. */
  readonly wanted?: (() => number) | undefined;
}

/** The same chunks, cut behind a line wherever a stretch ends. */
export async function* inStretches(
  chunks: AsyncIterable<Read>,
  options: StretchOptions = {},
): AsyncGenerator<Read | Halt> {
  let cutter: Cutter | undefined;
  for await (const chunk of chunks) {
    if (cutter?.input !== chunk.input) cutter = new Cutter(chunk.input, options);
    if ('rest' in chunk) {
      const { rest } = chunk;
      if (rest.file === undefined) yield* ofStream(cutter, rest);
      else yield* ofFile(cutter, rest, rest.file);
      continue;
    }
    for (let { bytes } = chunk; bytes.length > 0; ) {
      const { part, halt } = cutter.cut(bytes);
      yield { ...chunk, bytes: part };
      if (halt !== undefined) yield halt;
      bytes = bytes.subarray(part.length);
    }
  }
}

/** Goes along the bytes of an input. */
class Cutter {
  readonly input: Input;
  private readonly length: number;
  private readonly wanted: () => number;
  /** Offset of the byte that comes next. */
  at: number;
  /** Of the place behind which the stretch ends, with the line. */
  end: number;
  /** Of the next place of the input. */
  private fixedEnd = 0;

  constructor(input: Input, { length = STRETCH, wanted = () => Number.POSITIVE_INFINITY }: StretchOptions) {
    this.input = input;
    this.length = length;
    this.wanted = wanted;
    this.at = input.from ?? 0;
    this.end = this.endBehind(this.at);
  }

  /** As many of the next bytes as are of one stretch. */
  cut(bytes: Uint8Array): { readonly part: Uint8Array; readonly halt: Halt | undefined } {
    const last = this.end - 1 - this.at;
    const lf = last < bytes.length ? bytes.indexOf(LF, Math.max(0, last)) : -1;
    const part = lf < 0 ? bytes : bytes.subarray(0, lf + 1);
    if (lf >= 0) return { part, halt: this.haltAt(this.at + part.length, part.subarray(-TAIL)) };
    this.at += part.length;
    return { part, halt: undefined };
  }

  /** The next stretch begins at a line. */
  haltAt(offset: number, tail: Uint8Array): Halt {
    const isFixed = offset >= this.fixedEnd;
    this.at = offset;
    this.end = this.endBehind(offset);
    return { halt: this.input, offset, tail, isFixed };
  }

  private endBehind(line: number): number {
    this.fixedEnd = (Math.floor(line / this.length) + 1) * this.length;
    return Math.min(this.fixedEnd, line + this.wanted());
  }
}

async function* ofFile(cutter: Cutter, rest: Rest, file: FileRange): AsyncGenerator<Read | Halt> {
  const { input } = cutter;
  let from = file.from;
  while (!file.signal?.aborted) {
    const begin = from;
    const line = await lineBehind(file, cutter.end);
    if (line === undefined) {
      // what was appended meanwhile, too
      yield {
        input,
        rest: { ...rest, bytes: (at = begin) => rest.bytes(at), file: { ...file, from: begin } },
      };
      return;
    }
    const to = line.offset;
    yield {
      input,
      rest: { ...rest, bytes: (at = begin) => upTo(rest, at, to), file: { ...file, from: begin, to } },
    };
    yield cutter.haltAt(to, line.tail);
    from = to;
  }
}

/** The first line that begins at `place` or behind it; undefined if none does before the end. */
async function lineBehind(
  { descriptor, to }: FileRange,
  place: number,
): Promise<Pick<Halt, 'offset' | 'tail'> | undefined> {
  const buffer = Buffer.alloc(TAIL + LOOK);
  for (let at = place - 1; at < to; at += LOOK) {
    const start = Math.max(0, at - TAIL);
    const { bytesRead } = await readDescriptor(descriptor, buffer, 0, at - start + LOOK, start);
    const bytes = buffer.subarray(0, bytesRead);
    const lf = bytes.indexOf(LF, at - start);
    const offset = start + lf + 1;
    if (lf >= 0) return offset < to ? { offset, tail: bytes.subarray(0, lf + 1).subarray(-TAIL) } : undefined;
    if (bytesRead < at - start + LOOK) return undefined;
  }
  return undefined;
}

async function* upTo(rest: Rest, from: number, to: number): AsyncGenerator<Uint8Array> {
  let at = from;
  if (at >= to) return;
  for await (const bytes of rest.bytes(from)) {
    yield bytes.subarray(0, to - at);
    at += bytes.length;
    if (at >= to) return;
  }
}

async function* ofStream(cutter: Cutter, rest: Rest): AsyncGenerator<Read | Halt> {
  const { input } = cutter;
  const source = rest.bytes()[Symbol.asyncIterator]();
  let left: Uint8Array = new Uint8Array(0);
  let halt: Halt | undefined;
  async function* stretch(): AsyncGenerator<Uint8Array> {
    while (halt === undefined) {
      if (left.length === 0) {
        const next = await source.next();
        if (next.done) return;
        left = next.value;
      }
      const cut = cutter.cut(left);
      left = left.subarray(cut.part.length);
      halt = cut.halt;
      yield cut.part;
    }
  }
  try {
    do {
      halt = undefined;
      yield { input, rest: { ...rest, bytes: stretch } };
      if (halt !== undefined) yield halt;
    } while (halt !== undefined);
  } finally {
    // not awaited: a source that waits for its next byte would let nobody go
    source.return?.(undefined).catch(() => {});
  }
}
