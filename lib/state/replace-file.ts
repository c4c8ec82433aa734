import { randomBytes } from 'node:crypto';
import { open, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A new name beside a file: what is made there can be renamed to it. */
export const temporaryOf = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);

/** Removes what processes that died left beside a file: to be called where no other one may write it. */
export async function removeTemporaries(path: string): Promise<void> {
  const prefix = `.${basename(path)}.`;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    const isOne = name.startsWith(prefix) && /^[0-9a-f]{12}$/.test(name.slice(prefix.length));
    if (isOne) await rm(join(dirname(path), name), { force: true });
  }
}

/**
 * Whole or not at all: what stood there before stays until the new one is on disk. Of a symbolic link it is the target
 * that is replaced; a device or a pipe is written, as it is no file to be replaced. Fails with the system's error.
 */
export async function replaceFile(name: string, content: string | Uint8Array): Promise<void> {
  const stats = await stat(name).catch(() => undefined);
  if (stats !== undefined && !stats.isFile() && !stats.isDirectory()) {
    await writeFile(name, content);
    return;
  }
  const path = stats === undefined ? name : await realpath(name);
  const temporary = temporaryOf(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
