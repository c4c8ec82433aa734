import { writeFile } from 'node:fs/promises';
import { type ConfigSources, loadConfig } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { describeError, MirrormonError, systemReason } from '../errors.ts';
import { OutputClosed } from '../handler.ts';
import type { FramingName } from '../inputs/framings/index.ts';
import { merge } from '../inputs/merge.ts';
import { readInputs } from '../inputs/sources.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { closingLine } from './closing-line.ts';
import type { Io } from './io.ts';
import { Progress } from './progress.ts';
import { type OpenScrapes, scraping } from './scraping.ts';

/** What is read may take this long to be flushed after a signal. Milliseconds. */
const FLUSH_MS = 25_000;
/** Bytes from which on parse workers are worth their start. */
export const LARGE_INPUT = 32 << 20;

export interface RunOptions {
  readonly config: readonly string[];
  readonly settings: ConfigSources['options'];
  readonly inputFormat?: FramingName | undefined;
  readonly records?: string | undefined;
  /** URLs of Prometheus endpoints. */
  readonly scrape?: readonly string[] | undefined;
  readonly deadLetters?: string | undefined;
  readonly ledger?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly progress?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  /** Threads that parse; where said, for inputs of any size. */
  readonly workers?: number | undefined;
  readonly color?: boolean | undefined;
}

/**
 * The default command: inputs through the pipeline to the handlers.
 * @returns the exit status
 */
export async function run(files: readonly string[], options: RunOptions, io: Io): Promise<number> {
  const messages = new Messages(io, options.quiet ?? false);
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
  const openScrapes = await scraping(options.scrape ?? [], loaded.config, (message) =>
    messages.warn(message),
  );
  const started = performance.now();
  const pipeline = openPipeline(loaded.config, {
    stdout: { stream: io.stdout, terminal: terminalOf(io, options) },
    inputFormat: options.inputFormat,
    records: options.records,
    deadLetters: options.deadLetters,
    live: openScrapes !== undefined,
    // for comparison only, so no option: the figures are the same
    referenceParser: io.env.MIRRORMON_PARSER === 'reference',
    workers: options.workers,
    warn: (message) => messages.warn(message),
  });
  try {
    await pipeline.ready;
  } catch (error) {
    await pipeline.close().catch(() => {});
    throw error;
  }
  const outcome = await flow(pipeline, files, openScrapes, options, io, messages);
  const seconds = (performance.now() - started) / 1000;
  return await conclude(pipeline, outcome, seconds, options, io, messages);
}

interface Outcome {
  /** An input or a handler failed. */
  failed: boolean;
  signal: 'SIGINT' | 'SIGTERM' | undefined;
  /** Standard output was the only handler, and its reader has gone: it has what it wanted. */
  outputClosed: boolean;
}

/** Reads everything, or as much as there is until a signal, and lets the handlers write it. */
async function flow(
  pipeline: Pipeline,
  files: readonly string[],
  openScrapes: OpenScrapes | undefined,
  options: RunOptions,
  io: Io,
  messages: Messages,
): Promise<Outcome> {
  const outcome: Outcome = { failed: false, signal: undefined, outputClosed: false };
  const stop = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const deaf = io.onSignal((signal) => {
    outcome.signal ??= signal;
    stop.abort();
    deadline ??= setTimeout(() => pipeline.breakOff(), FLUSH_MS).unref();
  });
  const progress = wantsProgress(files, options, io)
    ? new Progress(io.stderr, pipeline.ledger, () => performance.now())
    : undefined;
  messages.beforeEach = () => progress?.clear();
  const fail = (error: unknown): void => {
    if (error instanceof OutputClosed) {
      outcome.outputClosed = true;
      return;
    }
    outcome.failed = true;
    messages.error(describeError(error));
  };
  // a pipeline that breaks while the source is silent must not wait for its next byte
  pipeline.stream.once('error', () => stop.abort());
  try {
    const inputs = readInputs(files, {
      stdin: io.stdin,
      signal: stop.signal,
      onError: fail,
      onProgress: (file) => progress?.reading(file),
      // what is merged with others must come piece by piece
      largeFrom: openScrapes === undefined ? (options.workers === undefined ? LARGE_INPUT : 1) : undefined,
    });
    const scrapes = openScrapes?.(stop.signal, pipeline.ledger);
    // a terminal where nobody types is no log
    const typed = files.length === 0 && io.stdin.isTTY === true;
    await pipeline.run(scrapes === undefined ? inputs : merge(typed ? scrapes : [inputs, ...scrapes]));
  } catch (error) {
    fail(error);
  }
  await pipeline.close().catch(fail);
  clearTimeout(deadline);
  deaf();
  progress?.stop();
  return outcome;
}

