import { availableParallelism } from 'node:os';
import type { Duplex } from 'node:stream';
import Pumpify from 'pumpify';
import type { Batch } from './batch/batch.ts';
import type { Config } from './config.ts';
import { eventId } from './events/event-id.ts';
import { kindOfType } from './events/namespaces.ts';
import { feed } from './feeding.ts';
import type { FramingName } from './framings/index.ts';
import type { Handler, HandlerContext } from './handlers/handler.ts';
import { type SinkOptions, Sinks } from './handlers/sinks.ts';
import { Ledger } from './ledger.ts';
import type { MetricFamily } from './metrics/family.ts';
import { healthFamilies } from './metrics/health.ts';
import { Vocabulary } from './parse/objects/vocabulary.ts';
import { openParsing } from './parse/open.ts';
import { openReaders } from './plan.ts';
import { Aggregate } from './stages/aggregate.ts';
import { Classify } from './stages/classify.ts';
import { Filter } from './stages/filter.ts';
import { Gate } from './stages/gate.ts';
import { type Chunk, Parse } from './stages/parse.ts';
import { Tee } from './stages/tee.ts';
import { asTransform } from './stages/transform.ts';
import type { SpanRef } from './systems/system.ts';

/** How often a live run looks at the wall clock. Milliseconds. */
const TICK_MS = 1000;
/** Tuples of a label set before its table is begun anew; above any sensible number of series. */
const TUPLE_LIMIT_PER_SERIES = 2;

/** As Pumpify.obj, but its own buffers hold one item instead of 16: what waits here is outside the gate. */
const Chain = Pumpify.ctor({ autoDestroy: false, destroy: false, objectMode: true, highWaterMark: 1 });

/** What a run needs of its surroundings; every part has a default. */
export interface PipelineOptions extends SinkOptions {
  readonly inputFormat?: FramingName | undefined;
  /** With the json format: where the records are, such as `hits.hits._source`. */
  readonly records?: string | undefined;
  /** Read with JSON.parse alone: the oracle that the fast parser is held to. */
  readonly referenceParser?: boolean | undefined;
  /** Threads that parse what is large; by default two, or none where there is one processor. */
  readonly workers?: number | undefined;
  /** The run is live whatever its records' times are: something is read that goes on for ever. */
  readonly live?: boolean | undefined;
  /** Keep series of metrics that no handler reads, too: for `figures` and the ledger. By default they are kept if read. */
  readonly measure?: 'always' | 'if-read' | undefined;
  readonly now?: (() => number) | undefined;
  readonly warn?: ((message: string) => void) | undefined;
}

/** The stages without their streams. */
export interface Steps {
  readonly parse: Parse;
  readonly classify: Classify;
  readonly aggregate: Aggregate;
  readonly filter: Filter;
  readonly tee: Tee;
}

/** A pipeline with what a program wants to know of it while it runs. */
export interface Pipeline {
  /** Bytes of one input in, or { input, bytes }; selections out, each to be released (`flow.batch.release()`) once used. */
  readonly stream: Duplex;
  /** What the stream is composed of, for whoever drives it by hand instead (`mirrormon bench`). */
  readonly steps: Steps;
  readonly ledger: Ledger;
  /** Settled once every handler is open; rejects with the first that cannot. */
  readonly ready: Promise<void>;
  readonly handlers: readonly Handler[];
  figures(): Iterable<MetricFamily>;
  /** Feeds the inputs through to their end, waiting whenever the pipeline is full. */
  run(inputs: AsyncIterable<Chunk>): Promise<void>;
  /** Stops waiting for handlers that fail: what they cannot take now is given up. */
  breakOff(): void;
  /** Lets what the handlers still hold be written, and closes them. */
  close(): Promise<void>;
}

