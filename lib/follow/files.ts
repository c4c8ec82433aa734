import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isPlain } from '../inputs/decode.ts';
import { expandGlob, isGlob } from '../inputs/glob.ts';
import { OpenFile } from '../inputs/open-file.ts';
import type { InputBytes } from '../inputs/sources.ts';
import type { InputPlaces } from '../state/input-places.ts';
import { thousands } from '../text/thousands.ts';
import { Arrivals } from './arrivals.ts';
import { followedPlaceOf } from './file-places.ts';
import { isRotationOf, keyOf } from './generation.ts';
import { type FollowedBytes, type FollowOptions, followFile } from './index.ts';

/** Identity of a file that was read to its end. */
const DONE = 'done';
/** Between two looks at what a pattern names. Milliseconds. */
const LOOK_MS = 2_000;
/** What it takes to tell that a file is compressed. Bytes. */
const HEAD = 512;

export interface FollowFilesOptions extends FollowOptions {
  /** Reads what cannot be followed, once: standard input, what is compressed, or no regular file. */
  readonly others: (name: string) => AsyncIterable<InputBytes>;
  readonly lookMs?: number | undefined;
}

/**
 * What files give that are followed, each beside the others. Files that a pattern comes to name are followed from their
 * beginning, too; those that are rotated out of one that is followed belong to it, and are read once if they were there
 * before. Ends when the signal aborts, or there is nothing to be followed and all was read.
 */
export async function* followFiles(
  names: readonly string[],
  options: FollowFilesOptions,
): AsyncGenerator<FollowedBytes> {
  const arrivals = new Arrivals<FollowedBytes>();
  const done = new Files(names, options, arrivals).run().then(
    () => arrivals.end(),
    (error: unknown) => arrivals.end({ error }),
  );
  yield* arrivals;
  await done;
}

class Files {
  private readonly names: readonly string[];
  private readonly options: FollowFilesOptions;
  private readonly arrivals: Arrivals<FollowedBytes>;
  private readonly known = new Set<string>();
  /** Paths that are followed. */
  private readonly followed = new Set<string>();
  private readonly open = new Set<Promise<void>>();

  constructor(names: readonly string[], options: FollowFilesOptions, arrivals: Arrivals<FollowedBytes>) {
    this.names = names;
    this.options = options;
    this.arrivals = arrivals;
  }

