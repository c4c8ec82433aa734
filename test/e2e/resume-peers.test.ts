import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { collector } from '../handlers/otlp/fake-collector.ts';
import { writeParts } from '../helpers/log-parts.ts';
import { mirrormon, start } from '../helpers/program.ts';

/** How often a run is killed, over all; 200 for a whole trial. */
const KILLS = Math.ceil(Number(process.env.MIRRORMON_KILLS ?? 20) / 4);
const KILLS_OF_A_RUN = 5;
const FILES = 10;
t.setTimeout(3_600_000);

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));

// sessions that begin in one file and end in another, and records that nobody can read
const log = Buffer.concat([...generate({ kind: 'operator', records: 8_000, seed: 9, late: 5 })]);
const files = await writeParts(log, { folder, count: FILES, rejects: true });

const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', MIRRORMON_STATE_INTERVAL: '0' };
const args = ['-c', 'c.yml', '--state', 's', '--dead-letters', 'dead', '--ledger', 'books', ...files];
const outputs = ['figures.ndjson', 'dead'];

async function place(name: string, logs: string, traces: string): Promise<string> {
  const cwd = join(folder, name);
  await mkdir(cwd);
  await writeFile(
    join(cwd, 'c.yml'),
    `
metrics:
  reportInterval: 1h
  rules:
    - name: seconds_to_port
      type: histogram
      when: { kind: port-steal }
      value: { since: { kind: session-start }, key: session_id }
events:
  figures:
    subscriptions: [{ type: metrics }]
    handler: { type: file, format: json, path: figures.ndjson }
  logs:
    subscriptions: [{ type: logs }]
    handler: { type: otlp, url: '${logs}' }
  traces:
    subscriptions: [{ type: spans }]
    handler: { type: otlp, url: '${traces}' }
`,
  );
  return cwd;
}

type Collector = Awaited<ReturnType<typeof collector>>;

/** What came of each id: records by their time and text, spans by theirs; all that is equal for equal ids. */
function received(logs: Collector, traces: Collector): Map<string, string> {
  const ids = new Map<string, string>();
  for (const { timeUnixNano, body, attributes } of logs.records()) {
    ids.set(JSON.stringify([timeUnixNano, body, attributes]), '');
  }
  for (const { spanId, traceId, startTimeUnixNano, endTimeUnixNano, events } of traces.spans()) {
    ids.set(`${traceId} ${spanId}`, JSON.stringify([startTimeUnixNano, endTimeUnixNano, events]));
  }
  return ids;
}

async function leftIn(cwd: string): Promise<string[]> {
  const { seconds, queues, failures, ...books } = JSON.parse(await readFile(join(cwd, 'books'), 'utf8'));
  const texts = await Promise.all(outputs.map((name) => readFile(join(cwd, name), 'utf8')));
  return [...texts, JSON.stringify(books)];
}

t.test('killed at any moment, it ends with the same files, and every id is received', async (t) => {
  const [logs, traces] = [await collector(t), await collector(t)];
  const undisturbed = await place('undisturbed', logs.url, traces.url);
  const began = performance.now();
  const first = await mirrormon(args, { cwd: undisturbed, env });
  const takes = performance.now() - began;
  t.equal(first.status, 0, first.stderr);
  const [expected, ids] = [await leftIn(undisturbed), received(logs, traces)];
  t.match(expected[0], /seconds_to_port/);
  t.ok(ids.size > 5_000);

  let further = 0;
  for (let run = 0; run * KILLS_OF_A_RUN < KILLS; run++) {
    const [logs, traces] = [await collector(t), await collector(t)];
    const cwd = await place(`run-${run}`, logs.url, traces.url);
    for (let kill = 0; kill < KILLS_OF_A_RUN; kill++) {
      const child = start(args, { cwd, env });
      const ended = once(child, 'close');
      await Promise.race([sleep(Math.random() * takes), ended]);
      child.kill('SIGKILL');
      await ended;
    }
    const last = await mirrormon(args, { cwd, env });
    t.equal(last.status, 0, last.stderr);
    const left = await leftIn(cwd);
    for (const [k, text] of expected.entries()) t.ok(left[k] === text, `run ${run}: output ${k} is the same`);
    const again = received(logs, traces);
    t.ok(
      [...ids].every(([id, content]) => again.get(id) === content),
      `run ${run}: every id, as it was`,
    );
    t.equal(again.size, ids.size, 'and no other');
    further += traces.spans().length + logs.records().length - ids.size;
    await rm(cwd, { recursive: true });
  }
  t.comment(`${further} came again`);
});
