import { readdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemReason } from '../../errors.ts';
import { surplus } from './backup-names.ts';

/**
 * Removes the oldest backups of `path` beyond `keep`; 0 keeps all. A backup too many is no reason to stop: it is said,
 * and tried again at the next roll.
 * @param held device and inode of files that stay: a run may have to go on with them
 */
export async function prune(
  path: string,
  keep: number,
  warn: (message: string) => void,
  held: readonly string[] = [],
): Promise<void> {
  if (keep === 0) return;
  const there = await readdir(dirname(path), { withFileTypes: true }).catch(() => []);
  const names = there.filter((entry) => entry.isFile()).map((entry) => entry.name);
  for (const backup of surplus(path, names, keep)) {
    if (held.length > 0 && held.includes((await identityOf(backup)) ?? '')) continue;
    await unlink(backup).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') warn(`${backup}: cannot remove the old backup: ${systemReason(error)}`);
    });
  }
}

async function identityOf(path: string): Promise<string | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats && `${stats.dev}:${stats.ino}`;
}
