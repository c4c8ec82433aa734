/** Files that are followed as they grow, are rotated, cut short or replaced. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Input } from '../batch/batch.ts';
import type { InputPlaces } from '../state/input-places.ts';
import { type FilePlace, followedPlaceOf, inputPlaceOf } from './file-places.ts';
import {
  isBeginningOf,
  isSame,
  markBefore,
  nothing,
  type Reading,
  readDescriptor,
  readingOf,
  withMark,
} from './file-reading.ts';
import { byAge, type Generation, Generations } from './generations.ts';

const CHUNK = 1 << 18;
/** How often a file is looked at, milliseconds: while it is written, and after some silence. */
const BUSY_MS = 10;
const IDLE_MS = 200;
const IDLE_AFTER = 100;
/** A writer may hold on to a file that was rotated away: it is left once it has been silent for so long. Milliseconds. */
const LINGER_MS = 300;

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** What is worth a person's attention. */
  readonly onNotice: (text: string) => void;
  /** How far files were read, of a run that can go on; and where that is told. */
  readonly places?: InputPlaces | undefined;
}

/** Bytes of a followed file. Those of others may stand between them. */
export interface FollowedBytes {
  /** The same object for all bytes of one file; another one where its content began anew. */
  readonly input: Input;
  readonly bytes: Uint8Array;
  readonly beside: true;
  /** Nothing more comes of this one. */
  readonly last?: boolean | undefined;
}

/**
 * The bytes of a file from its beginning on, and of all that come under its path after it, until the signal aborts.
 * Renamed files are read to their end, also those that came and went between two looks. Where a file is copied and cut
 * short, what was not read yet is taken from the copy; only what was written between the copy and the cut is in neither,
 * and nobody can have it. Every chunk is the consumer's until it asks for the next one.
 */
export async function* followFile(path: string, options: FollowOptions): AsyncGenerator<FollowedBytes> {
  const tail = new Tail(path, options);
  try {
    yield* tail.bytes();
  } finally {
    await tail.close();
  }
}

class Tail {
  private readonly path: string;
  private readonly options: FollowOptions;
  private readonly generations: Generations;
  private readonly buffer = Buffer.allocUnsafeSlow(CHUNK);
  private now: Reading | undefined;
  /** Those that go on once the current one is done with. */
  private readonly paused: Reading[] = [];
  private readonly waiting: Generation[] = [];
  /** Copies that were made of the current one before it was cut short, and are not read yet. */
  private copies: Generation[] = [];
  /** When something came last. */
  private heard = performance.now();
  private isAway = false;

  constructor(path: string, options: FollowOptions) {
    this.path = path;
    this.options = options;
    this.generations = new Generations(path);
  }

  async *bytes(): AsyncGenerator<FollowedBytes> {
    const { signal } = this.options;
    await this.begin();
    while (!signal.aborted) {
      yield* this.drain();
      this.waiting.push(...(await this.generations.arrived()));
      this.waiting.sort(byAge);
      // one that was overlooked while it was renamed
      while (this.now !== undefined && this.waiting[0] && this.waiting[0].born < this.now.generation.born)
        yield* this.whole(this.waiting.shift()!);
      if (this.now !== undefined) yield* this.lookForCut(this.now);
      // all that have come: to look around takes longer than a rotation may
      while (this.isOver()) yield* this.turn();
      if (this.now === undefined) this.tellAway();
      if (performance.now() - this.heard > 0 && !signal.aborted) await this.pause();
    }
    yield* this.drain();
    // a run that goes on reads a line anew whose end has not come
    if (this.now !== undefined && this.options.places === undefined) yield lastOf(this.now.input);
  }

  async close(): Promise<void> {
    // the last checkpoint, behind all that was read, asks for what stands in them; so does nobody behind that
    if (this.options.places !== undefined) return;
    const all = [this.now?.generation, ...this.paused.map(({ generation }) => generation)];
    for (const one of [...all, ...this.waiting, ...this.copies]) await one?.file.close();
  }

  private async begin(): Promise<void> {
    const { places } = this.options;
    const place = places?.before(this.path);
    const before = place && followedPlaceOf(place);
    if (before === undefined) await this.generations.begin();
    else {
      this.waiting.push(...(await this.generations.goOn(before)));
      if (this.waiting.length < before.files.length) {
        this.options.onNotice(
          `${this.path}: a file that was not read to its end is gone, and with it what was written behind that place`,
        );
      }
      this.waiting.push(...(await this.cutBeforeRead(this.waiting.at(-1))));
      this.waiting.sort(byAge);
    }
    places?.onCheckpoint(() => [
      [this.path, inputPlaceOf(this.place(places), this.now?.input.framing ?? '')],
    ]);
  }

