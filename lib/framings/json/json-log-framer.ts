/**
 * Values of JSON documents to records: those that are records pass as they came, those that hold some (exports, whose
 * records are texts, and wrappings) are unwrapped as lines are.
 */
import type { Framer, Frames } from '../../batch/framer.ts';
import { timeOfAny } from '../../text/any-time.ts';
import { LF } from '../../text/bytes.ts';
import { parseTimestamp } from '../../text/time.ts';
import { LineWriters } from '../../tracing/text/line-writers.ts';
import { MadeFrames, type OnAnother } from '../made-frames.ts';
import { isDocument } from '../unwrap/documents.ts';
import { isObject, isText, parsedOf } from '../unwrap/json-object.ts';
import { LineLog } from '../unwrap/line-log.ts';
import { holdsRecord, isRecord, shapeOf, timeBeside } from '../unwrap/shapes.ts';
import { isSurelyRecord } from '../unwrap/sure-record.ts';
import { JsonFramer, type JsonFrames, type JsonOptions } from './json-framer.ts';

export interface JsonLogOptions extends JsonOptions {
  /** Whether pods, containers and namespaces that documents name become fields of the records. */
  readonly names: boolean;
  readonly onAnother?: OnAnother | undefined;
  /** See LineLogOptions. */
  readonly now?: (() => number) | undefined;
}

export class JsonLogFramer implements Framer {
  private readonly values: JsonFramer;
  private readonly made: MadeFrames;
  private readonly log: LineLog;
  private readonly names: boolean;
  private position = 0;

  constructor(options: JsonLogOptions) {
    const { maxRecordBytes, names, now = Date.now } = options;
    this.values = new JsonFramer(options);
    this.made = new MadeFrames(options.onAnother);
    this.log = new LineLog({
      made: this.made,
      writers: new LineWriters(),
      limit: maxRecordBytes,
      names,
      now,
    });
    this.names = names;
  }

  get waiting(): boolean {
    return this.log.waiting;
  }

  get waitingFrom(): number | undefined {
    return this.log.waitingFrom;
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
    this.position = frames.base + frames.consumed;
    if (spans.length > 0 && this.readAsBefore(frames, spans, 0)) {
      for (let k = 1; k < spans.length; k++) {
        if (!this.readAsBefore(frames, spans, k))
          this.readAny(frames, spans[k]!, k, parsedUnlessRecord(spans[k]!));
      }
      yield this.take(frames);
      return;
    }
    const values = spans.map(parsedUnlessRecord);
    const isPlain = (value: unknown, k: number): boolean =>
      spans[k]!.indexOf(LF) < 0 &&
      (value === undefined || (!this.holds(value) && !(this.names && frames.sources[k] !== undefined)));
    if (!this.waiting && values.every(isPlain)) {
      yield frames;
      return;
    }
    for (const [k, span] of spans.entries()) this.readAny(frames, span, k, values[k]);
    yield this.take(frames);
  }

  /** Takes a value that holds a text as others before did. */
  private readAsBefore(frames: JsonFrames, spans: readonly Buffer[], k: number): boolean {
    const bytes = spans[k]!;
    const place = { offset: frames.base + frames.offset[k]!, bytes };
    return !isSurelyRecord(bytes) && this.log.readKnown(bytes, place, frames.sources[k]);
  }

  private readAny(frames: JsonFrames, bytes: Buffer, k: number, value: unknown): void {
    const place = { offset: frames.base + frames.offset[k]!, bytes };
    this.log.readValue(bytes, value, place, frames.sources[k]);
  }

  private take({ base, consumed, rejected }: JsonFrames): Frames {
    const made = this.made.take(base, consumed);
    return { ...made, rejected: [...made.rejected, ...rejected].sort((x, y) => x.offset - y.offset) };
  }

  /** Whether a value holds records, or one that says when it was written elsewhere than records do. */
  private holds(value: unknown): boolean {
    if (isText(value)) return holdsRecord(value);
    if (!isObject(value)) return Array.isArray(value);
    if (shapeOf(value) !== undefined || (!isRecord(value) && isDocument(value))) return true;
    const { timestamp } = value;
    if (isText(timestamp) && !Number.isNaN(parseTimestamp(timestamp))) return false;
    // seconds and nanoseconds are read with the record
    const isRead = isObject(timestamp) && (timestamp.seconds ?? timestamp.nanos) !== undefined;
    return !isRead && !Number.isNaN(timeOfAny(timeBeside(value)));
  }
}

/** undefined if it is surely a record, or no JSON. */
function parsedUnlessRecord(bytes: Buffer): unknown {
  return isSurelyRecord(bytes) ? undefined : parsedOf(bytes.toString());
}
