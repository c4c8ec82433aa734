import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../test/helpers/free-port.ts';
import { peakKibibytes } from '../../resident.ts';
import { collectorConfig } from './config.ts';

/**
 * W1 by the collector, which is no program that ends: `child.js OTELCOL LOG OUTPUT` starts it, waits until it has taken every
 * line, writes what it exposes to OUTPUT, tells the peak of its memory on descriptor 3, and stops it.
 */

const POLL_MS = 25;
/** Without one more record in all this time, it will not get any further. */
const STALLED_MS = 30_000;

const accepted = /^otelcol_receiver_accepted_log_records(?:_total)?\{.*\} (\S+)$/m;

async function scrape(port: number): Promise<string> {
  const request = get({ host: '127.0.0.1', port, path: '/metrics' });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return await text(response);
}

/** Beside the collector, so that no time passes before it starts; the tool takes a hundredth of the collector's time. */
async function countLines(log: string): Promise<number> {
  const child = spawn('wc', ['-l', log], { stdio: ['ignore', 'pipe', 'inherit'] });
  return Number.parseInt(await text(child.stdout), 10);
}

/** The records that went the whole way: nothing in it waits in a queue, and a batch is counted when it is done. */
async function acceptedRecords(telemetry: number): Promise<number> {
  // it does not listen yet
  const exposition = await scrape(telemetry).catch(() => '');
  return Number(accepted.exec(exposition)?.[1] ?? 0);
}

async function allAccepted(collector: ChildProcess, telemetry: number, log: string): Promise<void> {
  const counted = countLines(log);
  let last = { records: 0, at: Date.now() };
  for (;;) {
    const ended = collector.exitCode ?? collector.signalCode;
    if (ended !== null) throw new Error(`it ended with ${ended}`);
    const records = await acceptedRecords(telemetry);
    const lines = await counted;
    if (records === lines) return;
    if (records !== last.records) last = { records, at: Date.now() };
    if (Date.now() - last.at > STALLED_MS) throw new Error(`it stays at ${records} of ${lines} records`);
    await sleep(POLL_MS);
  }
}

async function aggregate(binary: string, log: string, output: string, folder: string): Promise<void> {
  const [metrics, telemetry] = await Promise.all([freePort(), freePort()]);
  const config = join(folder, 'config.yaml');
  writeFileSync(config, JSON.stringify(collectorConfig(log, { metrics, telemetry })));
  const collector = spawn(binary, ['--config', `file:${config}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = text(collector.stderr);
  await once(collector, 'spawn');
  const ended = once(collector, 'exit');
  try {
    await allAccepted(collector, telemetry, log);
    writeFileSync(output, await scrape(metrics));
    writeSync(3, String(peakKibibytes(collector.pid!) ?? Number.NaN));
  } catch (error) {
    collector.kill('SIGTERM');
    const [complaint = ''] = (await said).trim().split('\n').slice(-1);
    throw new Error(`${(error as Error).message}; it last said: ${complaint}`);
  } finally {
    collector.kill('SIGTERM');
    await ended;
  }
}

const [, , binary = '', log = '', output = ''] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'mirrormon-otelcol-'));
try {
  await aggregate(binary, log, output, folder);
} catch (error) {
  console.error(`otelcol: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
