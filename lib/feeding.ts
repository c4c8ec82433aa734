import type { Duplex } from 'node:stream';
import type { Selection } from './batch/batch.ts';
import { MirrormonError } from './errors.ts';
import type { Gate } from './stages/gate.ts';
import type { Chunk } from './stages/parse.ts';

/**
 * Feeds inputs through a pipeline to their end, waiting whenever it is full, and lets go of what comes out. A chunk has
 * been parsed when the next one is asked for: a stream of one item has room again only then.
 */
export async function feed(stream: Duplex, inputs: AsyncIterable<Chunk>, gate: Gate): Promise<void> {
  let isOver = false;
  let wake = (): void => {};
  stream.on('drain', () => wake());
  const ended = new Promise<void>((resolve, reject) => {
    stream.on('data', ({ flow }: Selection) => flow.batch.release());
    stream.once('end', resolve);
    stream.once('error', reject);
    stream.once('close', () =>
      reject(new MirrormonError('PIPELINE_BROKEN', 'the pipeline closed before its end')),
    );
  });
  // also when nobody awaits it yet, and so that a wait for room below ends with the stream
  ended.catch(() => {
    isOver = true;
    wake();
  });
  for await (const chunk of inputs) {
    if (isOver) break;
    if (!stream.write(chunk)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (isOver) break;
  }
  stream.end();
  await ended;
  // a stage that is destroyed late can look like a regular end
  if (gate.held > 0) {
    throw new MirrormonError('PIPELINE_BROKEN', `${gate.held} batches did not reach the end of the pipeline`);
  }
}
