import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { naivePassage, openSilent, ownPassage, reading } from '../../lib/commands/bench/beside.ts';
import { NaiveFigures } from '../../lib/commands/bench/naive.ts';
import { profile, stages } from '../../lib/commands/bench/profile.ts';
import { resolveConfig } from '../../lib/config/resolve.ts';
import { generate } from '../../lib/generate/index.ts';
import { mirrormon } from '../helpers/program.ts';

const RECORDS = 3000;
const log = Buffer.concat([...generate({ kind: 'operator', records: RECORDS, seed: 3 })]);
const folder = mkdtempSync(join(tmpdir(), 'mirrormon-bench-test-'));
t.teardown(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const plain = file('operator.log', log);

/** A clock that goes on by a millisecond whenever it is looked at. */
function countingClock(): () => number {
  let time = 0;
  return () => time++;
}

t.test('prints a ratio and all stages', async (t) => {
  const { status, stdout, stderr } = await mirrormon(['bench', plain, '--runs', '1']);
  t.equal(status, 0, stderr);
  t.ok(stdout.includes(`${(log.length / 1e6).toFixed(1)} MB, 3,000 records`), stdout);
  t.ok(Number(/^ratio +([\d.]+) times/m.exec(stdout)?.[1]) > 0, stdout);
  for (const name of ['mirrormon', 'naive pipeline']) {
    t.ok(Number(new RegExp(`^${name} +([\\d.]+) MB/s`, 'm').exec(stdout)?.[1]) > 0, name);
  }
  for (const stage of [...stages, 'sum']) {
    t.ok(Number(new RegExp(`^${stage} +([\\d.]+) us`, 'm').exec(stdout)?.[1]) > 0, stage);
  }
});

t.test('as JSON, and with the least ratio for CI', async (t) => {
  const fast = await mirrormon(['bench', plain, '--runs', '1', '--json', '--min-ratio', '0.001']);
  t.equal(fast.status, 0, fast.stderr);
  const found = JSON.parse(fast.stdout);
  t.match(found, { input: plain, bytes: log.length, records: RECORDS, runs: 1 });
  t.ok(found.ratio > 0.001 && found.mirrormon.seconds > 0 && found.naive.megabytesPerSecond > 0);
  t.same(Object.keys(found.stages).sort(), [...stages].sort());
  const slow = await mirrormon(['bench', plain, '--runs', '1', '--json', '--min-ratio', '1e9']);
  t.equal(slow.status, 1);
  t.ok(JSON.parse(slow.stdout).ratio > 0, 'the figures are told nevertheless');
  t.match(slow.stderr, /the ratio is [\d.]+, and --min-ratio asks for at least 1000000000/);
  const wrong = await mirrormon(['bench', plain, '--min-ratio', 'fast']);
  t.equal(wrong.status, 2);
  t.match(wrong.stderr, "--min-ratio takes a number above 0, such as 2.5, not 'fast'");
});

t.test('what the naive pipeline cannot read is not compared', async (t) => {
  const prefixed = log.toString().replace(/^(?=\{)/gm, '[pod/a/b] ');
  const { status, stdout } = await mirrormon(['bench', file('kubectl.log', prefixed), '--runs', '1']);
  t.equal(status, 0);
  t.match(stdout, 'nothing to compare with');
  t.match(stdout, '3,000 records');
  t.notMatch(stdout, /^ratio/m);
});

t.test('mistakes', async (t) => {
  const missing = await mirrormon(['bench', join(folder, 'none.log')]);
  t.not(missing.status, 0);
  t.match(missing.stderr, 'none.log');
  const stdin = await mirrormon(['bench', '-']);
  t.equal(stdin.status, 2);
  t.match(stdin.stderr, 'name a file');
  t.equal((await mirrormon(['bench', '--runs', '0', plain])).status, 2);
});

t.test('both pipelines read everything, compressed or not', async (t) => {
  const config = await resolveConfig();
  for (const path of [plain, file('operator.log.gz', gzipSync(log))]) {
    const expected = { seconds: 0.001, records: RECORDS, bytes: log.length };
    t.same(await naivePassage([path], countingClock()), expected);
    t.same(await ownPassage([path], config, countingClock()), expected);
  }
});

t.test('every record goes through every stage, and no time is lost between them', async (t) => {
  const pipeline = openSilent(await resolveConfig(), { workers: 0 });
  let looks = 0;
  const { records, bytes, micros } = await profile(pipeline, reading([plain]), () => looks++);
  t.equal(records, RECORDS);
  t.equal(bytes, log.length);
  t.same(pipeline.ledger.mismatches(), []);
  for (const stage of stages) t.ok(micros[stage] > 0, stage);
  const sum = stages.reduce((total, stage) => total + micros[stage], 0);
  // the clock's last value, of milliseconds, over the records
  t.ok(Math.abs(sum - ((looks - 1) * 1000) / RECORDS) < 1e-9, `${sum}`);
});

t.test('the naive figures', async (t) => {
  const figures = new NaiveFigures();
  const client = { client_hostname: 'h', client_name: 'n', client_user: 'u', client_id: 'i' };
  const record = (message: string, more = {}) => ({
    timestamp: '2024-04-01T00:00:00Z',
    level: 'INFO',
    fields: { message, session_id: 's', ...client, ...more },
  });
  figures.record(record('Session Start'));
  figures.record(record('Session End', { session_duration: 42, target: 'pod/mirrord-copy-x' }));
  figures.record({ level: 'INFO' });
  t.equal(figures.records, 2);
  const found = new Map([...figures.series()].map((series) => [series.name, series]));
  t.equal(found.get('mirrormon_sessions_active')?.count, 0);
  t.equal(found.get('mirrord_sessions_create_total')?.count, 1);
  t.match(found.get('mirrord_sessions_duration'), {
    values: ['h', 'n', 'u', 'i'],
    count: 1,
    sum: 42,
    buckets: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
  });
  t.same(found.get('mirrormon_session_duration_seconds')?.values, ['', 'pod', 'mirrord-copy-*']);
});

t.test('the naive figures of metric-bearing records, and of two metrics alone', async (t) => {
  const record = (fields: Record<string, string | number>) => ({ timestamp: '2024-04-01T00:00:00Z', fields });
  const carrying = [
    record({ 'histogram.mirrord_operator_ping_latency': 0.03, user_id: 'i' }),
    record({ 'monotonic_counter.mirrord_stolen_requests_count': 7, port: 80 }),
    record({ 'gauge.mirrord_license_valid_seconds': 5 }),
  ];
  const all = new NaiveFigures();
  const two = new NaiveFigures(['mirrord_sessions_create_total', 'mirrord_sessions_duration']);
  for (const figures of [all, two]) {
    for (const one of carrying) figures.record(one);
    figures.record(record({ message: 'Session Start', session_id: 's' }));
    figures.record(record({ message: 'Port Steal', session_id: 's', port: 80 }));
  }
  const found = new Map([...all.series()].map((series) => [series.name, series]));
  t.match(found.get('mirrord_operator_ping_latency'), { count: 1, sum: 0.03, values: ['', '', '', 'i'] });
  t.match(found.get('mirrord_stolen_requests_count'), { count: 7, values: ['80', '', '', ''] });
  t.equal(found.get('mirrord_license_valid_seconds')?.count, 5);
  t.same(
    [...two.series()].map(({ name }) => name),
    ['mirrord_sessions_create_total'],
  );
});
