import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { printConfig } from '../config/print.ts';
import { formatProblem, type Problem } from '../config/problem.ts';
import { MirrormonError } from '../errors.ts';

export interface CheckOptions {
  /** Warnings count as errors. */
  readonly strict?: boolean | undefined;
  /** Print what a valid file comes to, defaults and environment included, as YAML. */
  readonly print?: boolean | undefined;
}

export interface CheckIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
}

/**
 * Validates each file by itself: every problem on standard error, `NAME: valid` for the others on standard output.
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
    const problems = [...(loaded?.errors ?? []), ...(loaded?.warnings ?? [])];
    for (const problem of problems) tell(problem, options, told, io);
    if (loaded === undefined || isInvalid(loaded, options)) {
      status = 2;
      continue;
    }
    if (options.print && printed++ > 0) io.stdout.write('---\n');
    io.stdout.write(`${options.print ? '# ' : ''}${file}: valid\n`);
    if (options.print) io.stdout.write(await printConfig(loaded));
  }
  return status;
}

function isInvalid({ errors, warnings }: LoadedConfig, { strict }: CheckOptions): boolean {
  return errors.length > 0 || (strict === true && warnings.length > 0);
}

async function load(file: string, io: CheckIo): Promise<LoadedConfig | undefined> {
  try {
    return await loadConfig({ files: [file], env: io.env, options: {}, readFile: io.readFile });
  } catch (error) {
    if (!(error instanceof MirrormonError)) throw error;
    io.stderr.write(`error: ${error.describe()}\n`);
    return undefined;
  }
}

function tell(problem: Problem, { strict }: CheckOptions, told: Set<string>, io: CheckIo): void {
  const severity = strict ? 'error' : problem.severity;
  const line = `${severity}: ${formatProblem(problem)}\n`;
  if (told.has(line)) return;
  told.add(line);
  io.stderr.write(line);
}
