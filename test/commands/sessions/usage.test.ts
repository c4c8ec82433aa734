import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../../helpers/program.ts';
import { damagedLog, logRecord } from '../../usage/support.ts';

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));
const records = damagedLog(6000) as { timestamp: string; fields: Record<string, string | number> }[];
const log = join(folder, 'op.log');
await writeFile(log, records.map((record) => `${JSON.stringify(record)}\n`).join(''));

/** The sessions of the log by a script that knows nothing of ours: two passes over plain objects. */
function independent() {
  const sessions = new Map<
    string,
    { user: string; start?: number; end?: number; said?: number; first: number; ports: Set<string> }
  >();
  let newest = 0;
  for (const { timestamp, fields } of records) {
    const time = Date.parse(timestamp);
    newest = Math.max(newest, time);
    const id = fields.session_id;
    if (id === undefined || !/^(Session|Port)/.test(String(fields.message))) continue;
    const session = sessions.get(String(id)) ?? {
      user: String(fields.client_user),
      first: time,
      ports: new Set(),
    };
    sessions.set(String(id), session);
    session.first = Math.min(session.first, time);
    if (fields.message === 'Session Start') session.start = time;
    else if (fields.message === 'Session End')
      Object.assign(session, { end: time, said: fields.session_duration });
    else if (fields.message !== 'Port Release') session.ports.add(String(fields.port));
  }
  return [...sessions].map(([id, { user, start, end, said, first, ports }]) => {
    const missing =
      start === undefined ? (end === undefined ? 'both' : 'start') : end === undefined ? 'end' : '';
    return { id, user, missing, ports, seconds: Number(said ?? ((end ?? newest) - (start ?? first)) / 1000) };
  });
}

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

t.test(
  'usage and audit agree with an independent script on a log with missing starts and ends',
  async (t) => {
    const expected = independent();
    t.same(new Set(expected.map(({ missing }) => missing)), new Set(['', 'start', 'end', 'both']));
    const audit = lines((await mirrormon(['audit', log, '--format', 'json'])).stdout);
    t.equal(audit.length, expected.length);
    const rows = new Map(audit.map((row) => [row.session_id, row]));
    let wrong = 0;
    for (const { id, user, missing, ports, seconds } of expected) {
      const row = rows.get(id);
      // times are read to the microsecond here, to the millisecond there
      const agrees =
        row?.client_user === user &&
        row.missing === missing &&
        Math.abs(row.seconds - seconds) < 0.002 &&
        [...row.ports].sort().join() === [...ports].sort().join();
      if (!agrees) wrong++;
    }
    t.equal(wrong, 0);
    const usage = lines((await mirrormon(['usage', log, '--format', 'json'])).stdout);
    for (const row of usage) {
      const own = expected.filter(({ user }) => user === row.user);
      const total = own.reduce((sum, { seconds }) => sum + seconds, 0);
      if (row.sessions !== own.length || Math.abs(row.seconds - total) > 0.1) t.fail(row.user);
    }
    t.equal(
      usage.reduce((sum, { sessions }) => sum + sessions, 0),
      expected.length,
    );
  },
);

t.test('every format says the same, and nothing in a name does anything', async (t) => {
  const names = [
    "=cmd|' /C calc'!A0",
    '<img src=x onerror=alert(1)>',
    '\u001b]0;x\u0007',
    'a\u202eb',
    'n'.repeat(500),
  ];
  const file = join(folder, 'hostile.log');
  const of = (name: string, k: number) => [
    logRecord('Session Start', k, { session_id: `s${k}`, client_user: name }),
    logRecord('Session End', k + 60, { session_id: `s${k}`, client_user: name }),
  ];
  await writeFile(
    file,
    names
      .flatMap(of)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join(''),
  );
  for (const command of ['usage', 'audit']) {
    for (const format of ['table', 'csv', 'json', 'markdown']) {
      if (command === 'audit' && format === 'markdown') continue;
      const { stdout, status } = await mirrormon([command, file, '--format', format]);
      t.equal(status, 0);
      t.notMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/, `${command} ${format}`);
      if (format === 'csv') t.notMatch(stdout, /(^|,)"?[=+@]/m, 'no cell is a formula');
      if (format === 'markdown') t.notMatch(stdout, /<img/);
      t.ok(stdout.includes('n'.repeat(500)), 'a long name is whole where lines may be long');
    }
  }
  const users = lines((await mirrormon(['usage', file, '--format', 'json'])).stdout).map(({ user }) => user);
  t.same(users.sort(), names.sort(), 'JSON gives them back');
});

