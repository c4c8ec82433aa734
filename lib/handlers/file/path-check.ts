import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Delivered, MirrormonError, systemReason } from '../../errors.ts';
import { isOfSystem, targetOf } from './followed-path.ts';

/**
 * Fails with CONFIG_INVALID where the path can never be a rolling file: that is a mistake in what was configured, at
 * `place`, and the program ends with 2 as for any other, where a file that the system refuses to open ends it with 1.
 */
export async function checkPath(path: string, place: string): Promise<void> {
  const wrong = (reason: string, hint: string, cause?: unknown): MirrormonError =>
    new MirrormonError('CONFIG_INVALID', `cannot write events to ${path}: ${reason}`, {
      where: place,
      hint,
      cause,
    });
  const { path: file } = await targetOf(path);
  const folder = dirname(file);
  const above = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw cannotOpen(path, error);
    throw wrong(`folder ${folder}: ${systemReason(error)}`, 'make the folder, or correct the path', error);
  });
  if (!above.isDirectory()) throw wrong(`${folder} is not a folder`, 'correct the path');
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) throw wrong('it is a folder', 'give the path of a file in it');
  if (there?.isFIFO() && !isOfSystem(file)) {
    throw wrong(
      'it is a named pipe, which keeps whoever writes waiting',
      'use type: stdout and redirect that',
    );
  }
  if (there?.isSocket() || there?.isBlockDevice()) {
    throw wrong('it is neither a file nor a device of characters', 'give the path of a file');
  }
}

export function cannotOpen(path: string, cause: unknown): MirrormonError {
  return new MirrormonError('HANDLER_OPEN', `cannot write events to it: ${systemReason(cause)}`, {
    where: path,
    hint: 'check its owner and mode, or give another path',
    cause,
  });
}

/** What may pass: room is made, rights are given, the file system comes back. */
const passing: ReadonlySet<unknown> = new Set(
  'ENOSPC EDQUOT EIO EAGAIN EINTR EBUSY EMFILE ENFILE EACCES EPERM EROFS ENOENT ENOTDIR EISDIR ESTALE ETIMEDOUT'.split(
    ' ',
  ),
);

export function cannotWrite(path: string, cause: unknown, delivered: Delivered): MirrormonError {
  return new MirrormonError('HANDLER_WRITE', `cannot write events: ${systemReason(cause)}`, {
    where: path,
    hint: 'what it holds are whole events; make room or restore access to go on',
    cause,
    canRetry: passing.has((cause as NodeJS.ErrnoException | null)?.code),
    delivered,
  });
}

/** Whether the file's last byte is something else than a newline: a crash cut its last line. */
export async function lacksNewline(path: string, length: number): Promise<boolean> {
  if (length === 0) return false;
  const file = await open(path, 'r').catch(() => undefined);
  // A file that we may write but not read cannot be told; it is taken for whole.
  if (file === undefined) return false;
  try {
    const last = Buffer.alloc(1);
    const { bytesRead } = await file.read(last, 0, 1, length - 1);
    return bytesRead === 1 && last[0] !== 0x0a;
  } finally {
    await file.close();
  }
}
