import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { resolveConfig } from '../../lib/config/resolve.ts';
import type { Config } from '../../lib/config.ts';
import type { Ledger } from '../../lib/ledger.ts';
import { openPipeline } from '../../lib/pipeline.ts';
import type { Chunk } from '../../lib/stages/parse.ts';

/** A run takes some tenths of this. Milliseconds. */
export const LONGEST_RUN = 20_000;

export const folder = await mkdtemp(join(tmpdir(), 'mirrormon-hostile-'));

const collector = createServer((request, response) => {
  request.resume().on('end', () => response.end());
});
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
const { port } = collector.address() as AddressInfo;
const url = `http://127.0.0.1:${port}/v1/`;

/** Once all were tried. */
export async function closeSinks(): Promise<void> {
  collector.closeAllConnections();
  collector.close();
  await rm(folder, { recursive: true, force: true });
}

/** Every sink at once: what one of them does with a record must not touch the others. */
async function everySink(run: number): Promise<Config> {
  const all = [{ type: 'metrics' }];
  const logs = [{ type: 'logs', level: 'trace' }];
  const config = await resolveConfig({
    metrics: { reportInterval: '1m' },
    operator: {
      jsonLog: run % 2 === 0,
      metricsAddr: '127.0.0.1:0',
      otelTraceExportUrl: `${url}traces`,
      otelLogLevel: 'trace',
    },
    events: {
      json: {
        subscriptions: [...all, { type: 'circuit' }],
        handler: { type: 'stdout', format: 'json', version: run % 2 === 0 ? 2 : 3 },
      },
      table: { subscriptions: all, handler: { type: 'stdout', format: 'table' } },
      text: { subscriptions: logs, handler: { type: 'stdout', format: 'logs' } },
      fluentd: { subscriptions: logs, handler: { type: 'stdout', format: 'logs' } },
      file: {
        subscriptions: [...all, ...logs],
        handler: { type: 'file', format: 'json', path: join(folder, `${run}.log`) },
      },
      endpoint: { subscriptions: all, handler: { type: 'prometheus', address: '127.0.0.1:0' } },
      export: { subscriptions: logs, handler: { type: 'otlp', url: `${url}logs` } },
    },
  });
  const handlers = config.handlers.map((handler) =>
    handler.name === 'fluentd' ? { ...handler, fluentd: true } : handler,
  );
  return { ...config, handlers };
}

export interface Trial {
  /** What is wrong with it. */
  readonly faults: readonly string[];
  readonly ledger: Ledger;
  /** On the wall, and of the processor. */
  readonly ms: number;
  readonly cpuMs: number;
}

/** Runs chunks through all sinks, and says what went wrong. */
export async function runThroughEverySink(
  run: number,
  chunks: AsyncIterable<Chunk>,
  workers = 0,
): Promise<Trial> {
  const faults: string[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  const pipeline = openPipeline(await everySink(run), {
    stdout: { stream, terminal: { isTTY: false, color: false } },
    workers,
    warn: (message) => {
      if (/bug of mirrormon/.test(message)) faults.push(message);
    },
  });
  await pipeline.ready;
  const timer = setTimeout(() => pipeline.breakOff(), LONGEST_RUN);
  const begun = performance.now();
  const cpu = process.cpuUsage();
  await pipeline.run(chunks).catch((error) => {
    faults.push(`ended by ${error instanceof Error ? error.stack : error}`);
  });
  for (const handler of pipeline.handlers) {
    const { type, url: address } = handler as { type: string; url?: string };
    if (type !== 'prometheus' || address === undefined) continue;
    const answer = await fetch(`${address}/metrics`);
    await answer.text();
    if (answer.status !== 200) faults.push(`the endpoint answered ${answer.status}`);
  }
  await pipeline.close();
  clearTimeout(timer);
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - begun;
  const { ledger } = pipeline;
  faults.push(...ledger.mismatches());
  if (ms > LONGEST_RUN) faults.push(`took ${ms} ms`);
  for (const reasons of ledger.dropped.values())
    if (reasons.has('not-in-time')) faults.push('a sink was stuck');
  await rm(join(folder, `${run}.log`), { force: true });
  return { faults, ledger, ms, cpuMs: (user + system) / 1000 };
}
