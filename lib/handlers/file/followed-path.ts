import { lstat, readlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Links that lead to links; the system follows no more either. */
const MOST_LINKS = 40;

/** What a handler's path stands for. */
export interface Target {
  /** Where the file lies, or will lie: rolled files stand beside it, and a link to it stays what it is. */
  readonly path: string;
  /** Whether it is a file of its own, that can be renamed: devices, and what other programs opened for us, are not. */
  readonly rolls: boolean;
}

/** What the system opens for a process: renaming what stands behind it would pull it from under someone's feet. */
export const isOfSystem = (path: string): boolean => /^\/(?:dev\/(?!shm\/)|proc\/)/.test(path);

/** Follows the links of a path, also to a file that does not exist yet. */
export async function targetOf(path: string): Promise<Target> {
  let current = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    // written by the name that was given: behind /proc/self/fd there may be nothing with a name
    if (isOfSystem(current)) return { path: current, rolls: false };
    const stats = await lstat(current).catch(() => undefined);
    if (!stats?.isSymbolicLink()) {
      return { path: current, rolls: stats === undefined || stats.isFile() };
    }
    current = resolve(dirname(current), await readlink(current));
  }
  return { path: current, rolls: true };
}
