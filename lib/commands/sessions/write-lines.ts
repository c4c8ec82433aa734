import type { Buffer } from 'node:buffer';
import type { Writable } from 'node:stream';
import { linePieces } from './row-bytes.ts';

/** Writes lines at the pace of their reader. One that has seen enough (`| head`) is no failure; any other is. */
export function writeLines(lines: Iterable<string>, stdout: Writable): Promise<void> {
  return writePieces(linePieces(lines), stdout);
}

/** The same of bytes. */
export async function writePieces(pieces: Iterable<Buffer>, stdout: Writable): Promise<void> {
  let isOver = false;
  const ignore = (): void => {};
  stdout.on('error', ignore);
  const write = (bytes: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      stdout.write(bytes, (error) => {
        const { code } = (error ?? {}) as NodeJS.ErrnoException;
        isOver ||= code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
        if (error && !isOver) reject(error);
        else resolve();
      });
    });
  for (const piece of pieces) {
    await write(piece);
    if (isOver) return;
  }
  if (!isOver) stdout.off('error', ignore);
}
