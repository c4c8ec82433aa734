import { open, readFile, rm } from 'node:fs/promises';
import { MirrormonError, systemReason } from '../errors.ts';
import { type About, aboutOf, aboutSection } from './about.ts';
import { damaged, seal, unseal } from './envelope.ts';
import { replaceFile, temporaryOf } from './replace-file.ts';
import type { Sections } from './state-parts.ts';

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
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new MirrormonError('STATE_UNUSABLE', `this state cannot be read: ${systemReason(error)}`, {
      where: path,
      cause: error,
    });
  });
  const sections = await unseal(bytes, path);
  return { path, sections, about: understood(path, () => aboutOf(sections)) };
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
