import { availableParallelism } from 'node:os';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Input } from './batch/batch.ts';

import type { Config } from './config.ts';
import { MirrormonError } from './errors.ts';
import { eventId } from './events/event-id.ts';
import { kindOfType } from './events/namespaces.ts';
import { Evidence } from './filters/evidence/index.ts';
import { OUTSIDE, type Restriction, type RestrictionOptions } from './filters/restriction.ts';
import type { FramingName } from './framings/index.ts';
import type { Handler, HandlerContext, ParcelHandler } from './handlers/handler.ts';
import { type SinkOptions, Sinks } from './handlers/sinks.ts';
import { Ledger } from './ledger.ts';
import { MAX_AHEAD_MS } from './metrics/clock.ts';
import type { MetricFamily } from './metrics/family.ts';
import { healthFamilies } from './metrics/health.ts';
import { Vocabulary } from './parse/objects/vocabulary.ts';
import { openParsing } from './parse/open.ts';
import type { BegunThread } from './parse/scanner/workers/thread.ts';
import { type Observer, openReaders, type Readers } from './plan.ts';
import { Aggregate } from './stages/aggregate.ts';
import { chain, feed, type Steps } from './stages/chain.ts';
import { Classify, type OnClassified } from './stages/classify.ts';
import { Filter } from './stages/filter.ts';
import { Gate } from './stages/gate.ts';
import { type Chunk, Parse } from './stages/parse.ts';
import { Tee } from './stages/tee.ts';
import { RunState } from './state/run-state.ts';
import { systems } from './systems/index.ts';
import type { Usage } from './usage/index.ts';

/** Records that are older never make a run live, which may give reports at any time. */
const SURELY_PAST_MS = 600_000;
/**
 * Tuples of a label set before its table is begun anew, which costs a look-up for each series that is met again. A table
 * that was left lives on as long as batches that began with it, so that it is no measure of how many series there may be.
 */
const MOST_TUPLES = 1 << 14;
/** Series of a metric that are measured before what is known of them is handed over. */
const MOST_SERIES = 1 << 15;

