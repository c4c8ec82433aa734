import { read as readWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import type { OpenFile } from '../inputs/open-file.ts';

export const readDescriptor = promisify(readWithCallback);

/** Bytes by which a content is told from others: its first ones, and those before the place that was read up to. */
export const MARK = 512;

/** Files that are shorter may begin alike by chance. Bytes. */
export const LEAST_ALIKE = 256;

/** What is remembered of a content that was read: enough to tell whether a file still has it, and to find it in a copy. */
export interface ReadContent {
  /** Its first bytes; none in places of earlier builds. */
  readonly head: Buffer;
  /** How many bytes were read, and the last of them. */
  readonly position: number;
  readonly mark: Buffer;
}

export const nothing = Buffer.alloc(0);
export const unread: ReadContent = { head: nothing, position: 0, mark: nothing };

/** Whether what stands before the place that was read up to is what was read. */
export async function hasContent(file: OpenFile, { position, mark }: ReadContent): Promise<boolean> {
  return (await bytesAt(file, position - mark.length, mark.length)).equals(mark);
}

/** Whether these are the first bytes of a file, or the file the first of them as far as it goes. */
export async function agrees(file: OpenFile, head: Buffer): Promise<boolean> {
  const own = await bytesAt(file, 0, head.length);
  return own.equals(head.subarray(0, own.length));
}

/** Bytes of both ends of a file by which it is told from what another one has there. */
const ENDS = 4096;

/** Whether a file is, as far as it goes, what another one begins with. */
export async function isBeginningOf(file: OpenFile, whole: OpenFile): Promise<boolean> {
  const size = await file.sizeNow();
  if (size > (await whole.sizeNow())) return false;
  for (const from of [0, Math.max(0, size - ENDS)]) {
    const own = await bytesAt(file, from, Math.min(ENDS, size - from));
    if (!own.equals(await bytesAt(whole, from, own.length))) return false;
  }
  return true;
}

/** Fewer, where the file ends before. */
export async function bytesAt({ descriptor }: OpenFile, offset: number, length: number): Promise<Buffer> {
  if (length === 0) return nothing;
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await readDescriptor(descriptor, bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}
