/**
 * What rotation has packed by the time it is looked for: a file is renamed or copied, and compressed at once
 * (logrotate's `compress` without `delaycompress`), or some time later while nobody followed it.
 */

import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { decode } from '../inputs/decode.ts';
import { fileSource } from '../inputs/read-inputs.ts';
import { bytesAt, hasContent, LEAST_ALIKE, MARK, type ReadContent } from './file-content.ts';
import { type Generation, namesBeside, openedAs } from './generation.ts';

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
  const heads = await headsOf(sought);
  const younger: string[] = [];
  let wasRead = false;
  for (const name of await newestFirst(path)) {
    if (rests.size === contents.length && rests.size > 0) break;
    const head = await headOf(name);
    if (head === undefined || isElsewhere(head, heads)) continue;
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
  const names = (await namesBeside(path)).filter((name) => packed.test(name));
  const times = await Promise.all(
    names.map(async (name) => ({ name, ms: (await stat(name).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  return times.sort((a, b) => b.ms - a.ms).map(({ name }) => name);
}

/** How what is there begins. */
async function headsOf({ open, plain }: Sought): Promise<Buffer[]> {
  const heads: Buffer[] = [];
  for (const { file } of open) heads.push(await bytesAt(file, 0, MARK));
  for (const name of plain) {
    const one = await openedAs(name, name);
    if (one === undefined) continue;
    heads.push(await bytesAt(one.file, 0, MARK));
    await one.file.close();
  }
  return heads;
}

function isElsewhere(head: Buffer, heads: readonly Buffer[]): boolean {
  const least = Math.min(head.length, LEAST_ALIKE);
  return heads.some((own) => own.length >= least && areAlike(head, own));
}

function beginsAlike(head: Buffer, { head: other, position }: ReadContent): boolean {
  return position > 0 && other.length > 0 && areAlike(head, other);
}

/** As far as both go. */
function areAlike(a: Buffer, b: Buffer): boolean {
  return a.subarray(0, b.length).equals(b.subarray(0, a.length));
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
    const to = await open(copy, 'w');
    try {
      for await (const bytes of bytesOf(name)) await to.appendFile(bytes);
    } finally {
      await to.close();
    }
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
