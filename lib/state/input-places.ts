import type { Batch, Input } from '../batch/batch.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Sections } from './state-parts.ts';

/** How far one input was read: what its reader needs to go on behind it. */
export interface InputPlace {
  /** Tells its content from others that may come to have its name: a file's inode and beginning, the uid of a pod. */
  readonly identity: string;
  /** Bytes of it that are in records which were measured, decompressed; the next record begins there. */
  readonly offset: number;
  /** As it was found to be; '' = not known yet. */
  readonly framing: string;
  /** When the newest line was written that was read, as its source says: milliseconds since the epoch, NaN if it does not. */
  readonly time: number;
  /** What else its reader wants to have again, such as the lines that a seam knows; no more than some hundred KiB. */
  readonly more: Uint8Array;
}

/** Places by the names of inputs; undefined: what is known of it is to be forgotten. */
export type ToldPlaces = Iterable<readonly [name: string, place: InputPlace | undefined]>;

const SECTION = 'inputs';

/**
 * How far inputs were read, for those who read them. Who reads one asks `before` where to go on; gives bytes as ever, the
 * first of them the one at that place; and says at each checkpoint how far it has come: `offset` where it began plus
 * `consumed`. What was given beyond is not in the state, and is given again by the next run.
 */
export class InputPlaces {
  private readonly places: Map<string, InputPlace>;
  private readonly read = new WeakMap<Input, number>();
  /** Bytes of inputs that were read, and wait for the end of their record: they are given again. */
  private readonly waiting = new Map<Input, number>();
  /** Where a record begins that waits for its end, as the pipeline knows it. */
  waitingFrom: (input: Input) => number | undefined = () => undefined;
  private readonly tellers: (() => ToldPlaces)[] = [];

  constructor(before?: Sections) {
    this.places = before === undefined ? new Map() : placesOf(before);
  }

  /** How far the run before had read what has this name; undefined: it had read nothing of it. */
  before(name: string): InputPlace | undefined {
    return this.places.get(name);
  }

  /** Names of inputs that something is known of. */
  get names(): string[] {
    return [...this.places.keys()];
  }

  /** Asked at each checkpoint, when all that was given has been measured, or waits for the end of its record. */
  onCheckpoint(tell: () => ToldPlaces): void {
    this.tellers.push(tell);
  }

  /** Bytes of an input that are in records which were measured, counted from the first that was given. */
  consumed(input: Input): number {
    const read = this.read.get(input) ?? 0;
    const waiting = this.waitingFrom(input);
    if (waiting === undefined) return read;
    const consumed = Math.min(read, waiting - (input.from ?? 0));
    if (consumed < read) this.waiting.set(input, read - consumed);
    return consumed;
  }

  /** A batch was read of its input. */
  note({ input, consumed }: Batch): void {
    this.read.set(input, (this.read.get(input) ?? 0) + consumed);
  }

  /**
   * Of a checkpoint. Those that nobody tells of stay what they were.
   * @returns also how many bytes were read that the next run reads again
   */
  section(): { readonly section: readonly [name: string, bytes: Uint8Array]; readonly ahead: number } {
    this.waiting.clear();
    for (const tell of this.tellers) {
      for (const [name, place] of tell()) {
        if (place === undefined) this.places.delete(name);
        else this.places.set(name, place);
      }
    }
    const to = new ByteWriter();
    for (const [name, { identity, offset, framing, time, more }] of this.places) {
      to.flag(true);
      for (const text of [name, identity, framing]) to.text(text);
      to.whole(offset);
      to.double(time);
      to.whole(more.length);
      to.raw(more);
    }
    to.flag(false);
    let ahead = 0;
    for (const bytes of this.waiting.values()) ahead += bytes;
    return { section: [SECTION, to.written], ahead };
  }
}

/** The places that a state has, by name. @throws {DamagedBytes} */
export function placesOf(sections: Sections): Map<string, InputPlace> {
  const places = new Map<string, InputPlace>();
  const bytes = sections.get(SECTION);
  if (bytes === undefined) return places;
  const from = new ByteReader(bytes);
  while (from.flag()) {
    const [name, identity, framing] = [from.text(), from.text(), from.text()];
    const offset = from.whole();
    const time = from.double();
    places.set(name, { identity, framing, offset, time, more: from.raw(from.whole()) });
  }
  return places;
}
