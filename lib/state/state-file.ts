import { Buffer } from 'node:buffer';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { MirrormonError, systemReason } from '../errors.ts';
import { type About, aboutOf, aboutSection } from './about.ts';
import { damaged, seal, unseal } from './envelope.ts';
import { replaceFile, temporaryOf } from './replace-file.ts';
import { beginsAsState, MAGIC, type Sections } from './state-parts.ts';

export interface StateFile {
  readonly path: string;
  readonly about: About;
  readonly sections: Sections;
}

/** Writes a state: whole, or what stood there before stays. @throws {MirrormonError} HANDLER_WRITE */
export async function writeState(path: string, about: About, sections: Sections): Promise<void> {
  try {
    await replaceFile(path, await seal(new Map([['about', aboutSection(about)], ...sections])));
  } catch (error) {
    throw new MirrormonError('HANDLER_WRITE', `the state cannot be written: ${systemReason(error)}`, {
      where: path,
      hint: 'name a file in a folder that exists and has room',
      cause: error,
    });
  }
}

/** Where it could not be written at the end, this says so before anything is read. @throws {MirrormonError} HANDLER_OPEN */
export async function checkWritable(path: string): Promise<void> {
  const temporary = temporaryOf(path);
  try {
    await (await open(temporary, 'wx')).close();
    await rm(temporary);
  } catch (error) {
    throw new MirrormonError('HANDLER_OPEN', `the state cannot be written: ${systemReason(error)}`, {
      where: path,
      hint: 'name a file in a folder that exists and may be written to',
      cause: error,
    });
  }
}

/** @throws {MirrormonError} STATE_UNUSABLE, which says why */
export async function readState(path: string): Promise<StateFile> {
  const bytes = await bytesOf(path).catch((error: unknown) => {
    throw new MirrormonError('STATE_UNUSABLE', `this state cannot be read: ${systemReason(error)}`, {
      where: path,
      cause: error,
    });
  });
  const sections = await unseal(bytes, path);
  return { path, sections, about: understood(path, () => aboutOf(sections)) };
}

/** The bytes of a state; of anything else its beginning, since a log or a device may be without end. */
async function bytesOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const head = await beginning(file, MAGIC.length + 1);
    return beginsAsState(head.toString('latin1')) ? Buffer.concat([head, await file.readFile()]) : head;
  } finally {
    await file.close();
  }
}

/** So many bytes; fewer where there are no more. A pipe may give them one by one. */
async function beginning(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** What is read of a state's sections. @throws {MirrormonError} STATE_UNUSABLE if they are not as they must be */
export function understood<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MirrormonError) throw error;
    throw damaged(path, error instanceof Error ? error.message : String(error));
  }
}