/** What a run needs of its surroundings; every part has a default. */
export interface PipelineOptions extends SinkOptions {
  readonly inputFormat?: FramingName | undefined;
  /** With the json format: where the records are, such as `hits.hits._source`. */
  readonly records?: string | undefined;
  /** Read with JSON.parse alone: the oracle that the fast parser is held to. */
  readonly referenceParser?: boolean | undefined;
  /** Threads that parse what is large; by default two, or none where there is one processor. */
  readonly workers?: number | undefined;
  /** The first of them, if it was begun before. */
  readonly scanThread?: BegunThread | undefined;
  /** The run is live whatever its records' times are: something is read that goes on for ever. */
  readonly live?: boolean | undefined;
  /** No report falls due by itself; `steps.aggregate.reportNow` makes them. */
  readonly onlyAskedReports?: boolean | undefined;
  /** Records may be measured in any order, whatever else is said: nobody asks for figures before the state is taken. */
  readonly inAnyOrder?: boolean | undefined;
  /** `figures` are of the run itself alone: what is measured is a part, which others add up. */
  readonly healthOnly?: boolean | undefined;
  /** Keep series of metrics that no handler reads, too: for `figures` and the ledger. By default they are kept if read. */
  readonly measure?: 'always' | 'if-read' | undefined;
  /** Which records count at all; others are filtered and touch nothing. */
  readonly restriction?: RestrictionOptions | undefined;
  /** Keep who used what, also where no handler shows it; or its sessions alone. */
  readonly usage?: boolean | 'sessions' | undefined;
  /** Whether what is kept of usage has the ids of sessions: needed by an audit, and by whoever writes a state. By default it has. */
  readonly sessionIds?: boolean | undefined;
  /** Sees what becomes of every record. */
  readonly observer?: Observer | undefined;
  /** Told of every batch that was read, and how many of its records are of no known kind. */
  readonly onClassified?: OnClassified | undefined;
  /** Told that all was read, and that what read it has let go of its memory: handlers write what they have for the end. */
  readonly onRead?: (() => void) | undefined;
  /** Told of each report as it falls due, with what is measured until then. Milliseconds since the epoch. */
  readonly onReport?: ((time: number, figures: Iterable<MetricFamily>) => void) | undefined;
  readonly now?: (() => number) | undefined;
  readonly warn?: ((message: string) => void) | undefined;
  /** Takes what is worth knowing, such as the address that an endpoint serves at. */
  readonly note?: ((message: string) => void) | undefined;
  /** Told that nothing more needs to be read: every handler is closed, or one that must not be. By default the stream fails. */
  readonly onOver?: (() => void) | undefined;
  /** News that may be said again; `warn` where it is not given. */
  readonly tell?: ((message: string) => void) | undefined;
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
  readonly handlers: readonly (Handler | ParcelHandler)[];
  /** Everything measured, as bytes that other runs understand. */
  readonly state: RunState;
  /** Settles when all that was fed has reached its handlers, which have written it; more may be fed then. */
  settled(): Promise<void>;
  /** Whether a record was read in part, or waits for what may go on with it. */
  isAmidRecord(): boolean;
  /** Whether all inputs could be read anew from places behind which nothing was measured: `waitingFrom`, or all that was read. */
  canBeginAnew(): boolean;
  /** Offset of the first byte of an input that waits for the end of its record; undefined if none does. */
  waitingFrom(input: Input): number | undefined;
  /** How far the outputs are written, for a run that goes on: PipelineOptions.positions. Only while nothing is fed. */
  positions(): Promise<Readonly<Record<string, unknown>>>;
  /** The last positions are in a state that is written. */
  kept(): Promise<void>;
  /** Why subscriptions have selected nothing so far. */
  readonly evidence: Evidence;
  figures(): Iterable<MetricFamily>;
  /** Who used what, where that is kept. */
  readonly usage: Usage | undefined;
  /** Whether anything reads what stands in this member of records. */
  asksFor(member: string): boolean;
  /** Of `restriction`: fields that it asks for and no record had so far, and what it compares that is no number. */
  readonly restriction: Pick<Restriction, 'unseen' | 'uncompared'> | undefined;
  /**
   * Feeds the inputs through to their end, waiting whenever the pipeline is full.
   * @param abandon when it aborts, inputs that are still silent are not waited for
   * @param reading aborts when inputs are read no further, wherever that is
   */
  run(inputs: AsyncIterable<Chunk>, abandon?: AbortSignal, reading?: AbortSignal): Promise<void>;
  /** Opens anew what handlers have open by its name, and reports. */
  refresh(): void;
  /** Stops waiting for handlers: what they have not taken by now is given up. */
  breakOff(): void;
  /** Lets what the handlers still hold be written, and closes them. */
  close(): Promise<void>;
}

/** What every part of a pipeline is made from. */
interface Setup {
  readonly config: Config;
  readonly options: PipelineOptions;
  readonly ledger: Ledger;
  now(): number;
  warn(message: string): void;
  tell(message: string): void;
}

const showsUsage = ({ type, format }: Config['handlers'][number]): boolean =>
  format === 'summary' || type === 'report' || type === 'prometheus';

/** Whether of what is shown of usage nothing needs its sessions one by one: the page has them added up. */
const isShownAddedUp = ({ handlers }: Config): boolean =>
  handlers.some(({ type }) => type === 'prometheus') && !handlers.some(({ format }) => format === 'summary');

