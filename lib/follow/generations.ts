import { type BigIntStats, fstat } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OpenFile } from '../inputs/open-file.ts';
import type { FollowedPlace } from './file-places.ts';

const statsOf = promisify(fstat) as unknown as (
  descriptor: number,
  options: { bigint: true },
) => Promise<BigIntStats>;

const packed = /\.(?:gz|zst|xz|bz2|zip|lz4|Z)$/;

/** After a rotation: a listing that is made while files are renamed can lack one. */
const LOOKS = 10;

/** Looks around until two are alike, at most. */
const MOST_ROUNDS = 10;
/** Numbers beyond the greatest one that are looked at, too. */
const AHEAD = 3;

/** Tells files apart even where an inode is used again. */
export function keyOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`;
}

/** A file that lies, or lay, under the path that is followed. */
export interface Generation {
  readonly file: OpenFile;
  readonly key: string;
  /** When it was made, nanoseconds since the epoch; where the system does not say, when it was changed last. */
  readonly born: bigint;
  /** When it was changed last, as it was opened. */
  readonly changed: bigint;
  /** Its place among the rotated ones, as its name was then. */
  readonly rank: number;
  /** Where it is to be begun, and what stands before that; its beginning, where they are not said. */
  readonly from?: number | undefined;
  readonly mark?: Buffer | undefined;
}

/** The files that come under a path one after the other, and what rotation calls them afterwards. */
export class Generations {
  private readonly path: string;
  /** Files that were there before, or were given already. */
  private seen = new Set<string>();
  private newest: string | undefined;
  private newestBorn = 0n;
  /** Further looks beside the path, although nothing new lies there. */
  private looks = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** What lies beside the path now is older than all that will be followed. */
  async begin(): Promise<void> {
    for (const name of await this.rotated()) {
      const stats = await stat(name, { bigint: true }).catch(() => undefined);
      if (stats?.isFile()) this.seen.add(keyOf(stats));
    }
  }

  /**
   * Goes on from where another run was: what has come beside the path since is new. Gives the files that it had not read
   * to their end, open, as far as they are still there.
   */
  async goOn({ files, seen }: FollowedPlace): Promise<Generation[]> {
    this.seen = new Set(seen);
    // something was looked for before, even if there was nothing
    this.newest = files.at(-1)?.key ?? '';
    this.newestBorn = files.at(-1)?.born ?? 0n;
    const found = new Map<string, Generation>();
    for (let round = 0; round < MOST_ROUNDS && found.size < files.length; round++) {
      for (const name of [this.path, ...(await this.rotated())]) {
        const one = await this.opened(name);
        const place = files.find(({ key }) => key === one?.key);
        if (one === undefined) continue;
        if (place === undefined || found.has(one.key)) await one.file.close();
        else found.set(one.key, { ...one, born: place.born, from: place.offset, mark: place.mark });
      }
    }
    for (const { key } of files) this.seen.add(key);
    return [...found.values()].sort(byAge);
  }

  /** Keys of what was given, the newest last. */
  get given(): readonly string[] {
    return [...this.seen];
  }

  /** Those that have come since the last call, open, in the order in which they were written. */
  async arrived(): Promise<Generation[]> {
    if ((await this.isNewest()) && this.looks-- <= 0) return [];
    const isFirst = this.newest === undefined;
    const found: Generation[] = [];
    let before = '';
    for (let round = 0; round < MOST_ROUNDS; round++) {
      // beside the same file only what is older was rotated: a copy is younger
      const bornBefore = (await this.isNewest()) ? this.newestBorn : undefined;
      let shape = await this.look(this.path, found);
      if (!isFirst)
        for (const name of await this.rotated()) shape += await this.look(name, found, bornBefore);
      // until nothing is renamed any more: what is overlooked would come behind younger ones
      if (shape === before) break;
      before = shape;
    }
    found.sort(byAge);
    if (found.length > 0) this.looks = LOOKS;
    if (this.isNewer(found.at(-1))) this.newest = found.at(-1)!.key;
    return found;
  }

  /** Whether nothing has come to the path since. */
  async isNewest(): Promise<boolean> {
    const current = await stat(this.path, { bigint: true }).catch(() => undefined);
    return current !== undefined && keyOf(current) === this.newest;
  }

  /** Files beside the path that were not there before, such as a copy of it; oldest first. */
  async copies(): Promise<Generation[]> {
    const found: Generation[] = [];
    for (const name of await this.rotated()) await this.look(name, found);
    return found.sort(byAge);
  }

  private isNewer(one: Generation | undefined): boolean {
    if (one === undefined || one.born < this.newestBorn) return false;
    this.newestBorn = one.born;
    return true;
  }

  /** Takes what lies there if it is new. Gives what lies there, as a text that differs for other files. */
  private async look(name: string, to: Generation[], bornBefore?: bigint): Promise<string> {
    const stats = await stat(name, { bigint: true }).catch(() => undefined);
    if (!stats?.isFile()) return '';
    const key = keyOf(stats);
    if (!this.seen.has(key)) await this.take(name, to, bornBefore);
    return `${name} ${key}\n`;
  }

  /** What is opened may be another file than was there just now: it is renamed meanwhile. */
  private async take(name: string, to: Generation[], bornBefore?: bigint): Promise<void> {
    const one = await this.opened(name);
    if (one === undefined) return;
    const isYounger = bornBefore !== undefined && one.born >= bornBefore;
    if (this.seen.has(one.key) || isYounger) {
      await one.file.close();
      return;
    }
    this.seen.add(one.key);
    to.push(one);
  }

  private async opened(name: string): Promise<Generation | undefined> {
    const stats = await stat(name).catch(() => undefined);
    if (!stats?.isFile()) return undefined;
    const file = await OpenFile.open(name).catch(() => undefined);
    if (file === undefined) return undefined;
    const now = await statsOf(file.descriptor, { bigint: true });
    if (now.isFile()) {
      const born = now.birthtimeNs || now.mtimeNs;
      return { file, key: keyOf(now), born, changed: now.mtimeNs, rank: rankOf(name, this.path) };
    }
    await file.close();
    return undefined;
  }

  /**
   * What lies beside the path under names of rotation, the youngest first: files that move from `.1` to `.2` meanwhile
   * come to names that are looked at later. One may move beyond the last name that was there.
   */
  private async rotated(): Promise<string[]> {
    const folder = dirname(this.path);
    const own = basename(this.path);
    const names = (await readdir(folder).catch(() => []))
      .filter((entry) => isRotationOf(entry, own) && !packed.test(entry))
      .map((entry) => join(folder, entry));
    const numbers = names.map((name) => -rankOf(name, this.path)).filter((rank) => rank > 1);
    const last = Math.max(1, ...numbers);
    for (let number = 1; number <= AHEAD && number + last - 1 < 1e6; number++)
      names.push(`${this.path}.${last - 1 + number}`);
    return [...new Set(names)].sort((a, b) => rankOf(b, this.path) - rankOf(a, this.path));
  }
}

/** Whether a file of this name is what rotation makes of the other one. */
export function isRotationOf(name: string, path: string): boolean {
  return name.startsWith(`${path}.`) || name.startsWith(`${path}-`);
}

/** The oldest first. Clocks of file systems tick every few milliseconds: files of one tick are told apart by name. */
export function byAge(a: Generation, b: Generation): number {
  if (a.born !== b.born) return a.born < b.born ? -1 : 1;
  if (a.changed !== b.changed) return a.changed < b.changed ? -1 : 1;
  return a.rank - b.rank;
}

/** Greater for what was rotated later: `.1` after `.2`; the path itself is the last. */
function rankOf(name: string, path: string): number {
  if (name === path) return 0;
  const [, number] = /[.-](\d{1,6})$/.exec(name) ?? [];
  return number === undefined ? -1 : -1 - Number(number);
}