  /**
   * What has come beside a file of which nothing was read yet, and which still lies at the path: what is younger is a copy
   * from before that file was cut short, unless the file begins with it still.
   */
  private async cutBeforeRead(current: Generation | undefined): Promise<Generation[]> {
    if (current === undefined || (current.from ?? 0) > 0 || !(await this.generations.isNewest())) return [];
    const found: Generation[] = [];
    for (const one of await this.generations.copies()) {
      const isOlder = one.born < current.born;
      if (isOlder || !(await isBeginningOf(one.file, current.file))) {
        found.push(isOlder ? one : { ...one, born: current.born - 1n });
      } else await one.file.close();
    }
    return found;
  }

  /** How far it has come with what the pipeline has measured. */
  private place(places: InputPlaces) {
    const read = [...this.paused, ...(this.now === undefined ? [] : [this.now])];
    const files: FilePlace[] = read.map(({ generation, input, from }) => {
      const { key, born, file } = generation;
      const offset = from + places.consumed(input);
      return { key, born, offset, mark: markBefore(file.descriptor, offset) };
    });
    for (const { key, born, from = 0, mark = nothing } of [...this.copies, ...this.waiting])
      files.push({ key, born, offset: from, mark });
    files.sort((a, b) => (a.born < b.born ? -1 : a.born > b.born ? 1 : 0));
    const open = new Set(files.map(({ key }) => key));
    return { files, seen: this.generations.given.filter((key) => !open.has(key)) };
  }

  /** Reads to the end of the current file. */
  private async *drain(): AsyncGenerator<FollowedBytes> {
    const { now } = this;
    if (now === undefined) return;
    const { descriptor } = now.generation.file;
    for (;;) {
      const { bytesRead } = await readDescriptor(descriptor, this.buffer, 0, CHUNK, now.position);
      if (bytesRead === 0 || (now.position > 0 && !(await isSame(now, descriptor)))) return;
      const bytes = this.buffer.subarray(0, bytesRead);
      now.position += bytesRead;
      this.heard = performance.now();
      now.mark = withMark(now.mark, bytes);
      yield { input: now.input, bytes, beside: true };
    }
  }

  /** A file that was cut short begins anew; what was not read of it may be in a copy, and what came then in further ones. */
  private async *lookForCut(cut: Reading): AsyncGenerator<FollowedBytes> {
    const { file } = cut.generation;
    const size = await file.sizeNow();
    if (cut.position === 0 || (size >= cut.position && (await isSame(cut, file.descriptor)))) return;
    const anew = readingOf(this.path, { ...cut.generation, from: 0, mark: nothing });
    this.copies = await this.generations.copies();
    this.paused.push(anew);
    let isBehind = false;
    for (let copy = this.copies.shift(); copy !== undefined; copy = this.copies.shift()) {
      if (isBehind) yield* this.whole(copy);
      else if (await isSame(cut, copy.file.descriptor)) {
        isBehind = true;
        this.now = { ...cut, generation: copy };
        yield* this.drain();
        await copy.file.close();
      } else await copy.file.close();
    }
    this.now = undefined;
    yield lastOf(cut.input);
    this.paused.pop();
    this.now = anew;
    this.heard = performance.now();
    this.options.onNotice(`${this.path}: it was cut short, and is read from its beginning`);
  }

  /** All of an older file, between what comes of the current one. */
  private async *whole(older: Generation): AsyncGenerator<FollowedBytes> {
    const { now } = this;
    if (now !== undefined) this.paused.push(now);
    const reading = readingOf(this.path, older);
    this.now = reading;
    yield* this.drain();
    yield lastOf(reading.input);
    await older.file.close();
    if (now !== undefined) this.paused.pop();
    this.now = now;
  }

  /** Whether the current file is done with: others have come, and its writer is silent. */
  private isOver(): boolean {
    if (this.waiting.length === 0) return false;
    // a writer that is two files further has let go of this one
    return this.now === undefined || this.waiting.length > 1 || performance.now() - this.heard > LINGER_MS;
  }

  private async *turn(): AsyncGenerator<FollowedBytes> {
    const { now } = this;
    if (now !== undefined) {
      yield* this.drain();
      yield lastOf(now.input);
      await now.generation.file.close();
    }
    this.now = readingOf(this.path, this.waiting.shift()!);
    this.heard = performance.now();
    this.isAway = false;
  }

  private tellAway(): void {
    if (!this.isAway) this.options.onNotice(`${this.path}: there is no such file yet; it is waited for`);
    this.isAway = true;
  }

  private async pause(): Promise<void> {
    const ms = performance.now() - this.heard < IDLE_AFTER * BUSY_MS ? BUSY_MS : IDLE_MS;
    // an abort ends the wait like its end does
    await delay(this.waiting.length > 1 ? 0 : ms, undefined, { signal: this.options.signal }).catch(() => {});
  }
}

function lastOf(input: Input): FollowedBytes {
  return { input, bytes: nothing, beside: true, last: true };
}
