import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { machine } from '../lib/commands/bench/machine.ts';
import { freePort } from '../test/helpers/free-port.ts';
import { program } from '../test/helpers/program.ts';
import { type Dimension, dimensions, distinctLog, RECORDS_OF_A_SESSION } from './distinct-log.ts';
import { measure, node } from './measure.ts';
import { peakKibibytes } from './resident.ts';

const VALUES = 300_000;
/** What lib promises, bytes. */
const PROMISED = 256 * 2 ** 20;
const SCRAPE_EVERY_MS = 1000;
const MIB = 2 ** 20;

interface Peak {
  readonly seconds: number;
  readonly peakBytes: number;
}

type Way = (log: string, values: number) => Promise<Peak>;

const ways: Readonly<Record<string, Way>> = {
  endpoint: scraped,
  json: (log) => measure(node(program, [log, '-q', '-o', 'json'])),
  summary: (log) => measure(node(program, [log, '-q', '-o', 'summary'])),
};

/**
 * What 300,000 distinct users, targets, ports or sessions take at the endpoint, as events and as the summary. Gives the
 * exit status: 1 if a peak is above what is promised.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values: options } = parseArgs({
    args: [...args],
    options: {
      values: { type: 'string', default: String(VALUES) },
      of: { type: 'string', multiple: true, default: [...dimensions] },
      way: { type: 'string', multiple: true, default: Object.keys(ways) },
    },
  });
  let status = 0;
  const values = Number(options.values);
  console.log(`${values} distinct values; peak MiB (seconds), at most ${PROMISED / MIB}; ${machine()}`);
  for (const dimension of options.of) {
    const log = distinctLog(dimension as Dimension, values);
    const cells: string[] = [];
    for (const way of options.way) {
      const { seconds, peakBytes } = await ways[way]!(log, values);
      if (peakBytes > PROMISED) status = 1;
      cells.push(`${way} ${(peakBytes / MIB).toFixed(0)} (${seconds.toFixed(1)} s)`);
    }
    console.log(`  ${dimension.padEnd(9)} ${cells.join('   ')}`);
  }
  return status;
}

/** Through a pipe, scraped every second and once behind the last record. */
async function scraped(log: string, values: number): Promise<Peak> {
  const address = `127.0.0.1:${await freePort()}`;
  const started = performance.now();
  const child = spawn(process.execPath, [program, '-', '-q', '-o', 'none', '--metrics-addr', address], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    // the pipe stays open, so that the last record can be scraped
    createReadStream(log, { highWaterMark: MIB }).pipe(child.stdin, { end: false });
    while ((await recordsRead(address, child)) < values * RECORDS_OF_A_SESSION) await sleep(SCRAPE_EVERY_MS);
    const seconds = (performance.now() - started) / 1000;
    return { seconds, peakBytes: peakKibibytes(child.pid!)! * 1024 };
  } finally {
    child.stdin.end();
    await ended;
  }
}

async function recordsRead(address: string, { exitCode }: ChildProcess): Promise<number> {
  if (exitCode !== null) throw new Error(`mirrormon ended with ${exitCode}`);
  // on a machine in use a quarter of a gigabyte may take longer than a scrape usually has
  const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '60' };
  const response = await fetch(`http://${address}/metrics`, { headers }).catch(() => undefined);
  if (response?.body == null) return 0;
  const exposition = await text(response.body);
  const [, records] = /^mirrormon_records_read_total (\d+)$/m.exec(exposition) ?? [];
  return Number(records ?? 0);
}
