import { timeOfAny } from '../../text/any-time.ts';
import type { Place } from '../made-frames.ts';
import type { Source } from './pod-source.ts';

/** What the layers around a line say of it. */
export interface Layers {
  readonly depth: number;
  readonly place: Place;
  readonly stream: string;
  /** The line is none of the input's bytes: it was joined, or came out of a text. */
  readonly joined: boolean;
  /** When it was written; NaN if unknown. */
  readonly time: number;
  readonly source: Source | undefined;
  /** Members that stay fields of the record: a JSON object. */
  readonly outer: Buffer | undefined;
}

/** Of a line of the input. */
export const outermost = (place: Place): Layers => ({
  depth: 0,
  place,
  stream: '',
  joined: false,
  time: Number.NaN,
  source: undefined,
  outer: undefined,
});

/** Of what these hold. */
export const below = (layers: Layers): Layers => ({ ...layers, depth: layers.depth + 1 });

/** Milliseconds since the epoch of a time of any form, or of another one. */
export function timeOr(value: unknown, other: number): number {
  const time = timeOfAny(value);
  return Number.isNaN(time) ? other : time;
}

/** A line of the input tells the place of each of its parts; one out of a text has its wrapping's. */
export function partOf(part: Buffer, layers: Layers): Layers {
  const { place } = layers;
  const offset = place.offset + (part.byteOffset - place.bytes.byteOffset);
  return layers.joined ? layers : { ...layers, place: { offset, bytes: part } };
}
