import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';

const record = (second: number, port: number): string =>
  `{"timestamp":"2024-04-01T13:37:0${second}Z","level":"INFO","fields":{"message":"Port Steal","port":${port}},"target":"mirrord::steal"}\n`;
const log = record(0, 80) + record(1, 81);

const config = `events:
  steals:
    subscriptions: [{ type: metrics, metricFilter: "port_events.*count$" }]
    handler: { type: file, format: json, path: out/steals.json }
`;

t.test('--update writes what comes out, which then passes; a changed value fails and is told', async (t) => {
  const folder = t.testdir({
    plain: { 'input.log': log, 'input.more.log.gz': gzipSync(record(2, 82)) },
    logs: { 'input.log': `2024-04-01T13:37:00Z stdout F ${log}`, 'expected.logs': '' },
    files: { 'input.log': log, 'config.yml': config, expected: { out: {} } },
  });
  const before = await mirrormon(['test', folder]);
  t.equal(before.status, 1, 'nothing is expected yet');
  t.match(before.stdout, /plain\n {2}nothing is expected; --update writes/);

  const renewed = await mirrormon(['test', '--update', folder]);
  t.equal(renewed.status, 0, renewed.stdout + renewed.stderr);
  t.match(renewed.stdout, /plain, renewed: expected\.json\n3 cases: 3 passed, 0 failed\n$/);
  t.match(readFileSync(join(folder, 'logs/expected.logs'), 'utf8'), /^\{"timestamp"/);
  t.equal((await mirrormon(['test', `${folder}/`])).status, 0);

  const steals = join(folder, 'files/expected/out/steals.json');
  writeFileSync(steals, readFileSync(steals, 'utf8').replace('"count":2', '"count":5'));
  const failed = await mirrormon(['test', folder]);
  t.equal(failed.status, 1);
  t.match(
    failed.stdout,
    /FAIL .*files\n {2}expected\/out\/steals\.json: mirrormon_port_events_total\{action="Port Steal"\} of .*\n {4}count: expected 5, got 2\n/,
  );
  writeFileSync(join(folder, 'files/tolerance.json'), '{"count": 0.7}');
  t.equal((await mirrormon(['test', folder])).status, 0, 'within the tolerance');
  writeFileSync(join(folder, 'files/tolerance.json'), '{"counts": 0.7}');
  t.equal((await mirrormon(['test', folder])).status, 1);
});

t.test('TAP and JUnit name the same failures', async (t) => {
  const folder = t.testdir({
    'a<b #1': { 'input.log': log, 'expected.json': '{"namespace":"metrics","metric":"nothing&more"}\n' },
    good: { 'input.log': '', 'expected.json': '' },
  });
  const tap = await mirrormon(['test', folder, '--format', 'tap']);
  t.equal(tap.status, 1);
  t.match(tap.stdout, /^TAP version 14\n1\.\.2\nnot ok 1 - .*a<b \\#1\n {2}---\n/);
  t.match(tap.stdout, /\nok 2 - /);
  const junit = await mirrormon(['test', folder, '--format', 'junit']);
  t.equal(junit.status, 1);
  t.match(junit.stdout, /<testsuites tests="2" failures="1"/);
  t.match(junit.stdout, /a&lt;b #1".*>\n.*<failure message="expected\.json: missing: nothing&amp;more/);
});

t.test('a run that fails fails its case, and is not made what is expected', async (t) => {
  const folder = t.testdir({ 'input.log': log, 'config.yml': 'metrics: { reportInterval: soon }\n' });
  for (const args of [[], ['--update']]) {
    const { status, stdout } = await mirrormon(['test', ...args, folder]);
    t.equal(status, 1);
    t.match(stdout, /mirrormon ended with status 2:\n.*config\.yml:1:28: metrics\.reportInterval/s);
  }
});

t.test('where there is no case, or no folder, or a wrong tolerance, it says so', async (t) => {
  const folder = t.testdir({
    some: {},
    bad: { 'input.log': log, 'expected.json': '', 'tolerance.json': '[]' },
  });
  const none = await mirrormon(['test', join(folder, 'some')]);
  t.same([none.status, none.stdout], [2, '']);
  t.match(none.stderr, /some: no case found; a case is a folder with/);
  const gone = await mirrormon(['test', join(folder, 'gone')]);
  t.equal(gone.status, 2);
  t.match(gone.stderr, /gone: there is no such folder/);
  const bad = await mirrormon(['test', join(folder, 'bad')]);
  t.equal(bad.status, 2);
  t.match(bad.stderr, /tolerance\.json: this is not an object; write/);
});

t.test('our own cases are such cases', async (t) => {
  const { status, stdout } = await mirrormon(['test', fixture('cases')], { env: { MIRRORMON_UPDATE: '1' } });
  t.equal(status, 0, stdout);
  t.match(stdout, /\d cases: \d+ passed, 0 failed\n$/);
});
