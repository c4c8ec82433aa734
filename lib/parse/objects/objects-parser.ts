import { isAscii, isUtf8 } from 'node:buffer';
import type { Input, Rejected } from '../../batch/batch.ts';
import { type Framer, type Frames, rejectedAt } from '../../batch/framer.ts';
import type { RejectionReason } from '../../errors.ts';
import { nestsDeeperThan } from '../../text/json.ts';
import type { Parser } from '../parser.ts';
import { ObjectBatch } from './object-batch.ts';
import { isObject, type JsonObject } from './path.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface ReferenceParserOptions {
  readonly input: Input;
  readonly framer: Framer;
  /** May be shared by the parsers of several inputs. */
  readonly vocabulary: Vocabulary;
  readonly limits: { readonly maxDepth: number };
}

/** What JSON.parse cannot give, so it can stand for its failure. */
const invalid = undefined;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return invalid;
  }
}

/** The parser that reads with JSON.parse: the oracle of the tests. Every batch stands for one run of frames. */
export class ReferenceParser implements Parser {
  private readonly options: ReferenceParserOptions;
  private readonly maxDepth: number;

  constructor(options: ReferenceParserOptions) {
    this.options = options;
    this.maxDepth = options.limits.maxDepth;
  }

  /** Each iterable must be run to its end before the next chunk is pushed. */
  *push(chunk: Uint8Array): Generator<ObjectBatch> {
    // framers and batches keep parts of it for longer than it is theirs
    for (const frames of this.options.framer.push(Buffer.from(chunk))) yield this.batch(frames);
  }

  *end(cut?: boolean): Generator<ObjectBatch> {
    for (const frames of this.options.framer.end(cut)) yield this.batch(frames);
  }

  get waiting(): boolean {
    return this.options.framer.waiting ?? false;
  }

  get waitingFrom(): number | undefined {
    return this.options.framer.waitingFrom;
  }

  *settle(): Generator<ObjectBatch> {
    for (const frames of this.options.framer.settle?.() ?? []) yield this.batch(frames);
  }

  batch(frames: Frames): ObjectBatch {
    const { bytes, base, count } = frames;
    const read = recordReader(frames, this.maxDepth);
    const objects: JsonObject[] = [];
    const offset = new Uint32Array(count);
    const length = new Uint32Array(count);
    const rejected: Rejected[] = [];
    const texts: (Uint8Array | undefined)[] | undefined = frames.origin === undefined ? undefined : [];
    const outerTimes: number[] = [];
    const places: number[] = [];
    for (let i = 0; i < count; i++) {
      const start = frames.offset[i]!;
      const size = frames.length[i]!;
      const record = read(start, start + size);
      if (typeof record === 'string') {
        rejected.push(rejectedAt(frames, i, record));
        continue;
      }
      offset[objects.length] = start;
      length[objects.length] = size;
      objects.push(record);
      texts?.push(frames.origin!.texts[i]);
      outerTimes.push(frames.origin?.times[i] ?? Number.NaN);
      places.push(frames.origin?.offset[i] ?? base + start);
    }
    this.options.vocabulary.refresh();
    return new ObjectBatch({
      input: this.options.input,
      vocabulary: this.options.vocabulary,
      objects,
      bytes,
      base,
      offset: offset.subarray(0, objects.length),
      length: length.subarray(0, objects.length),
      texts,
      outerTimes,
      places,
      rejected: inOrder(frames, rejected),
      consumed: frames.consumed,
    });
  }
}

/** By offset. What a parser finds is in that order already, unless records of several streams were joined. */
function inOrder(frames: Frames, found: Rejected[]): readonly Rejected[] {
  if (frames.origin === undefined && frames.rejected.length === 0) return found;
  return found.length === 0
    ? frames.rejected
    : [...frames.rejected, ...found].sort((x, y) => x.offset - y.offset);
}

/**
 * Reads one record of the frames: the object, or why it is none. Decoding is what costs beside JSON.parse, so the
 * usual run of pure ASCII is decoded once and each record is a slice of that text.
 */
function recordReader(
  frames: Frames,
  maxDepth: number,
): (start: number, end: number) => JsonObject | RejectionReason {
  const last = frames.count - 1;
  const from = last < 0 ? 0 : frames.offset[0]!;
  const to = last < 0 ? 0 : frames.offset[last]! + frames.length[last]!;
  const bytes = Buffer.from(frames.bytes.buffer, frames.bytes.byteOffset, frames.bytes.byteLength);
  const run = bytes.subarray(from, to);
  const ascii = isAscii(run);
  const text = ascii ? run.toString('latin1') : '';
  const valid = ascii || isUtf8(run);

  return (start, end) => {
    if (!valid && !isUtf8(bytes.subarray(start, end))) return 'invalid-utf8';
    if (end - start > maxDepth && nestsDeeperThan(maxDepth, bytes, start, end)) return 'too-deep';
    const value = parseJson(
      ascii ? text.substring(start - from, end - from) : bytes.toString('utf8', start, end),
    );
    if (value === invalid) return 'invalid-json';
    return isObject(value) ? value : 'not-an-object';
  };
}