t.test('groups, tops, periods beside one another, and what is wrong with a question', async (t) => {
  const file = join(folder, 'days.log');
  const session = (id: string, user: string, seconds: number) => [
    logRecord('Session Start', seconds, { session_id: id, client_user: user, target: 'deployment/web' }),
    logRecord('Session End', seconds + 100, { session_id: id, client_user: user, target: 'deployment/web' }),
  ];
  const day = 86_400;
  const all = [
    session('1', 'a', 0),
    session('2', 'a', day),
    session('3', 'b', day),
    session('4', 'b', 2 * day - 150),
  ];
  await writeFile(
    file,
    all
      .flat()
      .map((record) => `${JSON.stringify(record)}\n`)
      .join(''),
  );
  const csv = async (...args: string[]) =>
    (await mirrormon(['usage', file, '--format', 'csv', ...args])).stdout.split('\n');
  t.match((await csv('--by', 'user,day')).slice(1, 4), [
    /^a,2024-04-01,1,100,/,
    /^a,2024-04-02,1,/,
    /^b,2024-04-02,2,/,
  ]);
  t.same(await csv('--by', 'user', '--by', 'day'), await csv('--by', 'user,day'));
  t.match((await csv('--top', '1')).slice(1, 3), [/^a,2,200,/, /^\*,2,200,/]);
  t.match(await csv('--compare', '1d', '--by', 'target'), [
    /sessions_before,sessions_change/,
    /^deployment\/web,3,1,2,300,100,/,
  ]);
  t.match((await mirrormon(['usage', file])).stdout, /\ntotal +4 +6m40s/);
  for (const [args, says] of [
    [['--by', 'usr'], /--by does not know 'usr'; did you mean user\?/],
    [['--by', 'pod'], /did you mean target\?/],
    [['--compare', 'soon'], /--compare takes a duration/],
    [['--sort', 'duration'], /is invalid/],
    [['--format', 'md'], /did you mean markdown\?/],
  ] as const) {
    const { status, stderr } = await mirrormon(['usage', file, ...args]);
    t.equal(status, 2, args.join(' '));
    t.match(stderr, says);
  }
});

t.test('a key that is asked for twice is one key of a row', async (t) => {
  const { stdout } = await mirrormon(['usage', log, '--by', 'user,user', '--format', 'json']);
  for (const line of stdout.trim().split('\n')) t.equal(line.split('"user":').length, 2, line);
});

t.test('where no session matches, audit tells its columns, and what restricts them', async (t) => {
  const none = ['audit', log, '--where', 'message=Session', '--having', 'session_id=^none$'];
  const table = await mirrormon(none);
  t.equal(table.status, 0);
  t.match(table.stdout, /^SESSION_ID {2}USER {2}.+ {2}MISSING {2}HELD\n$/);
  const says = "mirrormon: no session matched --where 'message=Session' and --having 'session_id=^none$'\n";
  t.ok(table.stderr.includes(says), table.stderr);
  const csv = await mirrormon([...none, '--format', 'csv', '--sort', 'time', '--top', '3']);
  t.match(csv.stdout, /^session_id,user,.+,missing,held\n$/);
  t.ok(csv.stderr.includes(says), csv.stderr);
  const json = await mirrormon([...none, '--format', 'json']);
  t.equal(json.stdout, '', 'what machines read line by line has no lines');
  t.ok(json.stderr.includes(says), json.stderr);
  t.equal((await mirrormon([...none, '-q'])).stderr, '');

  const until = await mirrormon(['audit', log, '--until', '2020-01-01T00:00Z']);
  t.match(until.stderr, /no session matched --until 2020-01-01T00:00Z\n/);
  const file = join(folder, 'without-sessions.log');
  await writeFile(file, `${JSON.stringify(logRecord('Hello', 0, {}))}\n`);
  t.match((await mirrormon(['audit', file])).stderr, /there is no session: no record that was read tells/);
  t.match((await mirrormon(['usage', file])).stderr, /there is no session: no record that was read tells/);
  t.notMatch((await mirrormon(['audit', log])).stderr, /no session/);
});

t.test('seconds are told as they were measured, without what binary makes of decimals', async (t) => {
  const file = join(folder, 'decimals.log');
  const at = (time: string, message: string, session_id: string, more = {}) =>
    `${JSON.stringify({ ...logRecord(message, 0, { session_id, ...more }), timestamp: `2026-08-01T${time}Z` })}\n`;
  await writeFile(
    file,
    [
      at('10:00:00.039817', 'Session Start', 'a'),
      at('10:02:32.234421', 'Session End', 'a'),
      at('10:00:00', 'Session Start', 'b'),
      at('10:00:01', 'Session End', 'b', { session_duration: 0.1 }),
      at('10:00:02', 'Session Start', 'c'),
      at('10:00:03', 'Session End', 'c', { session_duration: 0.2 }),
    ].join(''),
  );
  const told = async (...args: string[]) => (await mirrormon([...args, file])).stdout;
  const row = '3,152.494604,0.2,152.194604,152.194604,';
  t.match(await told('usage', '--format', 'csv'), row);
  t.match(await told('usage', '--format', 'json'), '"seconds":152.494604,"p50":0.2,"p95":152.194604,');
  t.match(await told('audit', '--format', 'csv'), ',152.194604,');
  t.match(await told('audit', '--format', 'json'), '"seconds":152.194604,');
  for (const format of ['csv', 'json', 'table', 'markdown']) {
    for (const args of [['usage', '--compare', '1h'], ['audit']]) {
      const text = await told(...args, '--format', format);
      t.notMatch(text, /\d\.\d{7}/, `${args.join(' ')} ${format}`);
    }
  }
});
