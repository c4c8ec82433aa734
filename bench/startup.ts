import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../lib/generate/index.ts';
import { program } from '../test/helpers/program.ts';
import { folder } from './log.ts';
import { median } from './measure.ts';

const ROUNDS = 15;

export interface StartUp {
  /** Milliseconds of `node -e 0`. */
  readonly node: number;
  /** How many times that `mirrormon --version` takes, and a log of ten lines. */
  readonly version: number;
  readonly tenLines: number;
}

/** Milliseconds of a Node process from its start to its end. */
function timed(args: readonly string[]): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    child.on('error', reject).on('exit', (status) => {
      if (status === 0) resolve(performance.now() - started);
      else reject(new Error(`${args.join(' ')} ended with ${status}`));
    });
  });
}

/** What starting costs, as medians of the ratios of neighbours, since the machine is not equally fast all the time. */
export async function measureStartUp(): Promise<StartUp> {
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'ten-lines.log');
  writeFileSync(log, Buffer.concat([...generate({ kind: 'operator', records: 10, seed: 1 })]));
  const rounds: { node: number; version: number; tenLines: number }[] = [];
  for (let k = 0; k < ROUNDS; k++) {
    const node = await timed(['-e', '0']);
    const version = (await timed([program, '--version'])) / node;
    rounds.push({ node, version, tenLines: (await timed([program, log, '-o', 'json', '-q'])) / node });
  }
  const middle = (of: 'node' | 'version' | 'tenLines') => median(rounds.map((round) => round[of]));
  return { node: middle('node'), version: middle('version'), tenLines: middle('tenLines') };
}
