import fc from 'fast-check';
import t from 'tap';
import { auditRows } from '../../lib/usage/audit-rows.ts';
import { concurrencyOf } from '../../lib/usage/concurrency.ts';
import type { GroupKey } from '../../lib/usage/group-keys.ts';
import type { Usage } from '../../lib/usage/index.ts';
import { type Ranking, rankingOf } from '../../lib/usage/ranking.ts';
import { portSteals } from '../../lib/usage/steals.ts';
import { holds } from '../helpers/holds.ts';
import { damagedLog, kept, logRecord, usageOf } from './support.ts';

const ranking = (usage: Usage, by: readonly GroupKey[], more = {}): Ranking =>
  rankingOf(usage.sessions, { by, now: usage.until, ...more });

/** Everything that is asked of usage, in a form that can be compared. */
function answers(usage: Usage) {
  return {
    byUser: ranking(usage, ['user']),
    byTarget: ranking(usage, ['target', 'day']),
    byPort: ranking(usage, ['port'], { top: 3 }),
    audit: [...auditRows(usage)],
    concurrency: concurrencyOf(usage.sessions, usage.until, 3_600_000),
    steals: portSteals(usage.sessions, usage.until),
    modules: usage.levels.top(),
    events: usage.events.all(),
  };
}

t.test('neither the order of records, nor batches, nor the cut into parts matters', async (t) => {
  const records = damagedLog(3000);
  const whole = answers(usageOf(records));
  t.same(answers(usageOf(records.toReversed(), 7)), whole, 'order and batches');
  const odd = usageOf(records.filter((_, k) => k % 2 === 1));
  odd.merge(usageOf(records.filter((_, k) => k % 2 === 0)).state());
  t.same(answers(odd), whole, 'parts');
  t.same([...auditRows(usageOf([...records, ...records.slice(0, 1500)]))], whole.audit, 'copies of records');
});

t.test('sessions and copies of one time are told the same in any order of records', async (t) => {
  const on = (target: string) => ({ client_user: 'u', client_id: 'c', target });
  const records = [
    logRecord('Session Start', 1, { ...on('pod/a'), session_id: 'x' }),
    logRecord('Session Start', 1, { ...on('pod/a'), session_id: 'y' }),
    logRecord('Session Start', 1, { ...on('pod/mirrord-copy-1'), session_id: 'z' }),
    logRecord('Session Start', 1, { ...on('pod/b'), client_id: 'd' }),
    logRecord('Session Start', 1, on('pod/a')),
    logRecord('Session End', 1, on('pod/c')),
    logRecord('Copy Target', 2, on('pod/b')),
    logRecord('Copy Target', 2, on('pod/a')),
    logRecord('Copy Target', 0, on('pod/d')),
    logRecord('Copy Target', 0, on('pod/c')),
    logRecord('Session End', 3, { ...on('pod/a'), session_id: 'y' }),
  ];
  const whole = [...auditRows(usageOf(records))];
  t.equal(whole.flatMap(({ copies }) => copies).length, 4);
  holds(
    t,
    fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
      return JSON.stringify([...auditRows(usageOf(shuffled))]) === JSON.stringify(whole);
    }),
  );
});

/** Records of one id that several people used one after the other. */
const handedOn = (() => {
  const of = (message: string, seconds: number, who: string, more = {}) =>
    logRecord(message, seconds, { session_id: 's', client_user: who, target: `pod/${who}`, ...more });
  return [
    of('Session Start', 0, 'A'),
    of('Port Steal', 1, 'A', { port: 80 }),
    of('Port Mirror', 2, 'A', { port: 81 }),
    of('Session End', 3, 'A'),
    of('Port Release', 4, 'A', { port: 80 }),
    of('Session Start', 10, 'B'),
    of('Port Steal', 11, 'B', { port: 8080 }),
    of('Session End', 13, 'B'),
    of('Port Steal', 21, 'C', { port: 80, http_filter: 'x' }),
    of('Session End', 23, 'C'),
    of('Session Start', 30, 'D'),
    of('Port Steal', 31, 'D', { port: 80 }),
    of('x', 40, ''),
  ];
})();

