import t from 'tap';
import { type SortKey, sortKeys } from '../../lib/usage/group-keys.ts';
import { rankingOf } from '../../lib/usage/ranking.ts';
import { logRecord, usageOf } from './support.ts';

/** Sessions of users who nearly all have one, of a few lengths: most of the order is that of names. */
function manyUsers(users: number) {
  const records = Array.from({ length: users }, (_, k) => {
    // every hundredth user comes again
    const user = k % 100 === 99 ? 7 : (k * 7919) % users;
    const fields = { client_user: `u${user}`, session_id: `s${k}`, target: `deployment/t${k % 3}` };
    const seconds = k % 5;
    return [
      logRecord('Session Start', k, fields),
      logRecord('Session End', k + seconds, { ...fields, session_duration: seconds }),
    ];
  });
  return usageOf(records.flat());
}

t.test('the top of a ranking is what stands first where all are told, in every order', (t) => {
  const { sessions, until } = manyUsers(3000);
  for (const by of [['user'], ['user', 'target']] as const) {
    for (const sort of sortKeys) {
      const all = rankingOf(sessions, { by, now: until, sort });
      const some = rankingOf(sessions, { by, now: until, sort, top: 12 });
      t.same(some.groups, all.groups.slice(0, 12), `${by.join()} by ${sort}`);
      t.equal(some.rest?.groups, all.groups.length - 12);
      t.same(some.total, all.total);
    }
  }
  t.end();
});

t.test('what is not told is one remainder, and a ranking of nobody is empty', (t) => {
  const { sessions, until } = manyUsers(300);
  const sort: SortKey = 'sessions';
  const { groups, rest, total } = rankingOf(sessions, { by: ['user'], now: until, sort, top: 1 });
  t.same([groups[0]!.key, groups[0]!.sessions], [['u7'], 4]);
  t.equal(rest!.sessions, total.sessions - 4);
  t.equal(rest!.users, total.users - 1);
  const none = rankingOf(sessions, { by: ['user'], now: until, only: new Set() });
  t.same([none.groups, none.rest!.sessions], [[], total.sessions]);
  t.same(rankingOf(sessions, { by: ['user'], now: until, period: { from: 0, to: 1 } }).total.sessions, 0);
  t.end();
});
