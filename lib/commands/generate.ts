import { finished, type Writable } from 'node:stream';
import { type GenerateOptions, generate } from '../generate/index.ts';

/**
 * Writes a generated log to `stdout` at the pace of its reader. Gives the exit status: 0, also where the reader had
 * enough (`| head`); any other failure of the sink rejects.
 */
export async function generateCommand(options: GenerateOptions, stdout: Writable): Promise<number> {
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
