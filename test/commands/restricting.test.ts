import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';
import { logRecord } from '../usage/support.ts';

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));
const log = join(folder, 'op.log');
const hour = 3600;
const records = [0, 1, 2, 3].map((k) =>
  logRecord('Session End', k * hour, { session_id: `s${k}`, client_user: `u${k % 2}`, session_duration: k }),
);
const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
await writeFile(log, text);

const sessions = async (...args: string[]): Promise<unknown[]> => {
  const { stdout, stderr, status } = await mirrormon(['audit', log, '--format', 'csv', ...args]);
  t.equal(status, 0, stderr);
  return stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0]);
};

t.test('periods: instants, and durations before the newest record of files', async (t) => {
  t.same(await sessions('--since', '2h'), ['s1', 's2', 's3']);
  t.same(await sessions('--until', '1h'), ['s0', 's1']);
  t.same(await sessions('--since', '2024-04-01T01:00', '--until', '2024-04-01T03:00:00Z'), ['s1', 's2']);
  t.same(await sessions('--where', 'user=u1', '--where', 'duration>1'), ['s3']);
});

t.test('what is outside is filtered and touches nothing', async (t) => {
  const ledger = join(folder, 'ledger.json');
  const { stdout } = await mirrormon([log, '-o', 'json', '--until', '1h', '--ledger', ledger]);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const count = events
    .filter(({ metric }) => metric === 'mirrord_sessions_duration')
    .reduce((sum, { metrics }) => sum + metrics.count, 0);
  t.equal(count, 2);
  t.equal(events[0].timestamp.seconds, Date.UTC(2024, 3, 1, 1) / 1000, 'its time moves no clock');
  const logs = await mirrormon([log, '-o', 'logs', '--where', 'user=u0']);
  t.equal(logs.stdout.trim().split('\n').length, 2);
});

t.test('what is outside is said to be left out, and not to be without a time', async (t) => {
  const run = await mirrormon([log, '-o', 'summary', '--where', 'user=u0']);
  t.match(run.stdout, /^4 records, all understood · 2 left out · /);
  t.match(run.stderr, '4 records read, all understood, 2 left out by --since, --until or --where');
  t.notMatch(run.stderr, 'no time of their own');
  const all = await mirrormon([log, '-o', 'none']);
  t.notMatch(all.stderr, 'left out');
});

t.test('on a pipe a duration is before now', async (t) => {
  const now = JSON.stringify({ ...records[0], timestamp: new Date().toISOString() });
  const { stdout } = await mirrormon(['-o', 'logs', '--since', '1h'], { stdin: `${text}${now}\n` });
  t.equal(stdout, `${now}\n`);
});

t.test('what is wrong, and what no record has', async (t) => {
  for (const [args, says] of [
    [['--since', 'soon'], /--since does not understand 'soon'; it takes a time such as/],
    [['--since', '1h', '--until', '2h'], /--since 1h is not before --until 2h/],
    [['--where', 'usr=x'], /does not know the field 'usr'; did you mean user\?/],
    [['--where', 'user=('], /'\(' is no RE2 expression/],
    [['--where', 'user'], /does not understand 'user'; it takes FIELD=RE2/],
    [['--where', 'user==ada'], /does not understand 'user==ada'; it takes FIELD=RE2 .* for the whole value/],
  ] as const) {
    const { status, stderr } = await mirrormon([log, ...args]);
    t.equal(status, 2, args.join(' '));
    t.match(stderr, says);
  }
  const { status, stderr } = await mirrormon([log, '-o', 'none', '--where', 'kubernetes.pod_name=x']);
  t.equal(status, 0);
  t.match(stderr, /warning: --where asks for 'kubernetes\.pod_name', which no record has/);
  for (const command of [
    [log, '-o', 'none'],
    ['usage', log],
  ]) {
    const { stderr } = await mirrormon([...command, '--where', 'user>5']);
    t.match(
      stderr,
      /warning: --where 'user>5' compares numbers, and 'user' is no number in any record \(such as 'u0'\), so that none is taken; compare texts by = or != and an RE2 expression\n/,
      command.join(' '),
    );
  }
});
