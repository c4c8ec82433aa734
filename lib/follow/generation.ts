import { type BigIntStats, fstat } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OpenFile } from '../inputs/open-file.ts';
import type { ReadContent } from './file-content.ts';

const statsOf = promisify(fstat) as unknown as (
  descriptor: number,
  options: { bigint: true },
) => Promise<BigIntStats>;

/** Tells files apart even where an inode is used again. */
export function keyOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`;
}

/** See Generation. */
export function bornOf({ birthtimeNs, mtimeNs }: BigIntStats): bigint {
  return birthtimeNs || mtimeNs;
}

/** A file that lies, or lay, under the path that is followed. */
export interface Generation {
  readonly file: OpenFile;
  readonly key: string;
  /** When it was made, nanoseconds since the epoch; where the system does not say, when it was changed last. */
  readonly made: bigint;
  /** The same in the order in which files are to be read, which clocks that tick every few milliseconds do not tell. */
  readonly born: bigint;
  /** When it was changed last, as it was opened. */
  readonly changed: bigint;
  /** Its place among the rotated ones, as its name was then. */
  readonly rank: number;
  /** Where it is to be begun, and what was read of it before; its beginning, and nothing, where they are not said. */
  readonly from?: number | undefined;
  readonly content?: ReadContent | undefined;
  /** Of a file that was cut short behind it: nobody writes to it any more. */
  readonly isCopy?: boolean | undefined;
}

/** Opens what lies under a name, if it is a regular file. @param path what it was rotated out of */
export async function openedAs(name: string, path: string): Promise<Generation | undefined> {
  const stats = await stat(name).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  const file = await OpenFile.open(name).catch(() => undefined);
  if (file === undefined) return undefined;
  const now = await statsOf(file.descriptor, { bigint: true });
  if (now.isFile())
    return {
      file,
      key: keyOf(now),
      made: bornOf(now),
      born: bornOf(now),
      changed: now.mtimeNs,
      rank: rankOf(name, path),
    };
  await file.close();
  return undefined;
}

/** Paths of what lies beside a file under names that rotation gives; in no order. */
export async function namesBeside(path: string): Promise<string[]> {
  const folder = dirname(path);
  const entries = await readdir(folder).catch(() => []);
  return entries.filter((entry) => isRotationOf(entry, basename(path))).map((entry) => join(folder, entry));
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

/** The rank of what has a name beside the path without a number, such as a date. */
export const UNNUMBERED = -1;

/** Greater for what was rotated later: `.1` after `.2`; the path itself is the last. */
export function rankOf(name: string, path: string): number {
  if (name === path) return 0;
  const [, number] = /[.-](\d{1,6})$/.exec(name) ?? [];
  return number === undefined ? UNNUMBERED : -1 - Number(number);
}
