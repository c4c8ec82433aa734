import type { Duplex } from 'node:stream';
import Pumpify from 'pumpify';
import type { Flow, Selection } from '../batch/batch.ts';
import { MirrormonError } from '../errors.ts';
import type { Aggregate } from './aggregate.ts';
import type { Classify } from './classify.ts';
import type { Filter } from './filter.ts';
import type { Gate } from './gate.ts';
import type { Chunk, Parse } from './parse.ts';
import type { Tee } from './tee.ts';
import { asTransform } from './transform.ts';

/** How often a live run looks at the wall clock. Milliseconds. */
const TICK_MS = 1000;
/** How often the parser is asked for records that silence has completed. Milliseconds. */
const SETTLE_TICK_MS = 100;

/** As Pumpify.obj, but its own buffers hold one item instead of 16: what waits here is outside the gate. */
const Chain = Pumpify.ctor({ autoDestroy: false, destroy: false, objectMode: true, highWaterMark: 1 });

/** The stages without their streams. */
export interface Steps {
  readonly parse: Parse;
  readonly classify: Classify;
  readonly aggregate: Aggregate;
  readonly filter: Filter;
  readonly tee: Tee;
}

/** The stages as one stream, and a way into its middle. */
export function chain(
  { parse, classify, aggregate, filter, tee }: Steps,
  now: () => number,
): { stream: Duplex; inject(flows: () => Iterable<Flow>): void } {
  const measuring = asTransform(aggregate, { tickEvery: TICK_MS, now });
  const stream: Duplex = new Chain([
    asTransform(parse, { tickEvery: SETTLE_TICK_MS, now }),
    asTransform(classify),
    measuring,
    asTransform(filter),
    asTransform(tee),
  ]);
  return { stream, inject: (flows) => measuring.inject(flows) };
}

/**
 * Feeds inputs through a pipeline to their end, or until they are abandoned, waiting whenever it is full, and lets go of
 * what comes out. A chunk has been parsed when the next one is asked for: a stream of one item has room again only then.
 */
export async function feed(
  stream: Duplex,
  inputs: AsyncIterable<Chunk>,
  gate: Gate,
  abandon: AbortSignal | undefined,
): Promise<void> {
  let isOver = false;
  let wake = (): void => {};
  const stop = (): void => {
    isOver = true;
    wake();
  };
  const ended = new Promise<void>((resolve, reject) => {
    stream.on('data', ({ flow }: Selection) => flow.batch.release());
    stream.once('end', resolve);
    stream.once('error', reject);
    stream.once('close', () =>
      reject(new MirrormonError('PIPELINE_BROKEN', 'the pipeline closed before its end')),
    );
  });
  // also when nobody awaits it yet, and so that a wait for the inputs or for room ends with the stream
  ended.catch(stop);
  stream.on('drain', () => wake());
  abandon?.addEventListener('abort', stop, { once: true });
  const chunks = inputs[Symbol.asyncIterator]();
  while (!isOver) {
    const next = await new Promise<IteratorResult<Chunk> | undefined>((resolve, reject) => {
      wake = () => isOver && resolve(undefined);
      chunks.next().then(resolve, reject);
    });
    if (next === undefined || next.done) break;
    if (isOver || stream.write(next.value)) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  // an input that is stuck is not waited for
  if (isOver) chunks.return?.().catch(() => {});
  stream.end();
  await ended;
  // a stage that is destroyed late can look like a regular end
  if (gate.held > 0) {
    throw new MirrormonError('PIPELINE_BROKEN', `${gate.held} batches did not reach the end of the pipeline`);
  }
}
