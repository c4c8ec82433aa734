import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const peak = fileURLToPath(new URL('./peak.js', import.meta.url));

export interface Run {
  /** Of the whole process, start-up included. */
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Runs a program on this Node to its end, standard output into a file. */
export async function measure(program: string, args: readonly string[], output: string): Promise<Run> {
  const sink = openSync(output, 'w');
  try {
    const started = performance.now();
    const child = spawn(process.execPath, ['--import', `file://${peak}`, program, ...args], {
      stdio: ['ignore', sink, 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('exit', resolve);
    });
    const told = Promise.all([text(child.stderr!), text(child.stdio[3] as NodeJS.ReadableStream)]);
    const status = await ended;
    const seconds = (performance.now() - started) / 1000;
    const [errors, kibibytes] = await told;
    if (status !== 0) throw new Error(`${program} ended with ${status}\n${errors}`);
    return { seconds, peakBytes: Number(kibibytes) * 1024 };
  } finally {
    closeSync(sink);
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