t.test(
  'whoever uses an id again has a session of their own, on their target and with their ports',
  async (t) => {
    const rows = (usage: Usage) =>
      [...auditRows(usage)].map(({ person, place, seconds, taken, missing, held }) => {
        const took = [...taken.ports, ...taken.filters].join(' ');
        return [person.clientUser, place.target, seconds, took, missing, held.join()].join('|');
      });
    const whole = [
      'A|pod/A|3|80 81||',
      'B|pod/B|3|8080||',
      'C|pod/C|2|80 80=x|start|',
      'D|pod/D|10|80|end|80',
    ];
    t.same(rows(usageOf(handedOn)), whole);
    const usage = usageOf(handedOn);
    const byUser = ranking(usage, ['user', 'port'], { sort: 'key' }).groups;
    t.same(
      byUser.map(({ key, sessions, seconds }) => [...key, sessions, seconds].join(' ')),
      ['A 80 1 3', 'A 81 1 3', 'B 8080 1 3', 'C 80 1 2', 'D 80 1 10'],
    );
    t.same(
      portSteals(usage.sessions, usage.until).map(({ target, port, held }) => [target, port, held].join(' ')),
      ['pod/A 80 0', 'pod/B 8080 0', 'pod/C 80 0', 'pod/D 80 1', 'pod/A 81 0'],
    );
    holds(
      t,
      fc.property(
        fc.shuffledSubarray(handedOn, { minLength: handedOn.length }),
        fc.integer({ min: 0, max: handedOn.length }),
        (shuffled, cut) => {
          const parts = usageOf(shuffled.slice(0, cut), 3);
          parts.merge(kept(usageOf(shuffled.slice(cut), 2)).state());
          return rows(parts).join() === whole.join() && rows(kept(parts)).join() === whole.join();
        },
      ),
    );
  },
);

t.test('a port that a session only gave back is one of its ports', async (t) => {
  const of = (message: string, id: string, port: number, http_filter?: string) =>
    logRecord(message, port, { session_id: id, port, http_filter });
  const usage = usageOf([
    of('Port Release', 'gave back', 80),
    of('Port Steal', 'both', 81, 'x'),
    of('Port Release', 'both', 81),
    of('Port Steal', 'one more', 82, 'x'),
    of('Port Release', 'one more', 83),
    of('Port Release', 'several', 84),
    of('Port Release', 'several', 85),
    of('Port Release', 'filtered', 86),
    of('Port Release', 'filtered', 86, 'x'),
  ]);
  const rows = [...auditRows(usage)].map(({ id, taken }) => [id, ...taken.ports, ...taken.filters].join(' '));
  t.same(rows.sort(), [
    'both 81 81=x',
    'filtered 86 86=x',
    'gave back 80',
    'one more 82 83 82=x',
    'several 84 85',
  ]);
  const byPort = ranking(usage, ['port'], { sort: 'key' }).groups.map(({ key, sessions }) => [
    ...key,
    sessions,
  ]);
  t.same(
    byPort,
    [80, 81, 82, 83, 84, 85, 86].map((port) => [`${port}`, 1]),
  );
  t.same(
    portSteals(usage.sessions, usage.until).map(({ port }) => port),
    ['81', '82'],
    'nobody knows how it was taken',
  );
});

t.test('a session that loops over its ports is told with the first and the last time', async (t) => {
  const of = (message: string, seconds: number) => logRecord(message, seconds, { session_id: 's', port: 80 });
  const loop = Array.from({ length: 3000 }, (_, k) => of(k % 2 === 0 ? 'Port Steal' : 'Port Release', k));
  const { sessions } = usageOf([of('Session Start', 0), ...loop]);
  const told = sessions.ports.of(sessions.table.firstUse(0)).map(({ action, first, last }) => ({
    action,
    ...{ first: first - Date.UTC(2024, 3, 1), last: last - Date.UTC(2024, 3, 1) },
  }));
  t.same(told, [
    { action: 'steal', first: 0, last: 2_998_000 },
    { action: 'release', first: 1000, last: 2_999_000 },
  ]);
  t.equal(sessions.ports.dropped, 0);
});

