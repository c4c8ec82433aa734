/** Files that are followed as they grow, are rotated, cut short or replaced. */

import type { Input } from '../batch/batch.ts';
import { NOT_UTF8 } from '../inputs/read-inputs.ts';
import type { InputPlaces } from '../state/input-places.ts';
import { hasContent, nothing, readDescriptor, unread } from './file-content.ts';
import { type FilePlace, followedPlaceOf, inputPlaceOf } from './file-places.ts';
import { advance, contentOf, headWith, type Reading, readingOf } from './file-reading.ts';
import type { OnNotice } from './notices.ts';
import { Pace } from './pace.ts';
import { Succession } from './succession.ts';

const CHUNK = 1 << 18;

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** What is worth a person's attention. */
  readonly onNotice: OnNotice;
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
  private readonly succession: Succession;
  private readonly buffer = Buffer.allocUnsafeSlow(CHUNK);
  private now: Reading | undefined;
  /** Goes on once an older one is done with. */
  private paused: Reading | undefined;
  private readonly pace = new Pace();
  private isAway = false;

  constructor(path: string, options: FollowOptions) {
    this.path = path;
    this.options = options;
    this.succession = new Succession(path, options.onNotice);
  }

  async *bytes(): AsyncGenerator<FollowedBytes> {
    const { signal } = this.options;
    await this.begin();
    while (!signal.aborted) {
      yield* this.read();
      await this.succession.look();
      if (this.now !== undefined) yield* this.lookForCut(this.now);
      // all that have come: to look around takes longer than a rotation may
      while (this.isOver()) yield* this.turn();
      if (this.now === undefined) this.tellAway();
      await this.pace.pause(this.succession.waiting.length > 1, signal);
    }
    yield* this.read();
    // a run that goes on reads a line anew whose end has not come
    if (this.now !== undefined && this.options.places === undefined) yield lastOf(this.now.input);
  }

  async close(): Promise<void> {
    // the last checkpoint, behind all that was read, asks for what stands in them; so does nobody behind that
    if (this.options.places !== undefined) return;
    await this.succession.closeAll([
      ...this.beingRead.map(({ generation }) => generation),
      ...this.succession.waiting,
    ]);
  }

  private get beingRead(): Reading[] {
    return [this.paused, this.now].filter((one) => one !== undefined);
  }

  private async begin(): Promise<void> {
    const { places, onNotice } = this.options;
    const place = places?.before(this.path);
    const before = place && followedPlaceOf(place);
    if (before === undefined) await this.succession.begin();
    else if (!(await this.succession.goOn(before))) {
      onNotice(
        `${this.path}: a file that was not read to its end is gone, and with it what was written behind that place; it is sought beside the path, unpacked or packed by gzip or zstd: read by itself what rotation moved to another folder or packed otherwise`,
        true,
      );
    }
    places?.onCheckpoint(() => [
      [this.path, inputPlaceOf(this.place(places), this.now?.input.framing ?? '')],
    ]);
  }

  /** How far it has come with what the pipeline has measured. */
  private place(places: InputPlaces) {
    const read = this.beingRead.map((reading): FilePlace => {
      const { key, born, isCopy } = reading.generation;
      const offset = reading.from + places.consumed(reading.input);
      return { key, born, offset, content: contentOf(reading), isCopy };
    });
    const waiting = this.succession.waiting.map(({ key, born, from = 0, content = unread, isCopy }) => {
      return { key, born, offset: from, content, isCopy };
    });
    const files = [...read, ...waiting].sort((a, b) => (a.born < b.born ? -1 : 1));
    return { ...this.succession.past, files };
  }

  /** Reads to the end of the current file, and before that what turns out to be older. */
  private async *read(): AsyncGenerator<FollowedBytes> {
    for (;;) {
      while (this.isPreceded()) yield* this.whole();
      if (this.now === undefined || (yield* this.drain(this.now))) return;
    }
  }

  private isPreceded(): boolean {
    const [oldest] = this.succession.waiting;
    return this.now !== undefined && oldest !== undefined && oldest.born < this.now.generation.born;
  }

  /** @returns whether it has come to the end: otherwise something older is found */
  private async *drain(now: Reading): AsyncGenerator<FollowedBytes, boolean> {
    const { file } = now.generation;
    for (;;) {
      const { bytesRead } = await readDescriptor(file.descriptor, this.buffer, 0, CHUNK, now.position);
      // what it is cut to meanwhile is neither read nor compared
      if (!(await hasContent(file, now))) return true;
      const bytes = this.buffer.subarray(0, bytesRead);
      const head = headWith(now, bytes);
      // looked for while it is begun, and at once, even if nothing comes of it
      if (head.length > now.head.length || !now.isLookedAt) {
        now.isLookedAt = true;
        if (await this.succession.lookBefore(now.generation, head)) return false;
      }
      if (bytesRead === 0) return true;
      advance(now, bytes);
      this.pace.heard();
      yield { input: now.input, bytes, beside: true };
    }
  }

  /** A file that was cut short begins anew; what was not read of it may be in a copy, and what came then in further ones. */
  private async *lookForCut(now: Reading): AsyncGenerator<FollowedBytes> {
    if (await hasContent(now.generation.file, now)) return;
    const take = await this.succession.lookForCopies(now.generation, now);
    const { rest, closing } = take();
    // its lines go on in the copy
    this.now = rest && { ...now, generation: rest };
    this.tellCut(rest !== undefined);
    await closing;
    if (rest === undefined) yield lastOf(now.input);
    yield* this.read();
  }

  /** All of an older file, between what comes of the current one. */
  private async *whole(): AsyncGenerator<FollowedBytes> {
    const { now } = this;
    const older = await this.oldest();
    if (older === undefined) return;
    this.succession.take(older.generation);
    this.paused = now;
    this.now = older;
    yield* this.drain(older);
    yield lastOf(older.input);
    this.paused = undefined;
    this.now = now;
    await this.succession.finish(older.generation, contentOf(older));
  }

  /** The oldest that waits, to be read. undefined: it was cut short since it was read, and something else waits now. */
  private async oldest(): Promise<Reading | undefined> {
    const generation = this.succession.waiting[0]!;
    const { from, content = unread } = generation;
    const reading = await readingOf(this.path, generation);
    if (reading === undefined) {
      const take = await this.succession.lookForCopies(generation, content);
      const { rest, closing } = take();
      if (rest !== undefined) this.succession.add([{ ...rest, from, content }]);
      this.tellCut(rest !== undefined);
      await closing;
    }
    return reading;
  }

  /** Whether the current file is done with: others have come, and its writer is silent. */
  private isOver(): boolean {
    const { now } = this;
    const others = this.succession.waiting.filter(
      ({ born }) => now === undefined || born > now.generation.born,
    );
    if (others.length === 0) return false;
    // a writer that is two files further has let go of this one
    if (now === undefined || others.length > 1) return true;
    return now.generation.isCopy === true || this.pace.hasGoneSilent;
  }

  private async *turn(): AsyncGenerator<FollowedBytes> {
    yield* this.read();
    const { now } = this;
    const next = await this.oldest();
    if (next === undefined) return;
    if (now !== undefined) {
      yield* this.read();
      yield lastOf(now.input);
    }
    this.succession.take(next.generation);
    this.now = next;
    this.pace.heard();
    this.isAway = false;
    if (now !== undefined) await this.succession.finish(now.generation, contentOf(now));
    yield* this.read();
  }

  private tellCut(hasCopy: boolean): void {
    const lost =
      '; no copy of what it had lies beside it, so what was written between the last look and the cut, if anything was, is missing';
    this.options.onNotice(
      `${this.path}: it was cut short, and is read from its beginning${hasCopy ? '' : lost}`,
    );
  }

  private tellAway(): void {
    const hint = this.path.includes('\ufffd') ? ` (${NOT_UTF8})` : '';
    if (!this.isAway)
      this.options.onNotice(`${this.path}: there is no such file yet; it is waited for${hint}`);
    this.isAway = true;
  }
}

function lastOf(input: Input): FollowedBytes {
  return { input, bytes: nothing, beside: true, last: true };
}