/** The books, the closing line, and what the run's exit status is. */
async function conclude(
  pipeline: Pipeline,
  outcome: Outcome,
  seconds: number,
  options: RunOptions,
  io: Io,
  messages: Messages,
): Promise<number> {
  const { ledger } = pipeline;
  // what a run that broke off had still in its stages is no mismatch of ours
  const mismatches = outcome.failed || outcome.outputClosed ? [] : ledger.mismatches();
  for (const mismatch of mismatches) {
    messages.error(
      new MirrormonError('LEDGER_MISMATCH', mismatch, {
        hint: 'this is a bug of mirrormon, please report it',
      }).describe(),
    );
  }
  if (options.ledger !== undefined) {
    try {
      await writeFile(options.ledger, `${JSON.stringify(ledger.toReport(seconds), undefined, 2)}\n`);
    } catch (error) {
      outcome.failed = true;
      messages.error(`${options.ledger}: cannot write the ledger: ${systemReason(error)}`);
    }
  }
  if (outcome.failed) messages.error(delivered(pipeline));
  if (!options.quiet && !outcome.outputClosed) io.stderr.write(closingLine(ledger, seconds));
  if (outcome.failed || mismatches.length > 0) return 1;
  if (outcome.outputClosed) return 0;
  if (outcome.signal !== undefined) return outcome.signal === 'SIGINT' ? 130 : 143;
  return options.strict && ledger.rejectedTotal + ledger.droppedTotal > 0 ? 3 : 0;
}

/** How much each handler had when the run failed. */
function delivered({ ledger }: Pipeline): string {
  const parts = [...ledger.handlers].map(([name, { records, events }]) => {
    return `${name} ${records.delivered + events.delivered} of ${records.selected + events.selected} selected`;
  });
  return `not everything was done; delivered: ${parts.join(', ') || 'nothing was asked for'}`;
}

function terminalOf(
  io: Io,
  { color }: RunOptions,
): { isTTY: boolean; columns: number | undefined; color: boolean } {
  const isTTY = io.stdout.isTTY === true;
  const noColor = (io.env.NO_COLOR ?? '') !== '';
  return { isTTY, columns: io.stdout.columns || undefined, color: color ?? (isTTY && !noColor) };
}

function wantsProgress(files: readonly string[], { progress, quiet }: RunOptions, io: Io): boolean {
  if (quiet) return false;
  return progress ?? (io.stderr.isTTY === true && files.length > 0 && !files.includes('-'));
}

/** Lines on standard error: errors always, warnings unless quiet, each text once. */
class Messages {
  beforeEach: () => void = () => {};
  private readonly io: Io;
  private readonly quiet: boolean;
  private readonly said = new Set<string>();

  constructor(io: Io, quiet: boolean) {
    this.io = io;
    this.quiet = quiet;
  }

  error(text: string): void {
    this.write(`mirrormon: ${text}\n`);
  }

  warn(text: string): void {
    if (!this.quiet) this.write(`mirrormon: warning: ${text}\n`);
  }

  private write(line: string): void {
    if (this.said.has(line)) return;
    this.said.add(line);
    this.beforeEach();
    this.io.stderr.write(line);
  }
}
