import { excerptOf } from '../config/excerpt.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { printConfig } from '../config/print.ts';
import { formatProblem, type Problem } from '../config/problem.ts';
import { MirrormonError } from '../errors.ts';
import { printable } from '../text/printable.ts';
import { adviceOn } from './check/advice.ts';
import type { Io } from './io.ts';

export interface CheckOptions {
  /** Warnings count as errors. */
  readonly strict?: boolean | undefined;
  /** Print what a valid file comes to, defaults and environment included, as YAML. */
  readonly print?: boolean | undefined;
  /** Logs whose records its filters are tried on. */
  readonly against?: readonly string[] | undefined;
}

export interface CheckIo extends Partial<Pick<Io, 'stdin'>> {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
}

/**
 * Validates each file by itself: every problem on standard error, as compilers tell it, with its line and a caret;
 * `NAME: valid` for the others on standard output. What is valid, and yet hardly what was meant, is a warning.
 * Gives the exit status, 0 or 2.
 */
export async function check(files: readonly string[], options: CheckOptions, io: CheckIo): Promise<number> {
  if (files.length === 0) throw new MirrormonError('USAGE', 'no file to check', { hint: 'name one or more' });
  // The environment is the same for all files, so its problems are told once.
  const told = new Set<string>();
  let printed = 0;
  let status = 0;
  for (const file of files) {
    const loaded = await load(file, io);
    const advice = loaded === undefined ? [] : await furtherWarnings(loaded, options, io);
    const problems = [...(loaded?.errors ?? []), ...(loaded?.warnings ?? []), ...advice];
    for (const problem of problems) tell(problem, loaded!, options, told, io);
    if (loaded === undefined || isInvalid(problems, options)) {
      status = 2;
      continue;
    }
    if (options.print && printed++ > 0) io.stdout.write('---\n');
    io.stdout.write(`${options.print ? '# ' : ''}${file}: valid\n`);
    if (options.print) io.stdout.write(await printConfig(loaded));
  }
  return status;
}

function isInvalid(problems: readonly Problem[], { strict }: CheckOptions): boolean {
  return problems.some(({ severity }) => severity === 'error' || strict === true);
}

/** What an effective configuration is likely not to do; of one that has errors, nobody knows what was meant. */
async function furtherWarnings(
  loaded: LoadedConfig,
  { against = [] }: CheckOptions,
  { stdin }: CheckIo,
): Promise<Problem[]> {
  if (loaded.errors.length > 0) return [];
  const advice = adviceOn(loaded);
  if (against.length === 0) return advice;
  const { triedAgainst } = await import('./check/against.ts');
  return [...advice, ...(await triedAgainst(loaded, against, stdin))];
}

async function load(file: string, io: CheckIo): Promise<LoadedConfig | undefined> {
  try {
    return await loadConfig({ files: [file], env: io.env, options: {}, readFile: io.readFile });
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
    io.stderr.write(`error: ${printable(error.describe())}\n`);
    return undefined;
  }
}

function tell(
  problem: Problem,
  { texts }: LoadedConfig,
  { strict }: CheckOptions,
  told: Set<string>,
  io: CheckIo,
): void {
  const severity = strict ? 'error' : problem.severity;
  const line = `${severity}: ${printable(formatProblem(problem))}\n`;
  if (told.has(line)) return;
  told.add(line);
  const excerpt = excerptOf(problem, texts);
  io.stderr.write(excerpt === undefined ? line : `${line}${excerpt}\n`);
}
