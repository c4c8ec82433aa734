import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import t from 'tap';
import { resolveConfig } from '../../lib/config/resolve.ts';
import type { Config } from '../../lib/config.ts';
import { openPipeline } from '../../lib/pipeline.ts';
import { hostileRecord } from './corpus.ts';

/** Cases of the whole corpus; a tenth is tried where nobody asks for more with MIRRORMON_HOSTILE=all. */
const ALL = 1_500;
const RECORDS_PER_RUN = 25;
const CASES = process.env.MIRRORMON_HOSTILE === 'all' ? ALL : ALL / 10;
/** A run of so few records takes some tenths of this. Milliseconds. */
const LONGEST_RUN = 20_000;

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-hostile-'));
t.teardown(() => rm(folder, { recursive: true, force: true }));

const collector = createServer((request, response) => {
  request.resume().on('end', () => response.end());
});
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
t.teardown(() => {
  collector.closeAllConnections();
  collector.close();
});
const { port } = collector.address() as AddressInfo;
const url = `http://127.0.0.1:${port}/v1/`;

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

async function tryRecords(run: number, records: readonly string[]) {
  const warnings: string[] = [];
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  const pipeline = openPipeline(await everySink(run), {
    stdout: { stream, terminal: { isTTY: false, color: false } },
    workers: 0,
    warn: (message) => warnings.push(message),
  });
  await pipeline.ready;
  const input = { name: `run ${run}`, framing: '' };
  async function* chunks() {
    yield { input, bytes: Buffer.from(records.map((record) => `${record}\n`).join('')) };
  }
  const timer = setTimeout(() => pipeline.breakOff(), LONGEST_RUN);
  const begun = performance.now();
  let failure: unknown;
  await pipeline.run(chunks()).catch((error) => {
    failure = error;
  });
  const endpoint = pipeline.handlers.find(({ type }) => type === 'prometheus') as
    | { url?: string }
    | undefined;
  let exposed = 200;
  if (endpoint?.url !== undefined)
    exposed = await fetch(`${endpoint.url}/metrics`).then((answer) =>
      answer.text().then(() => answer.status),
    );
  await pipeline.close();
  clearTimeout(timer);
  return { failure, warnings, exposed, ledger: pipeline.ledger, ms: performance.now() - begun };
}

t.test(`${CASES} hostile records over all sinks together`, async (t) => {
  const faults: string[] = [];
  for (let first = 0; first < CASES; first += RECORDS_PER_RUN) {
    const records = Array.from({ length: RECORDS_PER_RUN }, (_, k) => hostileRecord(first + k));
    const run = first / RECORDS_PER_RUN;
    const { failure, warnings, exposed, ledger, ms } = await tryRecords(run, records);
    const note = (what: string) => faults.push(`records ${first} to ${first + RECORDS_PER_RUN - 1}: ${what}`);
    if (failure !== undefined) note(`ended by ${failure instanceof Error ? failure.stack : failure}`);
    for (const mismatch of ledger.mismatches()) note(mismatch);
    for (const warning of warnings) if (/bug of mirrormon/.test(warning)) note(warning);
    if (exposed !== 200) note(`the endpoint answered ${exposed}`);
    if (ms > LONGEST_RUN) note(`took ${ms} ms`);
    if (ledger.read.records < RECORDS_PER_RUN / 2) note(`only ${ledger.read.records} records were read`);
    const inTime = [...ledger.dropped.values()].every((reasons) => !reasons.has('not-in-time'));
    if (!inTime) note('a sink was stuck');
  }
  t.same(faults, []);
});
