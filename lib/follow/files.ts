import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isPlain } from '../inputs/decode.ts';
import { expandGlob, isGlob } from '../inputs/glob.ts';
import { OpenFile } from '../inputs/open-file.ts';
import type { InputBytes } from '../inputs/sources.ts';
import { Arrivals } from './arrivals.ts';
import { isRotationOf } from './generations.ts';
import { type FollowedBytes, type FollowOptions, followFile } from './index.ts';

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
        if (!isLater) this.readOnce(name);
      } else if (await this.canBeFollowed(name)) this.follow(name, isLater);
      else this.readOnce(name);
    }
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
          `${name}: it is compressed or not in UTF-8, so it is read once and not followed`,
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
