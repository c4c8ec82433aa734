import { loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import type { Config, HandlerConfig } from '../config.ts';
import { openPipeline, type Pipeline, type PipelineOptions } from '../pipeline.ts';
import { conclude } from './conclusion.ts';
import { Diagnosis } from './diagnosis/index.ts';
import { recordWarnings } from './diagnosis/run-warnings.ts';
import { Ending } from './ending.ts';
import { flow, tellWaiting } from './flow.ts';
import type { Invocation, RunOptions } from './invocation.ts';
import type { Io } from './io.ts';
import { kafkaReading } from './kafka-reading.ts';
import { boundedWorkers } from './large-inputs.ts';
import { restrictionOf, restrictionWarnings } from './restricting.ts';
import { Messages } from './standard-error.ts';

/** What a command that reads logs for an answer of its own is given: how they are read. */
export type ReadOptions = Omit<RunOptions, 'settings'>;

export interface ReadAlone {
  /** undefined where nothing could be read for the configuration's sake. */
  readonly pipeline: Pipeline | undefined;
  readonly config: Config;
  readonly messages: Messages;
  /** Tells what was read, and gives the exit status. */
  conclude(): Promise<number>;
}

/**
 * What is asked of the pipeline, by the configuration, which has no handlers.
 * @param handlers those that the configuration has, or that a run without any would have
 */
export type Asked = (
  config: Config,
  handlers: readonly HandlerConfig[],
) => { readonly config: Config; readonly options: PipelineOptions };

/** Reads logs to their end for an answer of the command's own: no handler of a configuration runs. */
export async function readAlone(
  names: readonly string[],
  options: ReadOptions,
  io: Io,
  asked: Asked,
): Promise<ReadAlone> {
  const messages = new Messages(io, options.quiet ?? false);
  const warn = (message: string): void => messages.warn(message);
  const loaded = await loadConfig({ files: [...options.config], env: io.env, options: {} });
  for (const problem of loaded.warnings) warn(formatProblem(problem));
  for (const problem of loaded.errors) messages.error(formatProblem(problem));
  if (loaded.errors.length > 0) {
    return { pipeline: undefined, config: loaded.config, messages, conclude: async () => 2 };
  }
  const { config, options: pipelineOptions } = asked(
    { ...loaded.config, handlers: [] },
    loaded.config.handlers,
  );
  const { files, kafka } = await kafkaReading(names, config, { thread: io.topicThread });
  const diagnosis = new Diagnosis(options, config.input, messages);
  const workers = boundedWorkers(options.workers, warn);
  const restriction = await restrictionOf(files, { ...options, workers }, config, io);
  const started = performance.now();
  const pipeline = openPipeline(config, {
    inputFormat: options.inputFormat,
    records: options.records,
    referenceParser: io.env.MIRRORMON_PARSER === 'reference',
    workers,
    scanThread: io.scanThread,
    live: kafka?.isLive,
    restriction,
    warn,
    ...pipelineOptions,
    onClassified(batch, others) {
      diagnosis.accounts.classified(batch, others);
      pipelineOptions.onClassified?.(batch, others);
    },
  });
  const invocation: Invocation = {
    files,
    kafka,
    options: { ...options, workers, settings: {} },
    io,
    messages,
  };
  tellWaiting(invocation);
  const outcome = await flow(pipeline, new Ending(pipeline, io), undefined, invocation, (chunks) =>
    diagnosis.accounts.watch(chunks),
  );
  for (const warning of [...restrictionWarnings(pipeline), ...recordWarnings(pipeline.ledger)]) warn(warning);
  const seconds = (performance.now() - started) / 1000;
  outcome.unreadable = await diagnosis.conclude(outcome.failed);
  return {
    pipeline,
    config,
    messages,
    conclude: () => conclude(pipeline.ledger, outcome, seconds, invocation),
  };
}
