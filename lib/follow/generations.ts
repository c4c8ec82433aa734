import { type BigIntStats, fstat } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OpenFile } from '../inputs/open-file.ts';

const statsOf = promisify(fstat) as unknown as (
  descriptor: number,
  options: { bigint: true },
) => Promise<BigIntStats>;

const packed = /\.(?:gz|zst|xz|bz2|zip|lz4|Z)$/;

/** After a rotation: a listing that is made while files are renamed can lack one. */
const LOOKS = 10;

/** Tells files apart even where an inode is used again. */
function keyOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`;
}

/** A file that lies, or lay, under the path that is followed. */
export interface Generation {
  readonly file: OpenFile;
  readonly key: string;
  /** When it was made, nanoseconds since the epoch; where the system does not say, when it was changed last. */
  readonly born: bigint;
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
    for (const { key } of await this.siblings()) this.seen.add(key);
  }

  /** Those that have come since the last call, open, in the order in which they were written. */
  async arrived(): Promise<Generation[]> {
    const current = await stat(this.path, { bigint: true }).catch(() => undefined);
    const isSame = current !== undefined && keyOf(current) === this.newest;
    if (isSame && this.looks-- <= 0) return [];
    // beside the same file only what is older was rotated: a copy is younger
    const bornBefore = isSame ? this.newestBorn : undefined;
    const found: Generation[] = [];
    const isFirst = this.newest === undefined;
    for (let before = -1; found.length > before; ) {
      before = found.length;
      // several may have been rotated away since, and go on being renamed while they are looked at
      if (!isFirst) for (const { name } of await this.unseen()) await this.take(name, found, bornBefore);
      await this.take(this.path, found);
    }
    found.sort((a, b) => (a.born < b.born ? -1 : a.born > b.born ? 1 : 0));
    if (found.length > 0) this.looks = LOOKS;
    if (this.isNewer(found.at(-1))) this.newest = found.at(-1)!.key;
    return found;
  }

  /** Files beside the path that were not there before, such as a copy of it; oldest first. */
  async copies(): Promise<Generation[]> {
    const found: Generation[] = [];
    for (const { name } of await this.unseen()) await this.take(name, found);
    return found;
  }

  private isNewer(one: Generation | undefined): boolean {
    if (one === undefined || one.born < this.newestBorn) return false;
    this.newestBorn = one.born;
    return true;
  }

  private async take(name: string, to: Generation[], bornBefore?: bigint): Promise<void> {
    const file = await OpenFile.open(name).catch(() => undefined);
    if (file === undefined) return;
    const stats = await statsOf(file.descriptor, { bigint: true });
    const key = keyOf(stats);
    const born = stats.birthtimeNs || stats.mtimeNs;
    const isYounger = bornBefore !== undefined && born >= bornBefore;
    if (this.seen.has(key) || !stats.isFile() || isYounger) {
      await file.close();
      return;
    }
    this.seen.add(key);
    to.push({ file, key, born });
  }

  private async unseen(): Promise<{ name: string; key: string }[]> {
    return (await this.siblings()).filter(({ key }) => !this.seen.has(key));
  }

  /** By the time of their last change. */
  private async siblings(): Promise<{ name: string; key: string }[]> {
    const folder = dirname(this.path);
    const own = basename(this.path);
    const found: { name: string; key: string; changed: bigint }[] = [];
    for (const entry of await readdir(folder).catch(() => [])) {
      if (!(entry.startsWith(`${own}.`) || entry.startsWith(`${own}-`)) || packed.test(entry)) continue;
      const name = join(folder, entry);
      const stats = await stat(name, { bigint: true }).catch(() => undefined);
      if (stats?.isFile()) found.push({ name, key: keyOf(stats), changed: stats.mtimeNs });
    }
    return found.sort((a, b) => (a.changed < b.changed ? -1 : a.changed > b.changed ? 1 : 0));
  }
}
