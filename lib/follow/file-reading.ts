import { readSync, read as readWithCallback } from 'node:fs';
import { promisify } from 'node:util';
import type { Input } from '../batch/batch.ts';
import type { OpenFile } from '../inputs/open-file.ts';
import type { Generation } from './generations.ts';

export const readDescriptor = promisify(readWithCallback);

/** Bytes before the place that was read up to: if they have changed, it is another content. */
const MARK = 64;

/** A file while it is read. */
export interface Reading {
  readonly generation: Generation;
  readonly input: Input;
  /** Where it was begun, and where it has come to. */
  readonly from: number;
  position: number;
  /** What stands before the position. */
  mark: Buffer;
}

export const nothing = Buffer.alloc(0);

/** Begins a file where it is to be begun. */
export function readingOf(name: string, generation: Generation): Reading {
  const { from = 0, mark = nothing } = generation;
  // dead letters name the place in the whole file
  const placeOf = from === 0 ? undefined : (offset: number) => ({ name, offset: from + offset });
  return { generation, input: { name, framing: '', pauses: true, placeOf }, from, position: from, mark };
}

/** What stands before the position once these have been read. */
export function withMark(mark: Buffer, bytes: Buffer): Buffer {
  return Buffer.concat([mark, bytes.subarray(-MARK)]).subarray(-MARK);
}

/** Whether what stands before the place that was read up to is what was read. */
export async function isSame({ mark, position }: Reading, descriptor: number): Promise<boolean> {
  const found = Buffer.alloc(mark.length);
  const { bytesRead } = await readDescriptor(descriptor, found, 0, mark.length, position - mark.length);
  return bytesRead === mark.length && found.equals(mark);
}

/** Bytes of both ends of a file by which it is told from what another one has there. */
const ENDS = 4096;

/** Whether a file is, as far as it goes, what another one begins with: a copy of it that is no older content. */
export async function isBeginningOf(file: OpenFile, whole: OpenFile): Promise<boolean> {
  const size = await file.sizeNow();
  if (size > (await whole.sizeNow())) return false;
  for (const from of [0, Math.max(0, size - ENDS)]) {
    const length = Math.min(ENDS, size - from);
    const [a, b] = [Buffer.alloc(length), Buffer.alloc(length)];
    const own = await readDescriptor(file.descriptor, a, 0, length, from);
    const other = await readDescriptor(whole.descriptor, b, 0, length, from);
    if (own.bytesRead !== other.bytesRead || !a.equals(b)) return false;
  }
  return true;
}

/** What stands before an offset; less, if it was cut short. */
export function markBefore(descriptor: number, offset: number): Buffer {
  const mark = Buffer.alloc(Math.min(MARK, offset));
  return mark.subarray(0, readSync(descriptor, mark, 0, mark.length, offset - mark.length));
}
