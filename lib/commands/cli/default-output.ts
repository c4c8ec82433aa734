import type { Io } from '../io.ts';

/** Says where an answer went, to whoever did not: the command has written it, so far as the status tells. */
export function tellDefaultOutput(
  { output, quiet }: Readonly<Record<string, unknown>>,
  { what, path, status }: { what: string; path: string; status: number },
  io: Io,
): void {
  const isWritten = status === 0 || status === 3;
  if (isWritten && output === path && quiet !== true) io.stderr.write(`mirrormon: ${what} ${path}\n`);
}
