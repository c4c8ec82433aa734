import { loadConfig } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import { openPipeline } from '../../pipeline.ts';
import type { Usage } from '../../usage/index.ts';
import { conclude } from '../conclusion.ts';
import { Diagnosis } from '../diagnosis/index.ts';
import { Ending } from '../ending.ts';
import type { Invocation, RunOptions } from '../invocation.ts';
import type { Io } from '../io.ts';
import { boundedWorkers } from '../large-inputs.ts';
import { restrictionOf, unseenText } from '../restricting.ts';
import { flow, tellWaiting } from '../run.ts';
import { Messages } from '../standard-error.ts';

/** What a command that asks about sessions is given: how logs are read. */
export type ReadOptions = Omit<RunOptions, 'settings'>;

export interface ReadSessions {
  /** undefined where nothing could be read for the configuration's sake. */
  readonly usage: Usage | undefined;
  /** Milliseconds after which a session without an end counts as open no more. */
  readonly sessionMaxAge: number;
  readonly messages: Messages;
  /** Tells what was read, and gives the exit status. */
  conclude(): Promise<number>;
}

/** Reads logs to their end for their sessions alone: nothing is measured, and no handler of a configuration runs. */
export async function readSessions(
  files: readonly string[],
  options: ReadOptions,
  io: Io,
): Promise<ReadSessions> {
  const messages = new Messages(io, options.quiet ?? false);
  const warn = (message: string): void => messages.warn(message);
  const loaded = await loadConfig({ files: [...options.config], env: io.env, options: { output: 'none' } });
  for (const problem of loaded.warnings) warn(formatProblem(problem));
  for (const problem of loaded.errors) messages.error(formatProblem(problem));
  const { sessionMaxAge } = loaded.config.metrics;
  if (loaded.errors.length > 0) {
    return { usage: undefined, sessionMaxAge, messages, conclude: async () => 2 };
  }
  const diagnosis = new Diagnosis(options, loaded.config.input, messages);
  const workers = boundedWorkers(options.workers, warn);
  const restriction = await restrictionOf(files, { ...options, workers }, loaded.config, io);
  const started = performance.now();
  const pipeline = openPipeline(
    { ...loaded.config, handlers: [] },
    {
      inputFormat: options.inputFormat,
      records: options.records,
      referenceParser: io.env.MIRRORMON_PARSER === 'reference',
      workers,
      usage: true,
      restriction,
      onClassified: (batch, others) => diagnosis.accounts.classified(batch, others),
      warn,
    },
  );
  const invocation: Invocation = { files, options: { ...options, workers, settings: {} }, io, messages };
  tellWaiting(invocation);
  const outcome = await flow(pipeline, new Ending(pipeline, io), undefined, invocation, diagnosis);
  const unseen = pipeline.unseenFields();
  if (unseen.length > 0) warn(unseenText(unseen));
  const seconds = (performance.now() - started) / 1000;
  outcome.unreadable = await diagnosis.conclude();
  return {
    usage: pipeline.usage,
    sessionMaxAge,
    messages,
    conclude: () => conclude(pipeline.ledger, outcome, seconds, invocation),
  };
}
