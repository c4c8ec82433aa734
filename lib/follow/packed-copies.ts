/**
 * What rotation has packed by the time it is looked for: a file is renamed or copied, and compressed at once
 * (logrotate's `compress` without `delaycompress`), or some time later while nobody followed it.
 */

import { appendFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { decode } from '../inputs/decode.ts';
import { fileSource } from '../inputs/read-inputs.ts';
import { agrees, hasContent, LEAST_ALIKE, MARK, type ReadContent } from './file-content.ts';
import { type Generation, isRotationOf, openedAs } from './generation.ts';

/** What can be unpacked. */
const packed = /\.(?:gz|zst)$/;

export interface Sought {
  /** What was read of files of which the rest is to be found. */
  readonly contents: readonly ReadContent[];
  /** What others had that were read to their end. */
  readonly finished: readonly ReadContent[];
  /** Those that are open, and names of those that are there and are not packed: what they have is not sought. */
  readonly open: readonly Generation[];
  readonly plain: readonly string[];
}

export interface Unpacked {
  /** The files that have what was read, by that. */
  readonly rests: ReadonlyMap<ReadContent, Generation>;
  /** Those that were packed later, and so not read; oldest first. */
  readonly unread: readonly Generation[];
}

/**
 * Unpacks what was packed beside a path since one of these contents was read, into files without a name. Nothing, where
 * none of the packed files has such a content: then it cannot be told which of them were read.
 */
export async function unpackedSince(path: string, sought: Sought): Promise<Unpacked> {
  const { contents, finished } = sought;
  const rests = new Map<ReadContent, Generation>();
  const younger: string[] = [];
  let wasRead = false;
  for (const name of await newestFirst(path)) {
    if (rests.size === contents.length && rests.size > 0) break;
    const head = await headOf(name);
    if (head === undefined || (await isElsewhere(head, sought))) continue;
    const alike = contents.filter((content) => beginsAlike(head, content));
    wasRead = alike.length === 0 && finished.some((content) => beginsAlike(head, content));
    if (wasRead) break;
    if (alike.length === 0) younger.push(name);
    else {
      const one = await unpacked(name, path);
      const content = one && (await firstHeld(one, alike));
      if (content === undefined) await one?.file.close();
      else rests.set(content, { ...one!, content });
    }
  }
  const unread: Generation[] = [];
  for (const name of rests.size > 0 || wasRead ? younger.reverse() : []) {
    const one = await unpacked(name, path);
    if (one !== undefined) unread.push(one);
  }
  return { rests, unread };
}

/** By when what they have was written last, which packing keeps. */
async function newestFirst(path: string): Promise<string[]> {
  const folder = dirname(path);
  const entries = await readdir(folder).catch(() => []);
  const names = entries.filter((entry) => isRotationOf(entry, basename(path)) && packed.test(entry));
  const times = await Promise.all(
    names.map(async (entry) => {
      const name = join(folder, entry);
      return { name, ms: (await stat(name).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  return times.sort((a, b) => b.ms - a.ms).map(({ name }) => name);
}

async function isElsewhere(head: Buffer, { open, plain }: Sought): Promise<boolean> {
  const has = async ({ file }: Generation): Promise<boolean> =>
    (await file.sizeNow()) >= Math.min(head.length, LEAST_ALIKE) && (await agrees(file, head));
  for (const one of open) if (await has(one)) return true;
  for (const name of plain) {
    const one = await openedAs(name, name);
    const isThere = one !== undefined && (await has(one));
    await one?.file.close();
    if (isThere) return true;
  }
  return false;
}

function beginsAlike(head: Buffer, { head: other, position }: ReadContent): boolean {
  const length = Math.min(head.length, other.length);
  return position > 0 && length > 0 && head.subarray(0, length).equals(other.subarray(0, length));
}

/** undefined: it is empty, or cannot be unpacked. */
async function headOf(name: string): Promise<Buffer | undefined> {
  try {
    for await (const bytes of bytesOf(name)) return Buffer.from(bytes.subarray(0, MARK));
  } catch {
    // whoever seeks something that it may have had tells that
  }
  return undefined;
}

async function firstHeld(
  { file }: Generation,
  contents: readonly ReadContent[],
): Promise<ReadContent | undefined> {
  for (const content of contents) if (await hasContent(file, content)) return content;
  return undefined;
}

/** undefined: it cannot be unpacked, or there is no room for that. */
async function unpacked(name: string, path: string): Promise<Generation | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'mirrormon-unpacked-')).catch(() => undefined);
  if (folder === undefined) return undefined;
  const copy = join(folder, basename(path));
  try {
    for await (const bytes of bytesOf(name)) await appendFile(copy, bytes);
    const one = await openedAs(copy, path);
    return one && { ...one, isCopy: true };
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* bytesOf(name: string): AsyncGenerator<Uint8Array> {
  const source = await fileSource(name, {});
  try {
    yield* decode(source);
  } finally {
    await source.file?.close();
  }
}
