import type { InputBytes } from '../../inputs/sources.ts';
import type { Pipeline } from '../../pipeline.ts';

export const stages = ['read', 'parse', 'classify', 'aggregate', 'filter', 'tee'] as const;

export type Stage = (typeof stages)[number];

export interface Profile {
  readonly records: number;
  readonly bytes: number;
  /** Microseconds per record. */
  readonly micros: Readonly<Record<Stage, number>>;
}

/** Gives the time since it was last asked to the stage that has spent it, so that none is lost between two. */
class Stopwatch {
  readonly spent: Record<Stage, number> = { read: 0, parse: 0, classify: 0, aggregate: 0, filter: 0, tee: 0 };
  private readonly now: () => number;
  private last: number;

  constructor(now: () => number) {
    this.now = now;
    this.last = now();
  }

  lap(stage: Stage): void {
    const now = this.now();
    this.spent[stage] += now - this.last;
    this.last = now;
  }
}

/**
 * Drives the pipeline's own steps by hand, one batch after the other, and tells where the time went. What a stream would
 * do at the same time (reading ahead, handlers that write meanwhile) stands here one after the other, so the sum is more
 * than what a run takes.
 * @param now milliseconds, of a fine clock
 */
export async function profile(
  pipeline: Pipeline,
  inputs: AsyncIterable<InputBytes>,
  now: () => number,
): Promise<Profile> {
  await pipeline.ready;
  // its clock would report in between
  pipeline.stream.destroy();
  const { parse, aggregate } = pipeline.steps;
  const watch = new Stopwatch(now);
  for await (const chunk of inputs) {
    watch.lap('read');
    await follow(pipeline, parse.push(chunk), watch);
  }
  watch.lap('read');
  await follow(pipeline, parse.end(), watch);
  for (const flow of aggregate.end()) {
    watch.lap('aggregate');
    await deliver(pipeline, flow, watch);
  }
  watch.lap('aggregate');
  await pipeline.close();
  watch.lap('tee');
  const { records, bytes } = pipeline.ledger.read;
  const micros = { ...watch.spent };
  for (const stage of stages) micros[stage] = (watch.spent[stage] * 1000) / Math.max(1, records);
  return { records, bytes, micros };
}

type Steps = Pipeline['steps'];
type Batches = ReturnType<Steps['parse']['push']>;
type Flow = Parameters<Steps['filter']['push']>[0];

/** Takes what the parser gives through the rest of the way. */
async function follow(pipeline: Pipeline, batches: Batches, watch: Stopwatch): Promise<void> {
  const { classify, aggregate } = pipeline.steps;
  for await (const batch of batches) {
    watch.lap('parse');
    for (const classified of classify.push(batch)) {
      watch.lap('classify');
      for (const flow of aggregate.push(classified)) {
        watch.lap('aggregate');
        await deliver(pipeline, flow, watch);
      }
      watch.lap('aggregate');
    }
    watch.lap('classify');
  }
  watch.lap('parse');
}

/** Filter and tee; the handlers have written when this is over. */
async function deliver({ steps: { filter, tee } }: Pipeline, flow: Flow, watch: Stopwatch): Promise<void> {
  for (const selection of filter.push(flow)) {
    watch.lap('filter');
    for await (const { flow } of tee.push(selection)) flow.batch.release();
    for await (const _ of tee.end());
    watch.lap('tee');
  }
  watch.lap('filter');
}