/** Builds the pipeline of a configuration: parse, classify, aggregate, filter, tee, composed to one duplex. */
export function openPipeline(config: Config, options: PipelineOptions = {}): Pipeline {
  if (!Array.isArray(config?.handlers)) {
    throw new MirrormonError('USAGE', 'a pipeline takes a configuration that is resolved', {
      hint: 'give it what resolveConfig resolves to: createPipeline(await resolveConfig(settings))',
    });
  }
  const { now = Date.now, warn = () => {}, tell = warn } = options;
  const ledger = new Ledger();
  const setup: Setup = { config, options, ledger, now, warn, tell };
  const measuresAll = options.openHandler !== undefined || options.measure === 'always';
  const usage = options.usage ?? config.handlers.some(showsUsage);
  const settles = options.usage === undefined && isShownAddedUp(config);
  const { sessionIds, restriction, observer } = options;
  const readers = openReaders(config, ledger, {
    ...{ measuresAll, usage, settles, sessionIds, restriction, observer, now, warn },
  });
  // everything that reads records has said what it wants: only now may a parser be made
  const parsing = parsingOf(setup, readers);
  const aggregate = aggregateOf(setup, readers);
  const gate = new Gate(ledger.queue('messages', config.metrics.messageQueueSize));
  const figures = (): Iterable<MetricFamily> => figuresOf(setup, readers, aggregate, heldBy(gate, sinks));
  const sinks: Sinks = new Sinks(
    contextOf(setup, readers, aggregate, figures, () => sinks.condition()),
    ledger,
    options,
  );
  const evidence = new Evidence(
    config.handlers,
    readers.subscriptions,
    readers.kinds,
    metricNames(config),
    readers.wants,
  );
  const steps: Steps = {
    parse: new Parse({ gate, ledger, ready: sinks.ready, open: parsing.open, finish: parsing.finish }),
    classify: new Classify(readers.systems, ledger, (batch, others) => {
      options.onClassified?.(batch, others);
      readers.restriction?.apply(batch);
      readers.usage?.observe(batch);
    }),
    aggregate,
    filter: new Filter(
      readers.subscriptions,
      ledger,
      evidence,
      observer && ((selection) => observer.selected(selection)),
    ),
    tee: new Tee({ queues: sinks.queues, gate, deadLetters: sinks.reject, onOver: options.onOver }),
  };
  const { stream, inject } = chain(steps, now);
  return {
    stream,
    steps,
    ledger,
    ready: sinks.ready,
    handlers: sinks.handlers,
    state: new RunState({
      ...{ registry: readers.registry, systems: readers.systems, ledger, usage: readers.usage },
      remembered: readers.subscriptions.flat().flatMap(({ selector }) => selector.remembered ?? []),
      ...{ clock: aggregate.clock, schedule: aggregate.schedule },
    }),
    settled: () =>
      idle(
        () =>
          gate.held === 0 && sinks.queues.every(({ held, isSending }) => held === 0 && isSending !== true),
      ),
    isAmidRecord: () => parsing.isAmidRecord() || steps.parse.waiting,
    canBeginAnew: () => !parsing.isAmidRecord() && steps.parse.canBeginAnew,
    waitingFrom: (input) => steps.parse.waitingFrom(input),
    positions: () => sinks.positions(),
    kept: () => sinks.kept(),
    evidence,
    figures,
    usage: readers.usage,
    asksFor: (member) => readers.wants.fields.some(({ paths }) => paths.some(([key]) => key === member)),
    restriction: readers.restriction,
    run: (inputs, abandon, reading) => {
      reading?.addEventListener('abort', () => steps.parse.stop(), { once: true });
      return feed(stream, inputs, gate, abandon);
    },
    refresh: () => {
      sinks.reopen();
      inject(() => aggregate.reportNow());
    },
    breakOff: () => sinks.breakOff(),
    close: () => {
      parsing.close();
      options.onRead?.();
      return sinks.close();
    },
  };
}

/** Of what can be measured, whoever reads it. */
function metricNames({ metrics }: Config): string[] {
  return [...systems.flatMap(({ catalogue }) => catalogue), ...metrics.rules].map(({ name }) => name);
}

const tuplesOf = ({ metrics }: Config): number => Math.min(2 * metrics.maxSeries, MOST_TUPLES);
const seriesOf = ({ metrics }: Config): number => Math.min(2 * metrics.maxSeries, MOST_SERIES);

function parsingOf(
  { config, options, now, warn }: Setup,
  { wants }: Readers,
): ReturnType<typeof openParsing> {
  // records that are left out are known only once they are read
  const measuresAhead =
    options.restriction === undefined && (options.inAnyOrder ?? mayMeasureAhead(config, options));
  // where no report falls due, none is live
  const until = options.onlyAskedReports ? MAX_AHEAD_MS : -SURELY_PAST_MS;
  return openParsing({
    wants,
    limits: config.input,
    format: options.inputFormat ?? 'auto',
    records: options.records,
    names: config.handlers.some(({ type, fluentd }) => type === 'otlp' || fluentd === true),
    sourceId: config.metrics.sourceId,
    tuples: tuplesOf(config),
    series: seriesOf(config),
    reference: options.referenceParser ?? false,
    workers: Math.min(options.workers ?? defaultWorkers(measuresAhead), mostWorkers()),
    begun: options.scanThread,
    measureUntil: measuresAhead ? () => now() + until : undefined,
    now,
    warn,
  });
}

