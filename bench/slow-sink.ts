import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from '../lib/generate/index.ts';

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A pipe of this many bytes at the speed of a slow sink must not need more memory than this. */
const PEAK_LIMIT = 200 * 2 ** 20;

/** A gigabyte through a pipe into a handler that takes 10 ms a batch: how long the source had to wait, and the peak memory. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { quick: { type: 'boolean', default: false } } });
  const bytes = values.quick ? 20e6 : 1e9;
  const child = spawn(
    process.execPath,
    ['--import', `file://${beside('./peak.js')}`, beside('./slow-sink-child.js')],
    {
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    },
  );
  const told = Promise.all([text(child.stdout!), text(child.stdio[3] as NodeJS.ReadableStream)]);
  const started = performance.now();
  let written = 0;
  let waited = 0;
  let waits = 0;
  for (const chunk of generate({ kind: 'operator', records: Number.MAX_SAFE_INTEGER, seed: 1 })) {
    written += chunk.length;
    if (!child.stdin!.write(chunk)) {
      const since = performance.now();
      await once(child.stdin!, 'drain');
      waited += performance.now() - since;
      waits++;
    }
    if (written >= bytes) break;
  }
  child.stdin!.end();
  const [status] = await once(child, 'close');
  const [result, kibibytes] = await told;
  const peak = Number(kibibytes) * 1024;
  const seconds = (performance.now() - started) / 1000;
  const { read, queues } = JSON.parse(result);
  console.log(
    `slow sink: ${(written / 1e6).toFixed(0)} MB through a pipe, 10 ms a batch, ${seconds.toFixed(1)} s`,
  );
  console.log(`the source waited ${waits} times, ${(waited / 1000).toFixed(1)} s in all`);
  console.log(
    `peak ${(peak / 2 ** 20).toFixed(0)} MiB (limit ${PEAK_LIMIT / 2 ** 20}); queues ${JSON.stringify(queues)}`,
  );
  const sound = status === 0 && peak <= PEAK_LIMIT && read.bytes === written && waited > 0;
  if (!sound) console.log(`failed: status ${status}, ${read.bytes} of ${written} bytes read`);
  return sound ? 0 : 1;
}
