import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MirrormonError, systemReason } from '../../errors.ts';

/** Fails with HANDLER_OPEN where the path can never be a rolling file. */
export async function checkPath(path: string): Promise<void> {
  const folder = dirname(path);
  const above = await stat(folder).catch((error: unknown) => {
    throw cannotOpen(
      path,
      `folder ${folder}: ${systemReason(error)}`,
      'make the folder, or correct the path',
      error,
    );
  });
  if (!above.isDirectory()) throw cannotOpen(path, `${folder} is not a folder`, 'correct the path');
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw cannotOpen(path, 'it is a folder', 'give the path of a file in it');
  if (there !== undefined && !there.isFile()) {
    throw cannotOpen(
      path,
      'it is not a regular file, so it cannot roll',
      'use type: stdout and redirect that',
    );
  }
}

export function cannotOpen(path: string, reason: string, hint: string, cause?: unknown): MirrormonError {
  return new MirrormonError('HANDLER_OPEN', `cannot write events to it: ${reason}`, {
    where: path,
    hint,
    cause,
  });
}

/** What may pass: room is made, rights are given, the file system comes back. */
const passing: ReadonlySet<unknown> = new Set(
  'ENOSPC EDQUOT EIO EAGAIN EINTR EBUSY EMFILE ENFILE EACCES EPERM EROFS ENOENT ENOTDIR EISDIR ESTALE ETIMEDOUT'.split(
    ' ',
  ),
);

export function cannotWrite(path: string, cause: unknown): MirrormonError {
  return new MirrormonError('HANDLER_WRITE', `cannot write events: ${systemReason(cause)}`, {
    where: path,
    hint: 'what it holds are whole events; make room or restore access to go on',
    cause,
    canRetry: passing.has((cause as NodeJS.ErrnoException | null)?.code),
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
