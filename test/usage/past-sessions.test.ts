import t from 'tap';
import { Ledger } from '../../lib/ledger.ts';
import { type PageSource, snapshotOf } from '../../lib/page/gather.ts';
import { Histories } from '../../lib/page/histories.ts';
import type { Usage } from '../../lib/usage/index.ts';
import { PastSessions } from '../../lib/usage/past-sessions.ts';
import { damagedLog, kept, logRecord, usageOf } from './support.ts';

const DAY = 86_400;

const sourceOf = (usage: Usage, sessionMaxAge: number): PageSource => {
  return { title: '', live: true, usage, histories: new Histories(), ledger: new Ledger(), sessionMaxAge };
};

/** What the page shows, by names and not by numbers, which follow the order in which things came. */
function shown(usage: Usage, sessionMaxAge = 0) {
  const { head, pairs, cells, activity } = snapshotOf(sourceOf(usage, sessionMaxAge));
  const nameOf = (user: number, target: number): string => {
    const { name, namespace } = head.targets[target]!;
    return [head.users[user], namespace, name].join(' ');
  };
  const days = Array.from(cells.pair, (pair, k) => [
    nameOf(pairs.user[pair]!, pairs.target[pair]!),
    cells.day[k],
    cells.sessions[k],
  ]);
  // a session that gives a port back twice has it until the last time, which may come behind its rivals' ends
  const ports = head.ports.map(({ user, target, collisions: _, ...port }) => {
    return { ...port, who: nameOf(user, target) };
  });
  return {
    told: head.sessions,
    seconds: cells.seconds.reduce((sum, one) => sum + one, 0),
    days: days.sort(byText),
    ports: ports.sort(byText),
    activity: [Array.from(activity.minute), Array.from(activity.starts), Array.from(activity.ends)],
  };
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

const settling = { kept: 20, open: 1000, maxAge: 0 };

t.test('the page shows the same of sessions that are no longer kept one by one', (t) => {
  const records = damagedLog(6000);
  const whole = usageOf(records, 50);
  const settled = usageOf(records, 50, { settling });
  const { table, past } = settled.sessions;
  t.ok(table.length < whole.sessions.table.length / 3, `${table.length} rows are left`);
  t.ok(past.withoutStart > 0, 'of some the start is missing');
  const { seconds, ...rest } = shown(whole);
  const { seconds: some, ...others } = shown(settled);
  t.same(others, rest);
  t.ok(Math.abs(seconds - some) <= 1, 'but for rounding');
  t.same(shown(kept(settled)), shown(settled), 'and of what a state keeps of it');
  t.end();
});

t.test('what others have measured adds up to it', (t) => {
  const records = damagedLog(4000);
  const settled = usageOf(records.slice(0, 3000), 50, { settling });
  settled.merge(usageOf(records.slice(3000)).state());
  const { seconds: _, ...whole } = shown(usageOf(records));
  const { seconds: __, ...sum } = shown(settled);
  t.same(sum, whole);
  const twice = usageOf([], 1, { settling });
  twice.merge(kept(settled).state());
  twice.merge(kept(settled).state());
  t.equal(twice.sessions.past.withoutStart, 2 * settled.sessions.past.withoutStart);
  t.end();
});

t.test('ids that are used again, ids in other scripts, and sessions without one', (t) => {
  const records = Array.from({ length: 400 }, (_, k) => [
    logRecord('Session Start', 10 * k, {
      session_id: k % 3 === 0 ? undefined : `é${k % 150}`,
      client_user: 'ada',
    }),
    logRecord('Port Steal', 10 * k + 1, { session_id: `é${k % 150}`, port: k % 5 }),
    logRecord('Session End', 10 * k + 5, { session_id: `é${k % 150}`, client_user: 'ada' }),
  ]).flat();
  const { seconds: _, ...rest } = shown(usageOf(records, 30, { settling: { ...settling, kept: 160 } }));
  const { seconds: __, ...whole } = shown(usageOf(records));
  t.same(rest, whole);
  t.end();
});

t.test('of open sessions the oldest go once there are too many', (t) => {
  const records = Array.from({ length: 200 }, (_, k) =>
    logRecord('Session Start', 60 * k, { session_id: `s${k}`, client_user: 'ada' }),
  );
  const maxAge = 1000 * 3600;
  const settled = usageOf(records, 10, { settling: { kept: 10, open: 30, maxAge } });
  t.ok(settled.sessions.table.length <= 60, 'they are bounded');
  const { told, days } = shown(settled, maxAge);
  t.equal(told.withoutEnd, 200);
  t.equal(
    days.reduce((sum, [, , sessions]) => sum + Number(sessions), 0),
    200,
  );
  t.end();
});

t.test('what is long past becomes coarser, and none of it is lost', (t) => {
  const past = new PastSessions(() => [0, 0]);
  const sum = { sessions: 0, seconds: 0 };
  for (let day = 0; day < 400; day++) {
    for (let client = 0; client < 2000; client++) {
      past.addCell(client, client % 7, 20_000 + day, 2, 3);
      sum.sessions += 2;
      sum.seconds += 6 / 2;
    }
  }
  for (let minute = 0; minute < 400 * 1440; minute += 2) past.addMinute('starts', 20_000 * 1440 + minute, 1);
  past.bound();
  const seen = { sessions: 0, seconds: 0 };
  const days = new Set<number>();
  past.eachCell((_, __, day, sessions, seconds) => {
    seen.sessions += sessions;
    seen.seconds += seconds;
    days.add(day);
  });
  t.same(seen, sum);
  t.ok(days.size < 160, `${days.size} days, weeks and months`);
  t.ok(days.has(20_399) && days.has(20_310), 'the last three months are as they were');
  const starts = past.minutes('starts');
  t.ok(starts.size < 120_000, `${starts.size} minutes and hours`);
  t.equal(
    [...starts.values()].reduce((a, b) => a + b, 0),
    200 * 1440,
  );
  t.end();
});

t.test('ports that collided still have', (t) => {
  const records = Array.from({ length: 300 }, (_, k) => {
    const who = { session_id: `s${k}`, client_user: `u${k % 4}`, target: 'deployment/web' };
    return [
      logRecord('Session Start', 10 * k, who),
      logRecord('Port Steal', 10 * k + 1, { ...who, port: k % 3, http_filter: k % 5 === 0 ? 'x: y' : '' }),
      logRecord('Session End', 10 * k + 12 + 37 * (k % 3), who),
    ];
  })
    .flat()
    .sort((a, b) => (String(a.timestamp) < String(b.timestamp) ? -1 : 1));
  const collisions = (usage: Usage): number[] => {
    const { ports } = snapshotOf(sourceOf(usage, 0)).head;
    return [0, 1, 2].map((port) => ports.find((row) => row.port === String(port))!.collisions);
  };
  const whole = collisions(usageOf(records, 10));
  t.ok(whole[2]! > 20, `${whole}`);
  const settled = usageOf(records, 10, { settling });
  t.ok(settled.sessions.table.length < 40);
  t.same(collisions(settled), whole);
  t.same(collisions(kept(settled)), whole);
  t.end();
});

t.test('beyond some users and targets the rest is one, and totals stay whole', (t) => {
  const past = new PastSessions(() => [7, 7]);
  const [pairs, times] = [150_000, 2];
  for (let k = 0; k < times * pairs; k++) {
    const [client, target] = [10 + (k % 75_000), 10 + Math.floor((k % pairs) / 75_000)];
    past.addCell(client, target, 19_000, 1, 60);
    past.addPort(client, target, 3, 'steal', { sessions: 1, first: k, last: k });
  }
  const sums = { all: 0, rest: 0 };
  past.eachCell((client, target, _, count) => {
    sums.all += count;
    if (client === 7 && target === 7) sums.rest += count;
  });
  t.same(sums, { all: times * pairs, rest: times * (pairs - 100_000) });
  let ported = past.droppedPorts;
  past.eachPort((_, __, ___, ____, { sessions }) => {
    ported += sessions;
  });
  t.equal(ported, times * pairs);
  t.equal(past.droppedPorts, times * (pairs - 100_000), 'what is known counts on');
  t.end();
});

t.test('sessions end one day and another', (t) => {
  const records = [0, 1, 2].flatMap((day) => [
    logRecord('Session Start', day * DAY, { session_id: `d${day}`, client_user: 'ada' }),
    logRecord('Session End', day * DAY + 90_000, { session_id: `d${day}`, client_user: 'ada' }),
  ]);
  const settled = usageOf(records, 1, { settling: { ...settling, kept: 0 } });
  t.ok(settled.sessions.table.length <= 1);
  t.same(shown(settled), shown(usageOf(records)));
  t.end();
});
