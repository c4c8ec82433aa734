import { describeError, MirrormonError, outputFailure } from '../errors.ts';
import { printable, printableLines } from '../text/printable.ts';
import { withoutCredentials } from '../text/secrets.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/**
 * Runs a command line.
 * @param args without the program's name
 * @returns the exit status
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  // the one question that scripts ask often; it needs no argument parser
  if (args.length === 1 && (args[0] === '-V' || args[0] === '--version')) {
    io.stdout.write(`${version()}\n`);
    return 0;
  }
  try {
    const { parseAndRun } = await import('./program.ts');
    return await parseAndRun(args, io);
  } catch (error) {
    const text = isOfOutput(error) ? outputFailure(error) : describeError(error);
    const isOurs = error instanceof MirrormonError;
    const shown = (isOurs ? printable : printableLines)(withoutCredentials(text));
    io.stderr.write(`mirrormon: ${shown}\n`);
    return isOurs ? error.exitCode : 1;
  }
}

/** All else that is written has a path, or a message of its own. */
function isOfOutput(error: unknown): boolean {
  const { syscall, path } = Object(error) as NodeJS.ErrnoException;
  return syscall === 'write' && path === undefined;
}
