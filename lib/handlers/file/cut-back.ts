import { readdir, rename, stat, truncate, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MirrormonError, systemReason } from '../../errors.ts';
import { backupTime } from './backup-names.ts';
import { targetOf } from './followed-path.ts';

/** How far a rolling file had been written. */
export interface FilePosition {
  /** Device and inode, whatever the file is called by now. */
  readonly identity: string;
  readonly length: number;
}

/** Which file a run goes on with that begins with the last state: it stays, even if there are backups too many. */
export class HeldFile {
  private identity: string | undefined;
  private next: string | undefined;

  /** It, and that of the state that is being written. */
  get identities(): readonly string[] {
    return [this.identity, this.next].filter((one) => one !== undefined);
  }

  /** A state is to be written that goes on with this file; until it is, the one before counts. */
  propose(identity: string): void {
    this.next = identity;
    this.identity ??= identity;
  }

  /** It is written. */
  settle(): void {
    this.identity = this.next;
  }
}

/**
 * Makes a rolling file what it was at a position: what was written behind it goes, and with it the files that were begun
 * since; a backup that it has become is the file again.
 * @throws {MirrormonError} STATE_UNUSABLE, with nothing changed, where it is not there any more
 */
export async function cutBack(given: string, position: FilePosition): Promise<void> {
  const { path } = await targetOf(given);
  const newer: string[] = [];
  const backups = await backupsOf(path);
  let found: string | undefined;
  for (const candidate of [path, ...backups]) {
    const stats = await stat(candidate).catch(() => undefined);
    if (stats === undefined) continue;
    if (`${stats.dev}:${stats.ino}` !== position.identity) {
      newer.push(candidate);
      continue;
    }
    if (stats.size < position.length) throw gone(given, `it is shorter than ${position.length} bytes`);
    found = candidate;
    break;
  }
  if (found === path) newer.push(...(await placeholdersOf(backups)));
  if (found === undefined) throw gone(given, 'neither it nor one of its backups is the one that was written');
  try {
    for (const file of newer) await unlink(file);
    if (found !== path) await rename(found, path);
    await truncate(path, position.length);
  } catch (error) {
    throw new MirrormonError('HANDLER_OPEN', `it cannot be cut back: ${systemReason(error)}`, {
      where: given,
      cause: error,
    });
  }
}

/** Before a file becomes a backup, its new name is taken by an empty one: what dies in between leaves that. */
async function placeholdersOf(backups: readonly string[]): Promise<string[]> {
  const empty: string[] = [];
  for (const backup of backups) {
    const stats = await stat(backup).catch(() => undefined);
    if (stats?.size !== 0) break;
    empty.push(backup);
  }
  return empty;
}

/** The newest first. */
async function backupsOf(path: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .flatMap((name) => {
      const time = name === basename(path) ? undefined : backupTime(path, name);
      return time === undefined ? [] : [{ name, time }];
    })
    .sort((a, b) => b.time - a.time)
    .map(({ name }) => join(dirname(path), name));
}

function gone(where: string, what: string): MirrormonError {
  return new MirrormonError('STATE_UNUSABLE', `the file that --state would go on with has changed: ${what}`, {
    where,
    hint: 'put it back, or remove the state and the outputs to begin anew',
  });
}
