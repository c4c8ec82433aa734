import { isUtf8 } from 'node:buffer';
import { CR, withoutLineEnd } from '../../text/bytes.ts';
import type { LineWriters } from '../../tracing/text/line-writers.ts';
import type { MadeFrames } from '../made-frames.ts';
import { isBlank, TextRecords, type TextSink } from '../text-records.ts';
import type { Layers } from './layers.ts';
import { mergeInto } from './merge-fields.ts';
import { sourceFields } from './pod-source.ts';

/** Streams whose unfinished records are kept; the one that began first is given up as complete. */
const MOST_STREAMS = 1024;

export interface StreamRecordsOptions {
  readonly made: MadeFrames;
  readonly writers: LineWriters;
  /** Of a record in bytes. */
  readonly limit: number;
  /** Whether pods, containers and namespaces become fields of the records. */
  readonly names: boolean;
}

/** Bare lines to records: one as it stands, or a text record, whose lines are gathered by the stream that they are of. */
export class StreamRecords {
  private readonly options: StreamRecordsOptions;
  private readonly made: MadeFrames;
  private readonly texts = new Map<string, TextRecords<Layers>>();

  constructor(options: StreamRecordsOptions) {
    this.options = options;
    this.made = options.made;
  }

  /** Whether a text record waits for further lines. */
  get waiting(): boolean {
    for (const records of this.texts.values()) if (records.open) return true;
    return false;
  }

  /** Where those begin that wait. */
  get openFrom(): number[] {
    return [...this.texts.values()].map(({ openFrom }) => openFrom).filter((from) => from !== undefined);
  }

  /** Whether a text record of a stream waits. */
  isOpen(stream: string): boolean {
    return this.texts.get(stream)?.open === true;
  }

  /** Takes a line as one more of the text record that waits in its stream, if there is one that it can be of. */
  goOn(line: Buffer, layers: Layers): boolean {
    const records = this.texts.get(layers.stream);
    return records?.open === true && records.take(line, layers.place, layers);
  }

  /** Text records that wait are complete. */
  end(): void {
    for (const records of this.texts.values()) records.end();
    this.texts.clear();
  }

  /** A record as it stands, or a line that is none. */
  add(line: Buffer, layers: Layers): void {
    this.texts.get(layers.stream)?.end();
    const { place, time, outer } = layers;
    const record = line.at(-1) === CR ? line.subarray(0, -1) : line;
    if (isBlank(record)) return;
    if (record.length > this.options.limit) {
      this.made.rejectTooLong(place, withoutLineEnd(place.bytes).length);
      return;
    }
    const merged = this.fieldsOf(layers);
    if (merged === undefined) this.made.add(record, place, time);
    else this.made.add(mergeInto(merged, record), place, time, outer === undefined ? record : undefined);
  }

  /** What is to be added to a record: a JSON object; undefined if nothing is. */
  private fieldsOf({ outer, source }: Layers): Buffer | undefined {
    if (!this.options.names || source === undefined) return outer;
    const names = Buffer.from(sourceFields(source));
    return outer === undefined ? names : mergeInto(names, outer);
  }

  /** Takes a line that is a text record by itself, where none of its stream waits. */
  simpleText(line: Buffer, layers: Layers): boolean {
    const { limit, writers } = this.options;
    if (writers.of(line[0]) === undefined || this.texts.get(layers.stream)?.open === true) return false;
    const bare = line.at(-1) === CR ? line.subarray(0, -1) : line;
    const read = bare.length <= limit && isUtf8(bare) ? writers.read(bare) : undefined;
    if (!read?.finished) return false;
    this.sinkOf(layers).add(read.json, layers.place, bare);
    return true;
  }

  /** A line of a text record, or one that nobody knows. */
  text(line: Buffer, layers: Layers): void {
    let records = this.texts.get(layers.stream);
    if (records === undefined) {
      if (this.texts.size >= MOST_STREAMS) {
        const [oldest, its] = this.texts.entries().next().value!;
        its.end();
        this.texts.delete(oldest);
      }
      const { limit, writers } = this.options;
      records = new TextRecords<Layers>(limit, writers, (its) => this.sinkOf(its));
      this.texts.set(layers.stream, records);
    }
    if (!records.take(line, layers.place, layers)) this.add(line, layers);
  }

  private sinkOf(layers: Layers): TextSink {
    const merged = this.fieldsOf(layers);
    return {
      add: (record, place, text) => {
        if (merged === undefined) this.made.add(record, place, layers.time, text);
        else this.made.add(mergeInto(merged, Buffer.from(record)), place, layers.time, text);
      },
      reject: (reason, place) => this.made.reject(reason, place),
      rejectTooLong: (place, length) => this.made.rejectTooLong(place, length),
    };
  }
}
