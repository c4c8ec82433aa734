/** What a file has, and what a packed one has. */

import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { decode } from '../inputs/decode.ts';
import { sourceOfFile } from '../inputs/read-inputs.ts';
import { bytesAt, MARK } from './file-content.ts';
import { type Generation, openedAs } from './generation.ts';

/** The first bytes of a file. undefined: there is none. */
export async function beginningOf(name: string): Promise<Buffer | undefined> {
  const one = await openedAs(name, name);
  if (one === undefined) return undefined;
  try {
    return await bytesAt(one.file, 0, MARK);
  } finally {
    await one.file.close();
  }
}

/** The first bytes of what is packed. undefined: it is empty, damaged, or not complete yet. */
export async function beginningPacked(one: Generation): Promise<Buffer | undefined> {
  let head = Buffer.alloc(0);
  try {
    for await (const bytes of bytesOf(one)) {
      head = Buffer.concat([head, bytes.subarray(0, MARK - head.length)]);
      if (head.length === MARK) break;
    }
  } catch {
    // whoever seeks something that it may have had tells that
    return undefined;
  }
  return head.length > 0 ? head : undefined;
}

/** A file without a name. Fails where it cannot be unpacked, or there is no room for that. */
export async function unpackedInto(from: Generation, path: string): Promise<Generation> {
  const folder = await mkdtemp(join(tmpdir(), 'mirrormon-unpacked-'));
  const copy = join(folder, basename(path));
  try {
    const to = await open(copy, 'w');
    try {
      for await (const bytes of bytesOf(from)) await to.appendFile(bytes);
    } finally {
      await to.close();
    }
    const one = await openedAs(copy, path);
    if (one === undefined) throw new Error(`${copy} is gone`);
    return { ...one, changed: from.changed, rank: from.rank, isCopy: true };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function bytesOf({ file }: Generation): AsyncGenerator<Uint8Array> {
  return decode(sourceOfFile(file, {}));
}
