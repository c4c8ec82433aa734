import { Buffer } from 'node:buffer';
import type { Writable } from 'node:stream';

/** Bytes that are handed over at a time, and more for one line that is longer. */
const PIECE = 1 << 16;
/** Of a character in UTF-8, at most. */
const MOST_BYTES = 3;
const LINE_END = 10;

/** Writes lines at the pace of their reader. One that has seen enough (`| head`) is no failure; any other is. */
export async function writeLines(lines: Iterable<string>, stdout: Writable): Promise<void> {
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
  // line by line into bytes: in one text, a single letter beyond Latin-1 makes all of it twice as long
  let piece = Buffer.allocUnsafe(PIECE);
  let length = 0;
  for (const line of lines) {
    const most = MOST_BYTES * line.length + 1;
    if (length + most > piece.length) {
      await write(piece.subarray(0, length));
      if (isOver) return;
      // a stream may keep what it was given
      piece = Buffer.allocUnsafe(Math.max(PIECE, most));
      length = 0;
    }
    length += piece.write(line, length);
    piece[length++] = LINE_END;
  }
  await write(piece.subarray(0, length));
  if (!isOver) stdout.off('error', ignore);
}