t.test('what is missing is told, and durations are what the records say', async (t) => {
  const who = {
    client_user: 'u',
    client_id: 'c',
    client_name: 'N',
    client_hostname: 'h',
    target: 'deployment/web',
  };
  const usage = usageOf([
    logRecord('Session Start', 0, { ...who, session_id: 'whole' }),
    logRecord('Session End', 60, { ...who, session_id: 'whole', session_duration: 59.5 }),
    logRecord('Session Start', 10, { ...who, session_id: 'silent' }),
    logRecord('Session End', 30, { ...who, session_id: 'silent' }),
    logRecord('Session End', 100, { ...who, session_id: 'no start', session_duration: 40 }),
    logRecord('Session Start', 50, { ...who, session_id: 'no end' }),
    logRecord('Port Steal', 70, { ...who, session_id: 'neither', port: 80, http_filter: 'x' }),
    logRecord('Session Start', 75, who),
    logRecord('Session Start', 1, { ...who, session_id: 'again' }),
    logRecord('Session End', 2, { ...who, session_id: 'again' }),
    logRecord('Session Start', 3, { ...who, session_id: 'again' }),
    logRecord('Session End', 5, { ...who, session_id: 'again' }),
    logRecord('Port Steal', 200, {}),
  ]);
  const rows = [...auditRows(usage)].map(({ id, seconds, missing, taken }) => [
    id,
    seconds,
    missing,
    taken.ports.join(),
  ]);
  t.same(
    rows.sort((a, b) => (String(a) < String(b) ? -1 : 1)),
    [
      ['', 125, 'end', ''],
      ['again', 1, '', ''],
      ['again', 2, '', ''],
      ['neither', 130, 'both', '80'],
      ['no end', 150, 'end', ''],
      ['no start', 40, 'start', ''],
      ['silent', 20, '', ''],
      ['whole', 59.5, '', ''],
    ],
  );
  const start = (id: string) => [...auditRows(usage)].find((row) => row.id === id)!.start;
  t.equal(start('no start'), Date.UTC(2024, 3, 1, 0, 1), 'as the duration tells');
  t.equal(start('neither'), undefined);
});

t.test('a duration is a number, also as a text; one that cannot be is none', async (t) => {
  const usage = usageOf([
    logRecord('Session Start', 0, { session_id: 'negative' }),
    logRecord('Session End', 7, { session_id: 'negative', session_duration: -50 }),
    logRecord('Session End', 10, { session_id: 'no start', session_duration: -50 }),
    logRecord('Session End', 20, { session_id: 'before all years', session_duration: 1e12 }),
    logRecord('Session End', 30, { session_id: 'longest', session_duration: 6e10 }),
    logRecord('Session End', 40, { session_id: 'text', session_duration: ' 12.5' }),
    logRecord('Session End', 50, { session_id: 'word', session_duration: 'long' }),
  ]);
  const rows = [...auditRows(usage)].map(({ id, start, seconds }) => [id, start, seconds]);
  t.strictSame(rows.sort(), [
    ['before all years', undefined, 1e12],
    ['longest', Date.UTC(2024, 3, 1, 0, 0, 30) - 6e13, 6e10],
    ['negative', Date.UTC(2024, 3, 1), 7],
    ['no start', undefined, 0],
    ['text', Date.UTC(2024, 3, 1, 0, 0, 27, 500), 12.5],
    ['word', undefined, 0],
  ]);
  t.equal(ranking(usage, ['day']).total.seconds, 1e12 + 6e10 + 7 + 12.5);
});

