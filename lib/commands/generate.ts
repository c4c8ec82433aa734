import { finished, type Writable } from 'node:stream';
import { MirrormonError } from '../errors.ts';
import { type GenerateOptions, generate, ofOperators } from '../generate/index.ts';

/**
 * Writes a generated log to `stdout` at the pace of its reader. Gives the exit status: 0, also where the reader had
 * enough (`| head`); any other failure of the sink rejects.
 */
export async function generateCommand(options: GenerateOptions, stdout: Writable): Promise<number> {
  checkScenario(options);
  let failure: NodeJS.ErrnoException | null | undefined;
  let wake: () => void = () => {};
  const stopWatching = finished(stdout, { readable: false }, (error) => {
    failure = error ?? null;
    wake();
  });
  const onDrain = () => wake();
  stdout.on('drain', onDrain);
  for (const chunk of generate(options)) {
    const flushed = new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (failure === undefined && !stdout.write(chunk)) await flushed;
    if (failure !== undefined) break;
  }
  stopWatching();
  stdout.off('drain', onDrain);
  if (failure && failure.code !== 'EPIPE' && failure.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw failure;
  return 0;
}

/** Percentages, and what only one kind of log has. Throws USAGE. */
function checkScenario(options: GenerateOptions): void {
  for (const name of ['unpaired', 'errors', 'late'] as const) {
    if ((options[name] ?? 0) > 100) {
      const hint = 'give a whole number from 0 to 100';
      throw new MirrormonError('USAGE', `${options[name]} percent is more than all`, {
        where: `--${name}`,
        hint,
      });
    }
  }
  const foreign = ofOperators.find((name) => options[name] !== undefined);
  if (options.kind === 'operator' || foreign === undefined) return;
  throw new MirrormonError('USAGE', 'the events of an OpenZiti controller have nothing of that kind', {
    where: `--${foreign}`,
    hint: 'leave it out, or say --kind operator',
  });
}
