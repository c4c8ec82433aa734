import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { assertValid } from '../config/problem.ts';
import type { Config } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import { generate } from '../generate/index.ts';
import { thousands } from '../text/thousands.ts';
import { naivePassage, openSilent, ownPassage, type Passage, reading } from './bench/beside.ts';
import { machine } from './bench/machine.ts';
import { median } from './bench/median.ts';
import { type Profile, profile, stages } from './bench/profile.ts';
import { formatBytes } from './closing-line.ts';
import type { Io } from './io.ts';

/** Of a generated log: some 50 MB. */
const RECORDS = 140_000;

export interface BenchOptions {
  /** Pairs of passages. */
  readonly runs: number;
  /** Of standard output: json, logs or none. */
  readonly output: string;
  /** As one line of JSON. */
  readonly json?: boolean | undefined;
  /** How many times as fast as the naive pipeline it must be, or the status is 1. */
  readonly minRatio?: string | undefined;
}

/**
 * Tells how fast this machine is: mirrormon beside a naive pipeline on the same files, and where mirrormon's time goes.
 * @param files to read, several times; none = a log is generated for it
 * @returns the exit status
 */
export async function bench(files: readonly string[], options: BenchOptions, io: Io): Promise<number> {
  if (files.includes('-')) {
    throw new MirrormonError('USAGE', 'standard input can be read only once, a bench reads several times', {
      hint: 'name a file',
    });
  }
  const least = leastRatio(options);
  const config = await configOf(options);
  const folder = files.length === 0 ? await mkdtemp(join(tmpdir(), 'mirrormon-bench-')) : undefined;
  try {
    const measured = folder === undefined ? files : [await generatedLog(folder)];
    const what = folder === undefined ? files.join(' ') : 'a generated log';
    const now = () => performance.now();
    const pairs: Pair[] = [];
    for (let k = 0; k < options.runs; k++) {
      pairs.push({ naive: await naivePassage(measured, now), own: await ownPassage(measured, config, now) });
    }
    if (!options.json) io.stdout.write(`${besideText(what, pairs)}\n`);
    const profiled = await profile(openSilent(config, { workers: 0 }), reading(measured), now);
    io.stdout.write(options.json ? `${jsonOf(what, pairs, profiled)}\n` : `\n${profileText(profiled)}\n`);
    return judged(ratioOf(pairs), least, io);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true });
  }
}

function leastRatio({ minRatio }: BenchOptions): number | undefined {
  if (minRatio === undefined) return undefined;
  const least = Number(minRatio);
  if (minRatio.trim() !== '' && Number.isFinite(least) && least > 0) return least;
  throw new MirrormonError('USAGE', `--min-ratio takes a number above 0, such as 2.5, not '${minRatio}'`);
}

/** The exit status: 1 where it is slower than asked for, or nobody can tell. */
function judged(ratio: number | undefined, least: number | undefined, { stderr }: Io): number {
  if (least === undefined || (ratio !== undefined && ratio >= least)) return 0;
  const found = ratio === undefined ? 'there is nothing to compare with' : `the ratio is ${ratio.toFixed(2)}`;
  stderr.write(`mirrormon: ${found}, and --min-ratio asks for at least ${least}\n`);
  return 1;
}

/** How many times as fast as the naive pipeline; undefined where that read nothing. */
function ratioOf(pairs: readonly Pair[]): number | undefined {
  if (pairs[0]!.naive.records === 0) return undefined;
  return median(pairs.map(({ naive, own }) => naive.seconds / own.seconds));
}

/** Seconds are medians, rates decimal megabytes, `stages` microseconds per record. */
function jsonOf(what: string, pairs: readonly Pair[], { micros }: Profile): string {
  const { bytes, records } = pairs[0]!.own;
  const passage = (passages: readonly Passage[]): object => {
    const seconds = median(passages.map((one) => one.seconds));
    return { seconds, megabytesPerSecond: bytes / seconds / 1e6 };
  };
  return JSON.stringify({
    input: what,
    bytes,
    records,
    runs: pairs.length,
    machine: machine(),
    mirrormon: passage(pairs.map(({ own }) => own)),
    naive: pairs[0]!.naive.records === 0 ? null : passage(pairs.map(({ naive }) => naive)),
    ratio: ratioOf(pairs) ?? null,
    stages: micros,
  });
}

interface Pair {
  readonly naive: Passage;
  readonly own: Passage;
}

/** The defaults; the environment's settings are those of a deployment, which a bench must not disturb. */
async function configOf({ output }: BenchOptions): Promise<Config> {
  const loaded = await loadConfig({ files: [], env: {}, options: { output, stdoutIsTerminal: false } });
  assertValid(loaded);
  return loaded.config;
}

async function generatedLog(folder: string): Promise<string> {
  const path = join(folder, 'operator.log');
  const file = await open(path, 'w');
  try {
    for (const chunk of generate({ kind: 'operator', records: RECORDS, seed: 1 }))
      await file.writeFile(chunk);
  } finally {
    await file.close();
  }
  return path;
}

function besideText(what: string, pairs: readonly Pair[]): string {
  const { own } = pairs[0]!;
  const lines = [
    `${what}: ${formatBytes(own.bytes)}, ${thousands(own.records)} records; medians of ${pairs.length} in turn`,
    `machine: ${machine()}`,
    '',
    passageText(
      'mirrormon',
      pairs.map((pair) => pair.own),
    ),
  ];
  const ratio = ratioOf(pairs);
  if (ratio === undefined) {
    lines.push('naive pipeline: found no log record in JSON lines, so there is nothing to compare with');
    return lines.join('\n');
  }
  return [
    ...lines,
    passageText(
      'naive pipeline',
      pairs.map((pair) => pair.naive),
    ),
    `ratio            ${ratio.toFixed(2)} times as fast as split2, JSON.parse and a Map of the same series`,
  ].join('\n');
}

function passageText(name: string, passages: readonly Passage[]): string {
  const seconds = median(passages.map((passage) => passage.seconds));
  const rate = passages[0]!.bytes / seconds / 1e6;
  return `${name.padEnd(16)} ${rate.toFixed(1)} MB/s (${seconds.toFixed(3)} s)`;
}

function profileText({ micros }: Profile): string {
  const sum = stages.reduce((total, stage) => total + micros[stage], 0);
  const rows = stages.map((stage) => {
    const share = (100 * micros[stage]) / sum;
    return `${stage.padEnd(16)} ${micros[stage].toFixed(4)} us   ${share.toFixed(1).padStart(5)} %`;
  });
  return [
    'where the time goes, microseconds per record, one stage after the other on one thread:',
    ...rows,
    `${'sum'.padEnd(16)} ${sum.toFixed(4)} us`,
  ].join('\n');
}
