import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { peakKibibytes } from './resident.ts';

export { median } from '../lib/commands/bench/median.ts';

const peak = fileURLToPath(new URL('./peak.js', import.meta.url));

/** How often the memory of a program that cannot tell it is looked at. Milliseconds. */
const LOOK_EVERY = 20;

/** A program to run to its end. */
export interface Command {
  readonly argv: readonly string[];
  /** What writes its standard input, through a pipe of the shell. */
  readonly from?: readonly string[] | undefined;
  /** File for standard output; undefined = nobody wants it. */
  readonly stdout?: string | undefined;
  /** Tells its peak memory on descriptor 3; others are looked at while they run. */
  readonly tells?: boolean | undefined;
}

export interface Run {
  /** Of the whole process, start-up included. */
  readonly seconds: number;
  /** Of the largest process; NaN where that cannot be known. */
  readonly peakBytes: number;
}

/** A program on this Node that tells its peak memory. */
export function node(program: string, args: readonly string[]): Pick<Command, 'argv' | 'tells'> {
  return { argv: [process.execPath, '--import', `file://${peak}`, program, ...args], tells: true };
}

/** Runs a program to its end; anything but status 0 is an error. */
export async function measure({ argv, from, stdout, tells = false }: Command): Promise<Run> {
  const sink = openSync(stdout ?? devNull, 'w');
  const [file = '', ...args] = from === undefined ? argv : piped(from, argv);
  try {
    const started = performance.now();
    const child = spawn(file, args, { stdio: ['ignore', sink, 'pipe', 'pipe'] });
    const looked = tells ? undefined : watchMemory(child);
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('exit', resolve);
    });
    const told = Promise.all([text(child.stderr!), text(child.stdio[3] as NodeJS.ReadableStream)]);
    const status = await ended.finally(() => looked?.stop());
    const seconds = (performance.now() - started) / 1000;
    const [errors, kibibytes] = await told;
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}\n${errors}`);
    return { seconds, peakBytes: (looked?.kibibytes() ?? Number(kibibytes)) * 1024 };
  } finally {
    closeSync(sink);
  }
}

/** The shell only joins the two; the words are its arguments, so nothing in them is read as syntax. */
function piped(from: readonly string[], argv: readonly string[]): string[] {
  const words = (first: number, count: number) =>
    Array.from({ length: count }, (_, k) => `"\${${first + k}}"`).join(' ');
  const script = `${words(1, from.length)} | ${words(1 + from.length, argv.length)}`;
  return ['sh', '-c', script, 'sh', ...from, ...argv];
}

/** Looks at the peak memory of a process and those that it started. */
function watchMemory(child: ChildProcess): { stop(): void; kibibytes(): number } {
  let most = Number.NaN;
  const look = (pid: number): void => {
    const mark = peakKibibytes(pid);
    if (mark !== undefined && !(mark <= most)) most = mark;
    try {
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
      for (const one of children === '' ? [] : children.split(' ')) look(Number(one));
    } catch {
      // it has ended, or this is not Linux
    }
  };
  const timer = setInterval(() => child.pid !== undefined && look(child.pid), LOOK_EVERY);
  return { stop: () => clearInterval(timer), kibibytes: () => most };
}