t.test(
  'a session is in the group of each of its ports, and once in the total and the remainder',
  async (t) => {
    const session = (id: string, ...ports: number[]) => [
      logRecord('Session Start', 0, { session_id: id, client_user: id }),
      ...ports.map((port) => logRecord('Port Mirror', 1, { session_id: id, client_user: id, port })),
      logRecord('Session End', 10, { session_id: id, client_user: id }),
    ];
    const usage = usageOf([
      ...session('a', 80, 81, 82),
      ...session('b', 80),
      ...session('c', 81, 82),
      ...session('d'),
    ]);
    const all = ranking(usage, ['port'], { sort: 'key' });
    t.same(
      all.groups.map(({ key, sessions, users }) => [...key, sessions, users]),
      [
        ['', 1, 1],
        ['80', 2, 2],
        ['81', 2, 2],
        ['82', 2, 2],
      ],
    );
    t.equal(all.total.sessions, 4);
    const { rest } = ranking(usage, ['port'], { sort: 'key', top: 2 });
    t.same([rest?.sessions, rest?.groups], [1, 2], 'a and b are told');
  },
);

t.test('steals of one port collide unless their filters keep them apart', async (t) => {
  const steal = (id: string, from: number, to: number, http_filter?: string) => [
    logRecord('Session Start', from, { session_id: id, target: 'deployment/web' }),
    logRecord('Port Steal', from, { session_id: id, target: 'deployment/web', port: 80, http_filter }),
    logRecord('Session End', to, { session_id: id, target: 'deployment/web' }),
  ];
  const collisions = (...steals: ReturnType<typeof steal>[]) => {
    const usage = usageOf(steals.flat());
    return portSteals(usage.sessions, usage.until).map((ports) => ports.collisions);
  };
  t.same(collisions(steal('a', 0, 10, 'x'), steal('b', 5, 15, 'y')), [0], 'different filters');
  t.same(collisions(steal('a', 0, 10, 'x'), steal('b', 5, 15, 'x')), [1], 'the same');
  t.same(collisions(steal('a', 0, 10, 'x'), steal('b', 5, 15)), [1], 'all requests beside some');
  t.same(collisions(steal('a', 0, 10), steal('b', 10, 15)), [0], 'one after the other');
  t.same(collisions(steal('a', 5, 5), steal('b', 5, 15)), [0], 'one that lasted no time');
  const usage = usageOf([
    ...steal('a', 0, 10, 'x'),
    ...steal('b', 1, 20, 'x').slice(0, 2),
    logRecord('x', 30),
  ]);
  t.match(portSteals(usage.sessions, usage.until), [
    { port: '80', target: 'deployment/web', steals: 2, filtered: 2, filters: ['x'], held: 1 },
  ]);
});

t.test('a session does not collide with itself, and holds what it took again', async (t) => {
  const of = (message: string, seconds: number, id: string, http_filter?: string) =>
    logRecord(message, seconds, { session_id: id, target: 'deployment/web', port: 80, http_filter });
  const told = (...records: ReturnType<typeof of>[]) => {
    const usage = usageOf(records);
    const held = [...auditRows(usage)].filter(({ held }) => held.length > 0).map(({ id }) => id);
    return portSteals(usage.sessions, usage.until).map(({ steals, collisions, held: open }) =>
      [steals, collisions, open, ...held].join(' '),
    );
  };
  const changed = [of('Port Steal', 0, 'a', 'x'), of('Port Steal', 5, 'a', 'y'), of('Port Steal', 9, 'a')];
  t.same(told(...changed), ['3 0 1 a'], 'another filter');
  const again = ['Port Steal', 'Port Release', 'Port Steal'].map((message, k) => of(message, k, 'a'));
  t.same(told(...again), ['1 0 1 a'], 'given back and taken again');
  t.same(told(...again, of('Port Release', 4, 'a')), ['1 0 0']);
  t.same(
    told(...again, of('Port Steal', 1.5, 'b'), of('Port Release', 3, 'b')),
    ['2 1 1 a'],
    'b took it while a had given it back, and then a collided with b',
  );
});

