/** Lines that a container runtime has cut into parts, stream by stream. */

import { isUtf8 } from 'node:buffer';
import { CLOSE_BRACE, OPEN_BRACE } from '../../text/json.ts';
import { headerOfLine } from '../../tracing/text/header.ts';
import type { Place } from '../made-frames.ts';
import { Pending } from '../pending.ts';
import { isObject, parsedOf } from './json-object.ts';
import { isRecord } from './shapes.ts';

/** What a part says of where it stands. */
interface Placed {
  readonly place: Place;
  readonly stream: string;
  readonly joined: boolean;
}

export interface PartialSink<T> {
  whole(content: Buffer, layers: T): void;
  tooLong(place: Place, length: number): void;
}

interface Open<T> {
  readonly parts: Pending;
  layers: T;
  readonly isOfOther?: boolean;
}

/** Streams whose unfinished lines are kept; the one that began first is given up as complete. */
const MOST_STREAMS = 1024;

export class Partials<T extends Placed> {
  private readonly limit: number;
  private readonly sink: PartialSink<T>;
  private readonly open = new Map<string, Open<T>>();

  /** @param limit of a record in bytes */
  constructor(limit: number, sink: PartialSink<T>) {
    this.limit = limit;
    this.sink = sink;
  }

  get empty(): boolean {
    return this.open.size === 0;
  }

  /** Where the first line begins that waits; at the beginning, where another input has begun it. */
  get openFrom(): number | undefined {
    let from: number | undefined;
    for (const { parts, isOfOther } of this.open.values())
      from = Math.min(from ?? Number.POSITIVE_INFINITY, isOfOther ? 0 : parts.offset);
    return from;
  }

  has(stream: string): boolean {
    return this.open.has(stream);
  }

  /** Takes a part; `more` says that another one follows. */
  take(content: Buffer, more: boolean, layers: T): void {
    const { stream } = layers;
    let open = this.open.get(stream);
    // what is a record by itself goes on with nothing, and nothing goes on with it: whoever wrapped it took its end away
    if (isComplete(content, open !== undefined)) {
      if (open !== undefined) this.end(stream, open);
      this.sink.whole(content, layers);
      return;
    }
    if (open !== undefined && beginsText(content)) {
      this.end(stream, open);
      open = undefined;
    }
    if (open === undefined) {
      if (!more) {
        this.sink.whole(content, layers);
        return;
      }
      if (this.open.size >= MOST_STREAMS) {
        const [oldest, its] = this.open.entries().next().value!;
        this.end(oldest, its);
      }
      open = { parts: new Pending(this.limit, layers.place.offset, 'none'), layers };
      this.open.set(stream, open);
    }
    open.parts.add(content, layers.place.bytes);
    open.layers = layers;
    if (!more) this.end(stream, open);
  }

  /** Nothing follows: what there is of each line is all. */
  endAll(): void {
    for (const [stream, open] of this.open) this.end(stream, open);
  }

  /** What waits, for the input that goes on with it; none waits here any more. */
  handOver(): Partial<T>[] {
    const open = [...this.open].map(([stream, its]) => ({ stream, ...its }));
    this.open.clear();
    return open;
  }

  /** Goes on with what another input has begun. */
  takeOver(begun: readonly Partial<T>[]): void {
    for (const { stream, parts, layers } of begun) this.open.set(stream, { parts, layers, isOfOther: true });
  }

  private end(stream: string, { parts, layers }: Open<T>): void {
    this.open.delete(stream);
    const place = parts.place();
    if (parts.tooLong) this.sink.tooLong(place, parts.sourceLength);
    else this.sink.whole(parts.content(), { ...layers, place, joined: true });
  }
}

/** The beginning of a line that another input goes on with. */
export interface Partial<T> extends Open<T> {
  readonly stream: string;
}

/** @param amid among parts, where an object that is no record may well be one */
function isComplete(content: Buffer, amid: boolean): boolean {
  if (content[0] !== OPEN_BRACE) return false;
  let end = content.length;
  while (end > 0 && content[end - 1]! <= 0x20) end--;
  if (content[end - 1] !== CLOSE_BRACE || !isUtf8(content)) return false;
  const value = parsedOf(content.toString());
  return isObject(value) && (!amid || isRecord(value));
}

function beginsText(content: Buffer): boolean {
  return headerOfLine(content) !== undefined;
}
