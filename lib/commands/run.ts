import { loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { checkOrder } from '../handlers/stdout/order.ts';
import type { LiveTerminal } from '../handlers/stdout/terminal.ts';
import { isGlob } from '../inputs/glob.ts';
import { openPipeline } from '../pipeline.ts';
import { measuringOf } from '../state/measuring.ts';
import { conclude } from './conclusion.ts';
import { Diagnosis } from './diagnosis/index.ts';
import { runWarnings } from './diagnosis/run-warnings.ts';
import { Ending } from './ending.ts';
import { adaptEngine, collectGarbage } from './engine-flags.ts';
import { flow, isWatched, tellWaiting, type Watch } from './flow.ts';
import type { Invocation, RunOptions } from './invocation.ts';
import type { Io } from './io.ts';
import { kafkaReading } from './kafka-reading.ts';
import { boundedWorkers } from './large-inputs.ts';
import { terminalOf } from './look.ts';
import { restrictionOf, restrictionWarnings } from './restricting.ts';
import { outputsOf, refuseUnsafeOutputs } from './safety/safe-outputs.ts';
import { scraping } from './scraping.ts';
import { Messages } from './standard-error.ts';
import type { Restrict } from './states/checkpoints.ts';
import { openPartial, writePartial } from './states/partial.ts';
import { checkpointsOf } from './states/resumable.ts';

/**
 * The default command: inputs through the pipeline to the handlers.
 * @returns the exit status
 */
export async function run(names: readonly string[], options: RunOptions, io: Io): Promise<number> {
  const messages = new Messages(io, options.quiet ?? false);
  const workers = boundedWorkers(options.workers, (message) => messages.warn(message));
  const loaded = await loadConfig({
    files: [...options.config],
    env: io.env,
    options: { ...options.settings, stdoutIsTerminal: io.stdout.isTTY === true },
  });
  for (const problem of loaded.warnings) messages.warn(formatProblem(problem));
  if (loaded.errors.length > 0) {
    for (const problem of loaded.errors) messages.error(formatProblem(problem));
    return 2;
  }
  if (loaded.config.kafka.role !== undefined) {
    const { sharedRun } = await import('./shared-run.ts');
    return await sharedRun(names, { options, io, messages }, loaded.config);
  }
  const { files, kafka } = await kafkaReading(names, loaded.config, {
    readsElse: options.workload !== undefined,
    thread: io.topicThread,
  });
  const openScrapes = await scraping(options.scrape ?? [], loaded.config, (message) =>
    messages.warn(message),
  );
  const outputs = outputsOf(options, loaded.config.handlers);
  const onStdout = loaded.config.handlers.filter(({ type }) => type === 'stdout');
  const writesStdout = onStdout.length > 0;
  const order = { sort: options.sort, top: options.top };
  checkOrder(
    order,
    onStdout.map(({ format }) => format),
  );
  const reading = { files, config: options.config, io, writesStdout };
  await refuseUnsafeOutputs(outputs, reading, options.force ?? false);
  const isLive =
    openScrapes !== undefined ||
    options.follow === true ||
    options.workload !== undefined ||
    kafka?.isLive === true;
  const tallies = await openPartial(options, loaded.config, isLive, messages);
  const diagnosis = new Diagnosis(options, loaded.config.input, messages);
  const restrict: Restrict = (stood) =>
    restrictionOf(files, { ...options, workers }, loaded.config, io, stood);
  const checkpoints = await checkpointsOf({
    options,
    config: loaded.config,
    files,
    isLive,
    readsTopics: kafka !== undefined,
    restrict,
    io,
    messages,
  });
  const restriction = checkpoints === undefined ? await restrict() : checkpoints.restriction;
  const started = performance.now();
  const leaveEngine = adaptEngine();
  const reads = { files, kafka, options, io };
  const live: LiveTerminal | undefined = isWatched(reads, openScrapes !== undefined)
    ? { onScreen: (isTaken) => messages.hold(isTaken), quit: () => ending.stopReading() }
    : undefined;
  const pipeline = openPipeline(loaded.config, {
    stdout: { stream: io.stdout, terminal: terminalOf(io, options, live), order },
    inputFormat: options.inputFormat,
    restriction,
    records: options.records,
    deadLetters: options.deadLetters,
    positions: checkpoints?.positions,
    live: isLive,
    // for comparison only, so no option: the figures are the same
    referenceParser: io.env.MIRRORMON_PARSER === 'reference',
    workers,
    scanThread: io.scanThread,
    measure: options.ledger === undefined && tallies === undefined ? 'if-read' : 'always',
    // whoever merges partials may want the summary
    usage: tallies === undefined ? undefined : true,
    sessionIds: tallies !== undefined || checkpoints !== undefined,
    onClassified: (batch, others) => {
      diagnosis.accounts.classified(batch, others);
      tallies?.read(batch);
      checkpoints?.places.note(batch);
    },
    // a page of a year takes as much memory as reading it did
    onRead: loaded.config.handlers.some(({ type }) => type === 'report') ? collectGarbage : undefined,
    warn: (message) => messages.warn(message),
    note: (message) => messages.note(message),
    tell: (message) => messages.tell(message),
    onOver: () => ending.stopReading(),
  });
  const ending = new Ending(pipeline, io);
  try {
    await Promise.race([pipeline.ready, ending.over]);
    // a pattern may name what was just made
    if (files.some(isGlob)) await refuseUnsafeOutputs(outputs, reading, true);
    await checkpoints?.begin(pipeline);
  } catch (error) {
    ending.close();
    leaveEngine();
    await pipeline.close().catch(() => {});
    await checkpoints?.close();
    throw error;
  }
  const workload = options.workload && { ...options.workload, since: restriction?.since };
  const invocation: Invocation = { files, kafka, options: { ...options, workers, workload }, io, messages };
  if (openScrapes === undefined) tellWaiting(invocation);
  const watch: Watch = (chunks) => diagnosis.accounts.watch(tallies?.watch(chunks) ?? chunks);
  const outcome = await flow(pipeline, ending, openScrapes, invocation, watch, checkpoints);
  await checkpoints?.close();
  leaveEngine();
  for (const warning of restrictionWarnings(pipeline)) messages.warn(warning);
  const seconds = (performance.now() - started) / 1000;
  outcome.unreadable = await diagnosis.conclude(outcome.failed);
  for (const warning of runWarnings(pipeline)) messages.warn(warning);
  if (options.partial !== undefined) {
    const measuring = measuringOf(loaded.config, restriction);
    const whole = { complete: true, measuring, inputs: tallies!.list() };
    await writePartial(options.partial, whole, pipeline.state, { outcome, messages });
  }
  return await conclude(pipeline.ledger, outcome, seconds, invocation);
}
