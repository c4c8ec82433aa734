/** Files that are followed as they grow, are rotated, cut short or replaced. */

import { read as readWithCallback } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Input } from '../batch/batch.ts';
import { byAge, type Generation, Generations } from './generations.ts';

const readDescriptor = promisify(readWithCallback);

const CHUNK = 1 << 18;
/** Bytes before the place that was read up to: if they have changed, it is another content. */
const MARK = 64;
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
  private current: Generation | undefined;
  private readonly waiting: Generation[] = [];
  private input: Input;
  private position = 0;
  private mark: Buffer = Buffer.alloc(0);
  /** When something came last. */
  private heard = performance.now();
  private isAway = false;

  constructor(path: string, options: FollowOptions) {
    this.path = path;
    this.options = options;
    this.generations = new Generations(path);
    this.input = this.newInput();
  }

  async *bytes(): AsyncGenerator<FollowedBytes> {
    const { signal } = this.options;
    await this.generations.begin();
    while (!signal.aborted) {
      yield* this.drain();
      for (const one of await this.generations.arrived()) {
        // one that was overlooked while it was renamed
        if (this.current !== undefined && one.born < this.current.born) yield* this.whole(one);
        else this.waiting.push(one);
      }
      this.waiting.sort(byAge);
      if (this.current !== undefined) yield* this.lookForCut();
      // all that have come: to look around takes longer than a rotation may
      while (this.isOver()) yield* this.turn();
      if (this.current === undefined) this.tellAway();
      if (performance.now() - this.heard > 0 && !signal.aborted) await this.pause();
    }
    yield* this.drain();
    yield this.lastOfInput();
  }

  async close(): Promise<void> {
    for (const one of [this.current, ...this.waiting]) await one?.file.close();
  }

  /** Reads to the end of the current file. */
  private async *drain(): AsyncGenerator<FollowedBytes> {
    if (this.current === undefined) return;
    const { descriptor } = this.current.file;
    for (;;) {
      const { bytesRead } = await readDescriptor(descriptor, this.buffer, 0, CHUNK, this.position);
      if (bytesRead === 0 || (this.position > 0 && !(await this.isSame(descriptor)))) return;
      const bytes = this.buffer.subarray(0, bytesRead);
      this.position += bytesRead;
      this.heard = performance.now();
      this.mark = Buffer.concat([this.mark, bytes.subarray(-MARK)]).subarray(-MARK);
      yield { input: this.input, bytes, beside: true };
    }
  }

  /** Whether what stands before the place that was read up to is what was read. */
  private async isSame(descriptor: number): Promise<boolean> {
    const { mark } = this;
    const found = Buffer.alloc(mark.length);
    const { bytesRead } = await readDescriptor(
      descriptor,
      found,
      0,
      mark.length,
      this.position - mark.length,
    );
    return bytesRead === mark.length && found.equals(mark);
  }

  /** A file that was cut short begins anew; what was not read of it may be in a copy. */
  private async *lookForCut(): AsyncGenerator<FollowedBytes> {
    const { file } = this.current!;
    const size = await file.sizeNow();
    if (this.position === 0 || (size >= this.position && (await this.isSame(file.descriptor)))) return;
    for (const copy of await this.generations.copies()) {
      if (await this.isSame(copy.file.descriptor)) {
        const original = this.current;
        this.current = copy;
        yield* this.drain();
        this.current = original;
      }
      await copy.file.close();
    }
    yield this.lastOfInput();
    this.begin(this.current!);
    this.options.onNotice(`${this.path}: it was cut short, and is read from its beginning`);
  }

  /** All of an older file, between what comes of the current one. */
  private async *whole(older: Generation): AsyncGenerator<FollowedBytes> {
    const { current, input, position, mark } = this;
    this.begin(older);
    yield* this.drain();
    yield this.lastOfInput();
    await older.file.close();
    Object.assign(this, { current, input, position, mark });
  }

  /** Whether the current file is done with: others have come, and its writer is silent. */
  private isOver(): boolean {
    if (this.waiting.length === 0) return false;
    // a writer that is two files further has let go of this one
    return (
      this.current === undefined || this.waiting.length > 1 || performance.now() - this.heard > LINGER_MS
    );
  }

  private async *turn(): AsyncGenerator<FollowedBytes> {
    if (this.current !== undefined) {
      yield* this.drain();
      yield this.lastOfInput();
      await this.current.file.close();
    }
    this.begin(this.waiting.shift()!);
    this.isAway = false;
  }

  private begin(generation: Generation): void {
    this.current = generation;
    this.position = 0;
    this.mark = Buffer.alloc(0);
    this.input = this.newInput();
    this.heard = performance.now();
  }

  private lastOfInput(): FollowedBytes {
    return { input: this.input, bytes: new Uint8Array(0), beside: true, last: true };
  }

  private newInput(): Input {
    return { name: this.path, framing: '', pauses: true };
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
