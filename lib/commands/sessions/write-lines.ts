import type { Writable } from 'node:stream';

/** Bytes that are handed over at a time. */
const PIECE = 1 << 16;

/** Writes lines at the pace of their reader. One that has seen enough (`| head`) is no failure; any other is. */
export async function writeLines(lines: Iterable<string>, stdout: Writable): Promise<void> {
  let isOver = false;
  const ignore = (): void => {};
  stdout.on('error', ignore);
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stdout.write(text, (error) => {
        const { code } = (error ?? {}) as NodeJS.ErrnoException;
        isOver ||= code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
        if (error && !isOver) reject(error);
        else resolve();
      });
    });
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    await write(piece);
    if (isOver) return;
    piece = '';
  }
  await write(piece);
  if (!isOver) stdout.off('error', ignore);
}