/** Builds the pipeline of a configuration: parse, classify, aggregate, filter, tee, composed to one duplex. */
export function openPipeline(config: Config, options: PipelineOptions = {}): Pipeline {
  const now = options.now ?? Date.now;
  const ledger = new Ledger();
  const measuresAll = options.openHandler !== undefined || options.measure === 'always';
  const readers = openReaders(config, ledger, measuresAll);
  const { wants, kinds, systems, following, registry, subscriptions } = readers;
  // everything that reads records has said what it wants: only now may a parser be made
  const tuples = TUPLE_LIMIT_PER_SERIES * config.metrics.maxSeries;
  const parsing = openParsing({
    wants,
    limits: config.input,
    format: options.inputFormat ?? 'auto',
    records: options.records,
    sourceId: config.metrics.sourceId,
    tuples,
    reference: options.referenceParser ?? false,
    workers: options.workers ?? defaultWorkers(),
    warn: (message) => options.warn?.(message),
  });

  const aggregate = new Aggregate({
    registry,
    systems: following,
    ledger,
    reportInterval: config.metrics.reportInterval,
    sourceId: config.metrics.sourceId,
    changedOnly: config.metrics.report === 'changed',
    vocabulary: new Vocabulary(wants, { tuples }),
    metricsKind: kinds.byName(kindOfType('metrics'))!.id,
    live: options.live ?? false,
    now,
  });

  const gate = new Gate(ledger.queue('messages', config.metrics.messageQueueSize));
  const warn = options.warn ?? (() => {});
  const context: HandlerContext = {
    config,
    now,
    warn,
    eventId: (handler, subscription, time) =>
      eventId(config.seed, `${handler}/${subscription}`, config.metrics.sourceId, time),
    figures,
    spanOf,
  };
  const sinks = new Sinks(context, ledger, options);

  function* figures(): Generator<MetricFamily> {
    const { clock } = aggregate;
    yield* registry.families(clock.time / 1000);
    const held = new Map<string, number>([['messages', gate.held]]);
    for (const queue of sinks.queues) held.set(queue.handler.name, queue.held);
    yield* healthFamilies({
      ledger,
      held: () => held,
      lag: () => (clock.started ? now() - clock.time : undefined),
    });
  }

  function spanOf(batch: Batch, row: number): SpanRef | undefined {
    for (const system of following) {
      const span = system.spanOf?.(batch, row);
      if (span !== undefined) return span;
    }
    return undefined;
  }

  const steps: Steps = {
    parse: new Parse({ gate, ledger, ready: sinks.ready, open: parsing.open }),
    classify: new Classify(systems, ledger),
    aggregate,
    filter: new Filter(subscriptions, ledger),
    tee: new Tee({ queues: sinks.queues, gate, deadLetters: sinks.reject }),
  };
  const stream: Duplex = new Chain([
    asTransform(steps.parse),
    asTransform(steps.classify),
    asTransform(steps.aggregate, { tickEvery: TICK_MS, now }),
    asTransform(steps.filter),
    asTransform(steps.tee),
  ]);

  return {
    stream,
    steps,
    ledger,
    ready: sinks.ready,
    handlers: sinks.handlers,
    figures,
    run: (inputs) => feed(stream, inputs, gate),
    breakOff: () => sinks.breakOff(),
    close: () => {
      parsing.close();
      return sinks.close();
    },
  };
}

/**
 * One processor is left to the main thread, which aggregates and is the busiest: on two processors a second worker made
 * the same log 10 % slower. More than two workers are of no use to one aggregating thread.
 */
function defaultWorkers(): number {
  return Math.min(2, availableParallelism() - 1);
}

/** The public form of a pipeline: one duplex, which closes its handlers when its input has ended. */
export function createPipeline(config: Config, options?: PipelineOptions): Duplex {
  const pipeline = openPipeline(config, options);
  const close = (): void => {
    pipeline.close().catch((error) => pipeline.stream.destroy(error));
  };
  pipeline.stream.once('end', close).once('error', close);
  return pipeline.stream;
}
