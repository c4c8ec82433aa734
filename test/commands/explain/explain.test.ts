import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../../helpers/program.ts';
import { fixture } from '../../helpers/root.ts';

const log = fixture('operator/operator.log.gz');
const events = fixture('ziti/events-v2.ndjson');

/** What a new user may have written: the File Reporter's example, and a level by the product's name. */
const config = `events:
  pools:
    subscriptions: [{ type: metrics, sourceFilter: ctrl_client, metricFilter: .*pool.* }]
    handler: { type: file, format: json, path: pools.log }
  operatorLog:
    subscriptions: [{ type: logs, level: mirrord=info }]
    handler: { type: file, format: logs, path: out.log }
`;

function configured(t: { testdir(): string }, text = config): { folder: string; path: string } {
  const folder = t.testdir();
  const path = join(folder, 'new-user.yml');
  writeFileSync(path, text);
  return { folder, path };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

t.test('of the shipped log it tells why a level selects nothing, within 80 columns', async (t) => {
  const { folder, path } = configured(t);
  const run = await mirrormon(['explain', '-c', path, log, '--top', '3'], { cwd: folder });
  t.equal(run.status, 0, run.stderr);
  t.same(
    run.stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
  const text = oneLine(run.stdout);
  t.match(text, "takes 0 of 4,000 log records that were read 4,000 do not fit level 'mirrord=info'");
  t.match(text, '2,331 module operator_session::session, which it does not name');
  t.match(text, 'a directive such as NAME=info takes modules that begin with NAME');
  t.match(text, 'and 3,997 more of them');
  // each record in full: how it was read, what it gave, and who took that
  t.match(text, 'byte 0 {"timestamp":"2024-04-01T00:00:01.774866Z"');
  t.match(text, 'read as ndjson, JSON of tracing; kind license; 2024-04-01T00:00:01.775Z');
  t.match(text, 'mirrormon_log_records_total{level="INFO"} +1 → nobody (pools: sourceFilter, metricFilter)');
  t.match(text, "operatorLog leaves it out by level 'mirrord=info': module operator::license");
  t.notMatch(run.stderr, 'selected nothing');
});

t.test('it writes nothing', async (t) => {
  const { folder, path } = configured(t);
  await mirrormon(['explain', '-c', path, log], { cwd: folder });
  t.same(readdirSync(folder), ['new-user.yml']);
});

t.test('--metric tells why a metric is not written', async (t) => {
  const { path } = configured(t);
  const ask = async (metric: string, file: string) =>
    oneLine((await mirrormon(['explain', '-c', path, '--metric', metric, file, '--top', '1'])).stdout);

  const absent = await ask('pool.listener.ctrl.queue_size', log);
  t.match(absent, 'controllers and routers of OpenZiti report it themselves, as metrics events');
  t.match(absent, 'of 4,000 records none is a metrics event');
  t.match(absent, 'pools its metricFilter would take it, if it came (pools.log)');

  const foreign = await ask('pool.listener.ctrl.queue_size', events);
  t.match(foreign, 'came as metrics events, by source: ctrl1 1');
  t.match(foreign, "pools leaves it out by sourceFilter 'ctrl_client': source_id ctrl1 (pools.log)");
  t.match(foreign, 'Record 2 of');

  const derived = await ask('mirrord_sessions_create_total', log);
  t.match(derived, 'is a counter measured from Session Start');
  t.match(derived, 'measured 517 times in 185 series, from records of kind session-start 517');
  t.match(derived, "and by metricFilter '.*pool.*': metric mirrord_sessions_create_total");

  t.match(await ask('pool.listener.ctrl.queue_siz', events), 'the nearest is pool.listener.ctrl.queue_size');
});

t.test('values that no series takes, records that are left out or cannot be read, are told', async (t) => {
  const { path } = configured(
    t,
    'metrics: { rules: [{ name: wait_seconds, type: histogram, value: wait, when: { message: ^done } }] }',
  );
  const stdin = [
    '{"timestamp":"2024-04-01T00:00:00Z","level":"INFO","fields":{"message":"done","wait":"long"}}',
    '{"timestamp":"2024-04-01T00:00:01Z","level":"INFO","fields":{"message":"done","wait":-2}}',
    '{"timestamp":"2024-04-01T00:00:02Z","level":',
    '{"timestamp":"2024-04-02T00:00:00Z","level":"INFO","fields":{"message":"done","wait":1}}',
  ].join('\n');
  const run = await mirrormon(['explain', '-c', path, '--until', '2024-04-01T12:00Z'], { stdin });
  const text = oneLine(run.stdout);
  t.match(text, 'refused by wait_seconds: its value is not a number');
  t.match(text, 'wait_seconds -2 → stdout');
  t.match(text, 'left out 1 by --since, --until or --where');
  t.match(text, 'not read 1 invalid-json');
  t.match(text, '-, byte 184, invalid-json: {"timestamp":"2024-04-01T00:00:02Z","level":');
});

t.test('what names a measurement beside a functional message is told, with what measures it', async (t) => {
  const record = (message: string) =>
    `{"timestamp":"2024-04-01T00:00:00Z","level":"INFO","fields":{"message":"${message}","gauge.open":4,"a":1}}`;
  const stdin = ['Session Start', 'served'].map(record).join('\n');
  const text = oneLine((await mirrormon(['explain'], { stdin })).stdout);
  t.equal(text.split('gauge.open is not measured').length, 2, 'of the other it is');
  t.match(text, 'left gauge.open is not measured of a session-start, whose message says what it measures');
  const rule =
    'metrics: { rules: [{ name: open, type: gauge, value: gauge.open, when: { kind: session-start } }] }';
  const { path } = configured(t, rule);
  const lines = (await mirrormon(['explain', '-c', path, '-o', 'json'], { stdin })).stdout.split('\n');
  const { unmeasured, measured } = JSON.parse(lines[0]!).record;
  t.same(unmeasured, ['gauge.open']);
  t.match(measured.at(-1), { metric: 'open', value: 4 }, 'as it says');
});

t.test('as JSON it is one object a record, and one of the whole', async (t) => {
  const { path } = configured(t);
  const run = await mirrormon(['explain', '-c', path, '-o', 'json', '--top', '2', log]);
  const lines = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.same(
    lines.map((line) => Object.keys(line)[0]),
    ['record', 'record', 'summary'],
  );
  t.match(lines[0].record, {
    number: 1,
    offset: 0,
    kind: 'license',
    measured: [{ metric: 'mirrormon_log_records_total', value: 1, labels: { level: 'INFO' } }],
    subscriptions: [
      { name: 'pools', result: 'other-type' },
      { name: 'operatorLog', result: 'left-out', refusals: [{ filter: "level 'mirrord=info'" }] },
    ],
  });
  t.match(lines[2].summary, { records: 4000, series: 594, kinds: { 'session-start': 517 } });
});