  async run(): Promise<void> {
    const { signal, lookMs = LOOK_MS } = this.options;
    const patterns = this.names.filter((name) => name !== '-' && isGlob(name));
    const plain = this.names.filter((name) => !patterns.includes(name));
    await this.begin([...plain, ...(await this.matches(patterns))], false);
    this.tellGone();
    while (patterns.length > 0 && !signal.aborted) {
      await delay(lookMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await this.begin(await this.matches(patterns), true);
    }
    while (this.open.size > 0) await Promise.all(this.open);
  }

  private async matches(patterns: readonly string[]): Promise<string[]> {
    const { signal, onNotice } = this.options;
    const found: string[] = [];
    for (const pattern of patterns) {
      const matches = await expandGlob(pattern, signal);
      if (matches.length === 0 && !signal.aborted) {
        onNotice(`${pattern}: no file matches this pattern yet; it is waited for`);
      }
      found.push(...matches.map(({ name }) => name));
    }
    return found;
  }

  private async begin(names: readonly string[], isLater: boolean): Promise<void> {
    // the path before what was rotated out of it
    const fresh = [...new Set(names)].filter((name) => !this.known.has(name));
    for (const name of fresh) this.known.add(name);
    const isRotated = (name: string): boolean =>
      [...this.followed, ...fresh].some((path) => path !== name && isRotationOf(name, path));
    for (const name of fresh) {
      if (name === '-') this.readOnce(name);
      else if (isRotated(name)) {
        if (!isLater) await this.readRotated(name);
      } else if (await this.canBeFollowed(name)) this.follow(name, isLater);
      else await this.readFileOnce(name);
    }
  }

  /** What a pattern named in the run before, and names no more, nobody looks for. */
  private tellGone(): void {
    const { places, onNotice } = this.options;
    const gone = (places?.names ?? []).filter(
      (name) => !this.known.has(name) && followedPlaceOf(places!.before(name)!) !== undefined,
    );
    const [first, ...others] = gone;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : `, and ${thousands(others.length)} more`;
    onNotice(
      `${first}${more}: followed by the run before, and gone: what was written behind the place that it had come to is missing; read by itself what rotation moved to another folder`,
    );
  }

  /** What was rotated out before: whoever follows it for the first time reads it, and only who did not come to its end goes on. */
  private async readRotated(name: string): Promise<void> {
    const { places } = this.options;
    const path = places?.names.find((known) => known !== name && isRotationOf(name, known));
    if (path === undefined || places?.before(await keyOfFile(name)) !== undefined)
      await this.readFileOnce(name);
  }

  private async readFileOnce(name: string): Promise<void> {
    const { places, others } = this.options;
    if (places === undefined) return this.readOnce(name);
    const key = await keyOfFile(name);
    const once = new ReadOnce(name, key, places);
    if (!once.isDone) this.pump(once.rest(beside(others(name))));
  }

  private async canBeFollowed(name: string): Promise<boolean> {
    const stats = await stat(name).catch(() => undefined);
    // it may be made yet
    if (stats === undefined) return true;
    if (!stats.isFile()) return false;
    const file = await OpenFile.open(name).catch(() => undefined);
    if (file === undefined) return false;
    try {
      for await (const bytes of file.read({ chunkBytes: HEAD })) {
        if (isPlain(bytes, name)) break;
        this.options.onNotice(
          `${name}: it is compressed or no lines of UTF-8, so it is read once and not followed`,
        );
        return false;
      }
      return true;
    } finally {
      await file.close();
    }
  }

  private follow(name: string, isLater: boolean): void {
    this.followed.add(name);
    if (isLater) this.options.onNotice(`${name}: a pattern names it now, and it is followed, too`);
    this.pump(followFile(name, this.options));
  }

  private readOnce(name: string): void {
    this.pump(beside(this.options.others(name)));
  }

  private pump(source: AsyncIterable<FollowedBytes>): void {
    const done = (async () => {
      for await (const bytes of source) await this.arrivals.give(bytes);
    })();
    this.open.add(done);
    done.then(
      () => this.open.delete(done),
      (error: unknown) => this.arrivals.end({ error }),
    );
  }
}

/** '' if there is no such file, or no regular one. */
async function keyOfFile(name: string): Promise<string> {
  const stats = await stat(name, { bigint: true }).catch(() => undefined);
  return stats?.isFile() ? keyOf(stats) : '';
}

/** A file that is read once, over all runs. Its place has its key for a name, since its own changes by rotation. */
class ReadOnce {
  isDone: boolean;
  private readonly from: number;
  private input: InputBytes['input'] | undefined;

  constructor(name: string, key: string, places: InputPlaces) {
    const before = key === '' ? undefined : places.before(key);
    this.isDone = before?.identity === DONE;
    this.from = before?.offset ?? 0;
    if (key === '') return;
    places.onCheckpoint(() => {
      const offset = this.from + (this.input === undefined ? 0 : places.consumed(this.input));
      const identity = this.isDone ? DONE : '';
      return [[key, { identity, offset, framing: '', time: Number.NaN, more: Buffer.from(name) }]];
    });
  }

  /** What of its bytes was not measured yet. */
  async *rest(chunks: AsyncIterable<FollowedBytes>): AsyncGenerator<FollowedBytes> {
    let ahead = this.from;
    for await (const chunk of chunks) {
      this.input = chunk.input;
      const bytes = chunk.bytes.subarray(Math.min(ahead, chunk.bytes.length));
      ahead -= chunk.bytes.length - bytes.length;
      if (bytes.length > 0 || chunk.last) yield { ...chunk, bytes };
    }
    this.isDone = true;
  }
}

/** The same bytes, which those of others may stand between. */
async function* beside(chunks: AsyncIterable<InputBytes>): AsyncGenerator<FollowedBytes> {
  let last: InputBytes['input'] | undefined;
  for await (const { input, bytes } of chunks) {
    if (last !== undefined && last !== input) yield ended(last);
    last = input;
    yield { input, bytes, beside: true };
  }
  if (last !== undefined) yield ended(last);
}

function ended(input: InputBytes['input']): FollowedBytes {
  return { input, bytes: new Uint8Array(0), beside: true, last: true };
}
