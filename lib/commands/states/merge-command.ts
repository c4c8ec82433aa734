import { type LoadedConfig, loadConfig } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import type { Config } from '../../config.ts';
import { MirrormonError } from '../../errors.ts';
import { checkOrder } from '../../handlers/stdout/order.ts';
import { openPipeline, type Pipeline } from '../../pipeline.ts';
import type { TalliedInput } from '../../state/input-tally.ts';
import { differences, measuringOf } from '../../state/measuring.ts';
import { Mergeable } from '../../state/mergeable.ts';
import { USAGE } from '../../state/run-state.ts';
import { checkWritable, readState, type StateFile, understood } from '../../state/state-file.ts';
import { thousands } from '../../text/thousands.ts';
import { conclude } from '../conclusion.ts';
import { drive } from '../drive.ts';
import { Ending } from '../ending.ts';
import type { RunOptions } from '../invocation.ts';
import type { Io } from '../io.ts';
import { terminalOf } from '../look.ts';
import { outputsOf, refuseUnsafeOutputs } from '../safety/safe-outputs.ts';
import { Messages } from '../standard-error.ts';
import { writePartial } from './partial.ts';

export interface MergeOptions extends Omit<RunOptions, 'settings'> {
  readonly output?: string | undefined;
  /** File for the page. */
  readonly report?: string | undefined;
  /** How many partials there must be. */
  readonly expect?: number | undefined;
}

/**
 * One run's output of many runs' partials, which are read one after the other.
 * @returns the exit status
 */
export async function merge(paths: readonly string[], options: MergeOptions, io: Io): Promise<number> {
  const messages = new Messages(io, options.quiet ?? false);
  const loaded = await loadConfig({
    files: [...options.config],
    env: io.env,
    options: {
      output: options.output,
      report: options.report,
      stdoutIsTerminal: io.stdout.isTTY === true,
    },
  });
  for (const problem of loaded.warnings) messages.warn(formatProblem(problem));
  for (const problem of loaded.errors) messages.error(formatProblem(problem));
  if (loaded.errors.length > 0) return 2;
  expectAll(paths, options.expect);
  const onStdout = loaded.config.handlers.filter(({ type }) => type === 'stdout');
  const order = { sort: options.sort, top: options.top };
  const formats = onStdout.map(({ format }) => format);
  checkOrder(order, formats);
  await refuseUnsafeOutputs(
    outputsOf(options, loaded.config.handlers),
    { files: paths, config: options.config, io, writesStdout: onStdout.length > 0 },
    options.force ?? false,
  );
  if (options.partial !== undefined) await checkWritable(options.partial);
  const started = performance.now();
  const first = await readState(paths[0]!);
  const pipeline = openPipeline(configOf(first, loaded, options), {
    stdout: { stream: io.stdout, terminal: terminalOf(io, options), order },
    measure: 'always',
    usage: true,
    workers: 0,
    warn: (message) => messages.warn(message),
    note: (message) => messages.note(message),
    tell: (message) => messages.tell(message),
  });
  const ending = new Ending(pipeline, io);
  let merged: Merged;
  try {
    await pipeline.ready;
    merged = await mergeAll(first, paths.slice(1), pipeline, messages);
  } catch (error) {
    ending.close();
    await pipeline.close().catch(() => {});
    throw error;
  }
  const outcome = await drive(pipeline, ending, messages, { open: async () => nothing() });
  if (options.partial !== undefined) {
    const whole = { ...merged, measuring: first.about.measuring };
    await writePartial(options.partial, whole, pipeline.state, { outcome, messages });
  }
  const seconds = (performance.now() - started) / 1000;
  const invocation = { options: { ...options, settings: {} }, io, messages };
  return conclude(pipeline.ledger, outcome, seconds, invocation, ({ read: { records }, series }) => {
    const count = `${thousands(paths.length)} partial${paths.length === 1 ? '' : 's'}`;
    return `mirrormon: ${count} merged, of ${thousands(records)} records; ${thousands(series)} series\n`;
  });
}

interface Merged {
  readonly inputs: readonly TalliedInput[];
  /** Whether all are of runs that ended well. */
  readonly complete: boolean;
}

async function mergeAll(
  first: StateFile,
  others: readonly string[],
  { state }: Pipeline,
  messages: Messages,
): Promise<Merged> {
  const mergeable = new Mergeable();
  const inputs: TalliedInput[] = [];
  let complete = true;
  const add = (partial: StateFile): void => {
    const { path, about, sections } = partial;
    mergeable.admit(partial);
    if (!sections.has(USAGE)) {
      throw new MirrormonError('STATE_UNUSABLE', 'it does not say who used what', {
        where: path,
        hint: 'it is of an older mirrormon: write it again with this one',
      });
    }
    understood(path, () => state.mergeSections(sections, false));
    inputs.push(...about.inputs);
    complete &&= about.complete;
    if (about.complete) return;
    messages.warn(
      `${path}: the run that wrote it failed or was told to end, so something of its inputs may be missing`,
    );
  };
  add(first);
  for (const path of others) add(await readState(path));
  return { inputs, complete };
}

/** Without -c the configuration is that of the partials; with it, it must be. */
function configOf({ path, about }: StateFile, { config }: LoadedConfig, options: MergeOptions): Config {
  const { seed, metrics, input, restriction } = about.measuring;
  if (options.config.length > 0) {
    const names = differences(about.measuring, measuringOf(config, restriction));
    if (names.length > 0) {
      throw new MirrormonError('STATE_UNUSABLE', `it is of another configuration: ${names.join(', ')}`, {
        where: path,
        hint: 'leave out -c, or give the files that it was written with',
      });
    }
  }
  // of one report everything is new
  const report = config.metrics.report === 'changed' ? 'all' : config.metrics.report;
  return { ...config, seed, input, metrics: { ...config.metrics, ...metrics, report } };
}

function expectAll(paths: readonly string[], expected: number | undefined): void {
  if (expected === undefined || paths.length === expected) return;
  throw new MirrormonError('USAGE', `${expected} partials are expected, and ${paths.length} are here`, {
    hint: paths.length < expected ? 'find those that are missing, or run them again' : undefined,
  });
}

async function* nothing(): AsyncGenerator<never> {}