t.test('how many sessions there were at once', async (t) => {
  const session = (id: string, from: number, to?: number) => [
    logRecord('Session Start', from, { session_id: id }),
    ...(to === undefined ? [] : [logRecord('Session End', to, { session_id: id })]),
  ];
  const usage = usageOf(
    [session('a', 0, 10), session('b', 5, 20), session('c', 10, 30), session('d', 12)].flat(),
  );
  const { most, at, open } = concurrencyOf(usage.sessions, usage.until, 0);
  t.same([most, new Date(at).getUTCSeconds(), open], [3, 12, 1]);
  t.equal(concurrencyOf(usage.sessions, usage.until + 1e6, 5e5).open, 0, 'what is too old is open no more');
});

t.test('sessions whose ids nobody asks for are told apart as others are', async (t) => {
  const records = damagedLog(2000);
  const [withIds, without] = [usageOf(records), usageOf(records, 100, { keepsIds: false })];
  t.same(
    [...auditRows(without)].map(({ id, ...row }) => row),
    [...auditRows(withIds)].map(({ id, ...row }) => row),
  );
  t.same(new Set([...auditRows(without)].map(({ id }) => id)), new Set(['']), 'no id is kept');
});

t.test('of sessions those alone that used ports', async (t) => {
  const { sessions, until } = usageOf(damagedLog(3000));
  const told = (each: 'each' | 'eachWithPorts', order?: Uint32Array): number[][] => {
    const rows: number[][] = [];
    sessions[each](until, ({ row, which, start, ports }) => rows.push([row, which, start, ports]), order);
    return rows;
  };
  const order = Uint32Array.from({ length: sessions.table.length }, (_, k) => sessions.table.length - 1 - k);
  for (const of of [undefined, order]) {
    const wanted = told('each', of).filter(([, , , ports]) => ports !== 0xffff_ffff);
    t.ok(wanted.length > 0 && wanted.length < sessions.table.length);
    t.same(told('eachWithPorts', of), wanted);
  }
});

t.test('sessions of one moment stand in an order that their records alone tell', async (t) => {
  const targets = ['pod/p0', 'pod/mirrord-copy-y'];
  const who = (k: number) => ({ client_user: `u${k % 3}`, client_id: `c${k % 3}`, target: targets[k % 2] });
  const nameless = Array.from({ length: 24 }, (_, k) =>
    logRecord(k % 4 === 0 ? 'Session End' : 'Session Start', k % 3, {
      ...who(k),
      ...(k % 8 === 0 && { session_duration: 1 + (k % 5) }),
    }),
  );
  const named = Array.from({ length: 6 }, (_, k) =>
    logRecord('Session Start', 1, { ...who(0), session_id: `s${k}` }),
  );
  const copies = ['pod/p0', 'pod/mirrord-copy-y', 'pod/mirrord-copy-z'].map((target) =>
    logRecord('Copy Target', 2, { ...who(0), target, scale_down: target.endsWith('y') }),
  );
  const records = [...nameless, ...named, ...copies];
  const whole = answers(usageOf(records));
  t.ok(
    whole.audit.some(({ copies }) => copies.length > 1),
    'there are copies',
  );
  for (const [seed, size] of [
    [5, 100],
    [7, 3],
    [13, 1],
  ] as const) {
    const shuffled = records.map((_, k) => records[(k * seed) % records.length]!);
    const parts = usageOf(shuffled.slice(20), size);
    parts.merge(usageOf(shuffled.slice(0, 20), size).state());
    for (const usage of [usageOf(shuffled, size), parts]) {
      t.same(answers(usage), whole, `${seed}`);
      const rows = (one: Usage) => Array.from(one.sessions.inOrder(), (row) => one.sessions.table.heard(row));
      t.same(rows(usage), rows(usageOf(records)));
    }
  }
});
