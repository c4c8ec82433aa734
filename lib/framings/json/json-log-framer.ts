/**
 * Values of JSON documents to records: those that are records pass as they came, those that hold some (exports, whose
 * records are texts, and wrappings) are unwrapped as lines are.
 */
import type { Framer, Frames } from '../../batch/framer.ts';
import { timeOfAny } from '../../text/any-time.ts';
import { LF } from '../../text/bytes.ts';
import { parseTimestamp } from '../../text/time.ts';
import { LineWriters } from '../../tracing/text/line-writers.ts';
import { MadeFrames } from '../made-frames.ts';
import { isDocument } from '../unwrap/documents.ts';
import { isObject, isText, parsedOf } from '../unwrap/json-object.ts';
import { isSurelyRecord, LineLog } from '../unwrap/line-log.ts';
import { holdsRecord, isRecord, shapeOf, timeBeside } from '../unwrap/shapes.ts';
import { JsonFramer, type JsonFrames, type JsonOptions } from './json-framer.ts';

export interface JsonLogOptions extends JsonOptions {
  /** Whether pods, containers and namespaces that documents name become fields of the records. */
  readonly names: boolean;
}

export class JsonLogFramer implements Framer {
  private readonly values: JsonFramer;
  private readonly made = new MadeFrames();
  private readonly log: LineLog;
  private readonly names: boolean;
  private position = 0;

  constructor(options: JsonLogOptions) {
    const { maxRecordBytes, names } = options;
    this.values = new JsonFramer(options);
    this.log = new LineLog({ made: this.made, writers: new LineWriters(), limit: maxRecordBytes, names });
    this.names = names;
  }

  get waiting(): boolean {
    return this.log.waiting;
  }

  *push(chunk: Uint8Array): Generator<Frames> {
    for (const frames of this.values.push(chunk)) yield* this.read(frames);
  }

  *end(): Generator<Frames> {
    for (const frames of this.values.end()) yield* this.read(frames);
    this.log.partials.endAll();
    yield* this.settle();
  }

  *settle(): Generator<Frames> {
    this.log.endTexts();
    if (!this.made.empty) yield this.made.take(this.position, 0);
  }

  private *read(frames: JsonFrames): Generator<Frames> {
    const bytes = Buffer.from(frames.bytes.buffer, frames.bytes.byteOffset, frames.bytes.byteLength);
    const spans = Array.from(frames.offset, (start, k) => bytes.subarray(start, start + frames.length[k]!));
    const values = spans.map((span) => (isSurelyRecord(span) ? undefined : parsedOf(span.toString())));
    const isPlain = (value: unknown, k: number): boolean =>
      spans[k]!.indexOf(LF) < 0 &&
      (value === undefined || (!this.holds(value) && !(this.names && frames.sources[k] !== undefined)));
    this.position = frames.base + frames.consumed;
    if (!this.waiting && values.every(isPlain)) {
      yield frames;
      return;
    }
    for (const [k, span] of spans.entries()) {
      const place = { offset: frames.base + frames.offset[k]!, bytes: span };
      this.log.readValue(span, values[k], place, frames.sources[k]);
    }
    const made = this.made.take(frames.base, frames.consumed);
    yield { ...made, rejected: [...made.rejected, ...frames.rejected].sort((x, y) => x.offset - y.offset) };
  }

  /** Whether a value holds records, or one that says when it was written elsewhere than records do. */
  private holds(value: unknown): boolean {
    if (isText(value)) return holdsRecord(value);
    if (!isObject(value)) return Array.isArray(value);
    if (shapeOf(value) !== undefined || (!isRecord(value) && isDocument(value))) return true;
    const { timestamp } = value;
    if (isText(timestamp) && !Number.isNaN(parseTimestamp(timestamp))) return false;
    return !isObject(timestamp) && !Number.isNaN(timeOfAny(timeBeside(value)));
  }
}
