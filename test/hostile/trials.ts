/** Tries some of the hostile inputs: a process of inputs.test.ts. usage: trials.js FIRST COUNT */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { readInputs } from '../../lib/inputs/sources.ts';
import { closeSinks, folder, runThroughEverySink, type Trial } from './every-sink.ts';
import { hostileInput } from './inputs.ts';

export interface Told {
  readonly faults: readonly string[];
  readonly records: number;
  readonly rejected: number;
  readonly longest: { readonly ms: number; readonly what: string };
  /** Resident at most. MiB. */
  readonly rss: number;
}

/** As a file, in chunks of so many bytes. */
export async function runInput(
  number: number,
  bytes: Buffer,
  chunkBytes = 1 << 18,
  workers = 0,
): Promise<Trial> {
  const path = join(folder, 'input');
  await writeFile(path, bytes);
  const options = { stdin: Readable.from([]), chunkBytes, onError: () => {} };
  return runThroughEverySink(number, readInputs([path], options), workers);
}

async function tell(first: number, count: number): Promise<Told> {
  const wrong: string[] = [];
  let [records, rejected] = [0, 0];
  let longest = { ms: 0, what: '' };
  for (let number = first; number < first + count; number++) {
    const { what, bytes } = hostileInput(number);
    const chunkBytes = [1 << 18, 4_096, 64 * 1024 + 1][number % 3]!;
    const { faults, ledger, ms } = await runInput(number, bytes, chunkBytes, number % 10 === 0 ? 1 : 0);
    for (const fault of faults) wrong.push(`input ${number} (${what}): ${fault}`);
    records += ledger.read.records;
    rejected += ledger.rejectedTotal;
    if (ms > longest.ms) longest = { ms, what };
  }
  return { faults: wrong, records, rejected, longest, rss: process.resourceUsage().maxRSS / 1024 };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first, count] = process.argv.slice(2).map(Number);
  const told = await tell(first!, count!);
  await closeSinks();
  process.send?.(told, () => process.disconnect());
}
