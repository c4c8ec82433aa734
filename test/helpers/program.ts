import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { root } from './root.ts';

const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly bin: { readonly mirrormon: string };
};

/** The program as it is installed. */
export const program = join(root, bin.mirrormon);

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array | Readable;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

/** Starts the program with an environment of its own: what the machine has set must not leak into a test. */
export function start(args: readonly string[], { env = {}, cwd }: RunOptions = {}): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // a program that does not read all of its input closes it early, which is its right
  child.stdin.on('error', () => {});
  return child;
}

/** Runs the program to its end. */
export async function mirrormon(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = start(args, options);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text) => {
      output[name] += text;
    });
  }
  const { stdin = '' } = options;
  if (typeof stdin === 'string' || stdin instanceof Uint8Array) child.stdin?.end(stdin);
  else stdin.pipe(child.stdin!);
  const [status] = await once(child, 'close');
  return { status, ...output };
}
