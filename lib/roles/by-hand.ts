import type { Batch, Flow } from '../batch/batch.ts';
import type { Config } from '../config.ts';
import { openPipeline, type Pipeline, type PipelineOptions } from '../pipeline.ts';
import type { Chunk } from '../stages/parse.ts';

/**
 * A pipeline whose steps are driven one after the other: when a call is over, all that it gave has been measured and
 * handed to the handlers, so that what is committed then is what was read.
 */
export class ByHand {
  readonly pipeline: Pipeline;
  private readonly onBatch: ((batch: Batch) => void) | undefined;

  private constructor(pipeline: Pipeline, onBatch: ((batch: Batch) => void) | undefined) {
    this.pipeline = pipeline;
    this.onBatch = onBatch;
  }

  /** @throws {MirrormonError} where a handler cannot be opened */
  static async open(
    config: Config,
    options: PipelineOptions,
    onBatch?: (batch: Batch) => void,
  ): Promise<ByHand> {
    const pipeline = openPipeline(config, {
      ...options,
      workers: 0,
      live: true,
      onlyAskedReports: true,
      measure: 'always',
    });
    try {
      await pipeline.ready;
    } catch (error) {
      await pipeline.close().catch(() => {});
      throw error;
    }
    // its timers would come in between
    pipeline.stream.destroy();
    return new ByHand(pipeline, onBatch);
  }

  async push(chunk: Chunk): Promise<void> {
    const { parse, classify, aggregate } = this.pipeline.steps;
    for await (const batch of parse.push(chunk)) {
      this.onBatch?.(batch);
      for (const classified of classify.push(batch)) {
        for (const flow of aggregate.push(classified)) await this.deliver(flow);
      }
    }
  }

  /** A report of a time, to all handlers, which have written it when this is over. */
  async report(time: number): Promise<void> {
    for (const flow of this.pipeline.steps.aggregate.reportNow(time)) await this.deliver(flow);
    await this.pipeline.settled();
  }

  private async deliver(flow: Flow): Promise<void> {
    const { filter, tee } = this.pipeline.steps;
    for (const selection of filter.push(flow)) {
      for await (const { flow } of tee.push(selection)) flow.batch.release();
    }
  }

  async close(): Promise<void> {
    await this.pipeline.close();
  }
}
