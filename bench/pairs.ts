import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../lib/generate/index.ts';
import { folder } from './log.ts';
import { measure, median, type Run } from './measure.ts';
import { logOf, naive, outputsOf, type Program, resultDifferences, type Workload } from './workloads.ts';

/** Small enough for every sample to hold all values, so that all sums can be compared. */
const CHECKED_RECORDS = 8000;

const TOLD_DIFFERENCES = 10;

export interface Task {
  readonly workload: Workload;
  readonly layout: Layout;
  readonly records: number;
}

/** What is told of a program. */
export type Named = Pick<Program, 'name' | 'version' | 'note'>;

/** What a program needed for a task, beside the naive pipeline that ran right before it each time. */
export interface Measured extends Task {
  readonly program: Named;
  /** Of the uncompressed log. */
  readonly bytes: number;
  readonly seconds: number;
  /** Time of the naive pipeline over that of this one; 1 for itself. */
  readonly ratio: number;
  readonly peakBytes: number;
  readonly pairs: number;
}

/** A program whose result is not the naive pipeline's: it is reported, and not timed. */
export interface Differing extends Task {
  readonly program: Named;
  /** The first of them. */
  readonly differences: readonly string[];
}

export type Outcome = Measured | Differing;

export const isMeasured = (outcome: Outcome): outcome is Measured => 'seconds' in outcome;

const read = (file: string): string => readFileSync(file, 'utf8');
const outputFile = (program: Program, workload: Workload): string =>
  join(folder, `output-${program.name.replaceAll(/\W+/g, '-')}-${workload}`);

async function runOnce(program: Program, workload: Workload, log: string): Promise<Run> {
  const output = outputFile(program, workload);
  // what an earlier run left must not pass for a result; and writing over it costs more than writing anew
  for (const file of outputsOf(workload, output)) rmSync(file, { force: true });
  return await measure(program.command(workload, log, output)!);
}

async function compare(program: Program, workload: Workload): Promise<string[]> {
  const outputs = { expected: outputFile(naive, workload), actual: outputFile(program, workload) };
  const missing = outputsOf(workload, outputs.actual).filter((file) => !existsSync(file));
  if (missing.length > 0) return missing.map((file) => `${file}: not written`);
  return await resultDifferences(workload, program, outputs, read);
}

/** Whether a program has anything to do with a task. */
export function canDo(program: Program, { workload, layout }: Task): boolean {
  if (program.plainOnly && layout !== 'plain') return false;
  return program.command(workload, 'log', join(folder, 'unused')) !== undefined;
}

/**
 * Programs at one task, each in turn right after the naive pipeline, `pairs` times; the first outcome is the naive
 * pipeline's own. Results are compared twice before times count: on a small log of another seed, and on the log itself.
 */
export async function runPairs(task: Task, programs: readonly Program[], pairs: number): Promise<Outcome[]> {
  const { workload, layout, records } = task;
  const small = await logOf(workload, CHECKED_RECORDS, 2, layout);
  const log = await logOf(workload, records, 1, layout);
  const bytes = statSync(log.replace(/\.gz$/, '')).size;
  const outcomes: Outcome[] = [];
  const baseline: Run[] = [];
  for (const program of programs.filter((program) => canDo(program, task))) {
    await runOnce(naive, workload, small);
    await runOnce(program, workload, small);
    let differences = await compare(program, workload);
    const runs: { naive: Run; own: Run }[] = [];
    for (let k = 0; k < pairs && differences.length === 0; k++) {
      runs.push({ naive: await runOnce(naive, workload, log), own: await runOnce(program, workload, log) });
      if (k === 0) differences = await compare(program, workload);
    }
    if (differences.length > 0) {
      outcomes.push({ ...task, program, differences: differences.slice(0, TOLD_DIFFERENCES) });
      continue;
    }
    baseline.push(...runs.map((run) => run.naive));
    const ratio = median(runs.map((run) => run.naive.seconds / run.own.seconds));
    outcomes.push({ ...task, program, bytes, ratio, pairs, ...summary(runs.map(({ own }) => own)) });
  }
  if (baseline.length === 0) return outcomes;
  const itself = { ...task, program: naive, bytes, ratio: 1, pairs: baseline.length, ...summary(baseline) };
  return [itself, ...outcomes];
}

function summary(runs: readonly Run[]): { seconds: number; peakBytes: number } {
  return {
    seconds: median(runs.map((run) => run.seconds)),
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
  };
}