/** Whether nobody asks what was measured before the end, so that records may be measured in any order. */
function mayMeasureAhead({ handlers, metrics }: Config, { live }: PipelineOptions): boolean {
  // a report of an interval alone says when its first record was
  const asksForTimes = metrics.reportInterval !== undefined || metrics.report === 'interval';
  return !live && !asksForTimes && !handlers.some(({ type }) => type === 'prometheus');
}

function aggregateOf({ config, options, ledger, now }: Setup, readers: Readers): Aggregate {
  const { metrics } = config;
  return new Aggregate({
    registry: readers.registry,
    systems: readers.following,
    ledger,
    reportInterval: options.onlyAskedReports ? undefined : metrics.reportInterval,
    sourceId: metrics.sourceId,
    report: metrics.report,
    vocabulary: new Vocabulary(readers.wants, { tuples: tuplesOf(config) }),
    metricsKind: readers.kinds.byName(kindOfType('metrics'))!.id,
    outsideKind: readers.kinds.byName(OUTSIDE)?.id,
    live: options.live ?? false,
    onlyAsked: options.onlyAskedReports,
    // a table's columns are as wide as the whole report needs them
    wholeReports: config.handlers.some(({ type, format }) => type === 'stdout' && format === 'table'),
    now,
    onReport: (time) => options.onReport?.(time, readers.registry.families(time)),
  });
}

function contextOf(
  { config, options, now, warn, tell, ledger }: Setup,
  { following, usage }: Readers,
  aggregate: Aggregate,
  figures: HandlerContext['figures'],
  condition: NonNullable<HandlerContext['condition']>,
): HandlerContext {
  return {
    config,
    now,
    warn,
    tell,
    isLive: () => options.onlyAskedReports === true || aggregate.wasLive,
    eventId: (handler, subscription, time) =>
      eventId(config.seed, `${handler}/${subscription}`, config.metrics.sourceId, time),
    note: options.note,
    condition,
    readWebConfig: async (path) => (await import('./config/web-config-file.ts')).requireWebConfig(path),
    figures,
    usage,
    ledger,
    spanOf(batch, row) {
      for (const system of following) {
        const span = system.spanOf?.(batch, row);
        if (span !== undefined) return span;
      }
      return undefined;
    },
  };
}

/** Everything measured so far, and how the run itself fares. */
function* figuresOf(
  { ledger, options, now }: Setup,
  { registry }: Readers,
  { clock }: Aggregate,
  held: ReadonlyMap<string, number>,
): Generator<MetricFamily> {
  if (options.healthOnly !== true) yield* registry.families(clock.time);
  const lag = () => (clock.started ? now() - clock.time : undefined);
  yield* healthFamilies({ ledger, held: () => held, lag });
}

/** Asks at every turn of the event loop, and less often when that takes long. */
async function idle(isIdle: () => boolean): Promise<void> {
  for (let turns = 0; !isIdle(); turns++) await (turns < 1000 ? nextTurn() : sleep(1));
}

/** What waits in each queue, by its name. */
function heldBy(gate: Gate, { queues }: Sinks): ReadonlyMap<string, number> {
  return new Map([
    ['messages', gate.held],
    ...queues.map(({ handler, held }) => [handler.name, held] as const),
  ]);
}

/**
 * One processor is left to the main thread, which has the bytes of pipes and compressed inputs, writes, measures where
 * order matters, and does a worker's work where it does not. Where it measures everything itself, more than two are of no
 * use to it.
 */
function defaultWorkers(measuresAhead: boolean): number {
  const others = availableParallelism() - 1;
  return measuresAhead ? others : Math.min(2, others);
}

/** Beyond the processors they would only take memory; a few more than those may be asked for, to try. */
function mostWorkers(): number {
  return Math.max(4, availableParallelism());
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
