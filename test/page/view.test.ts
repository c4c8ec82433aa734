import t from 'tap';
import type { Snapshot } from '../../lib/page/snapshot.ts';
import { isOfController, sessionsAtOnce, titleOf, viewOf, weekOf, wholeRange } from '../../lib/page/view.ts';
import { year } from './year.ts';

const { head } = year({ sessions: 1, users: 3, targets: 2, days: 1 });

/** Two users, two targets, three days from day 100 on. */
const snapshot: Snapshot = {
  head,
  pairs: { user: Uint32Array.of(0, 0, 1), target: Uint32Array.of(0, 1, 0) },
  cells: {
    pair: Uint32Array.of(0, 0, 1, 2),
    day: Uint32Array.of(100, 102, 101, 102),
    sessions: Uint32Array.of(2, 1, 5, 4),
    seconds: Uint32Array.of(20, 10, 50, 400),
  },
  activity: {
    minute: Uint32Array.of(100 * 1440 + 10, 100 * 1440 + 12, 102 * 1440),
    starts: Uint32Array.of(3, 2, 1),
    ends: Uint32Array.of(0, 4, 2),
    most: Uint32Array.of(2, 4, 1),
  },
};

t.test('all days of the cells', async (t) => {
  t.same(wholeRange(snapshot), { from: 100, to: 102 });
  const empty = { ...snapshot, cells: { ...snapshot.cells, day: new Uint32Array(0) } };
  const { from, to } = wholeRange(empty);
  t.equal(from, to, 'a day where there is nothing');
});

t.test('totals, days, users and targets of a range', async (t) => {
  const all = viewOf(snapshot, { from: 100, to: 102 });
  t.same(all.total, { sessions: 12, seconds: 480 });
  t.same(all.daily, { sessions: [2, 5, 5], seconds: [20, 50, 410], users: [1, 1, 2] });
  t.same(
    all.users.map(({ user, sessions, targets, firstDay, lastDay }) => [
      user,
      sessions,
      targets,
      firstDay,
      lastDay,
    ]),
    [
      [0, 8, 2, 100, 102],
      [1, 4, 1, 102, 102],
    ],
  );
  t.same(
    all.targets.map(({ target, sessions, users }) => [target, sessions, users]),
    [
      [0, 7, 2],
      [1, 5, 1],
    ],
  );
  t.same(
    all.pairs.map(({ user, target, sessions }) => [user, target, sessions]),
    [
      [0, 1, 5],
      [1, 0, 4],
      [0, 0, 3],
    ],
  );
});

t.test('a shorter range leaves out what is before and behind', async (t) => {
  const { total, users, daily } = viewOf(snapshot, { from: 101, to: 101 });
  t.same(total, { sessions: 5, seconds: 50 });
  t.same(daily.users, [1]);
  t.equal(users.length, 1);
});

t.test('the most sessions at once, what began before the range included', async (t) => {
  const all = sessionsAtOnce(snapshot.activity, { from: 100, to: 102 });
  t.equal(all.peak, 4);
  t.equal(all.most[0], 4);
  t.equal(all.most[1], 1, 'what goes on counts in the hours behind');
  t.equal(all.times[0], 100 * 86_400_000);
  const last = sessionsAtOnce(snapshot.activity, { from: 102, to: 102 });
  t.equal(last.peak, 1);
});

t.test('starts by weekday and hour', async (t) => {
  // day 100, 11 April 1970, was a Saturday
  const week = weekOf(snapshot.activity, { from: 100, to: 102 });
  t.equal(week[5]![0], 5);
  t.equal(week[0]![0], 1);
});

t.test('where all that came are metrics of a controller they are looked at first', async (t) => {
  const metrics = (metric: string): Snapshot['head']['metrics'] => [
    { source: 's', metric, labels: '', type: 'meter', times: [], keys: {} },
  ];
  const none = { ...snapshot.cells, pair: new Uint32Array(0) };
  const of = (metric: string, cells: Snapshot['cells'] = none): Snapshot => ({
    ...snapshot,
    head: { ...head, metrics: metrics(metric) },
    cells,
  });
  t.equal(isOfController(of('link.latency')), true);
  t.equal(titleOf(of('link.latency')), 'OpenZiti metrics');
  t.equal(isOfController(of('mirrormon_log_records_total')), false, 'of an Operator without a session yet');
  t.equal(isOfController(of('link.latency', snapshot.cells)), false, 'there are sessions, too');
  t.equal(titleOf(snapshot), head.title);
});
