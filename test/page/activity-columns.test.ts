import fc from 'fast-check';
import t from 'tap';
import { packActivity, unpackActivity } from '../../lib/page/activity-columns.ts';
import { holds } from '../helpers/holds.ts';
import { year } from './year.ts';

t.test('any activity comes back', async (t) => {
  const count = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1000 }));
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000_000 }), count, count, count));
  holds(
    t,
    fc.property(rows, (rows) => {
      const column = (of: number): Uint32Array => Uint32Array.from(rows, (row) => row[of]!);
      const activity = { minute: column(0).sort(), starts: column(1), ends: column(2), most: column(3) };
      const back = unpackActivity({ minute: activity.minute, ...packActivity(activity) });
      return (['starts', 'ends', 'most'] as const).every(
        (key) => String(back[key]) === String(activity[key]),
      );
    }),
  );
});

t.test('minutes stand by the time of day, and what is below the bound by the lesser count', async (t) => {
  const day = 1440;
  const { starts, ends, below } = packActivity({
    minute: Uint32Array.of(9, 10, day + 9, day + 10),
    starts: Uint32Array.of(1, 2, 3, 4),
    ends: Uint32Array.of(1, 0, 3, 1),
    // of the bounds 1, 2, 5 and 6
    most: Uint32Array.of(1, 2, 3, 5),
  });
  t.same([...starts], [1, 3, 2, 4]);
  t.same([...ends], [1, 3, 0, 1]);
  t.same([...below], [0, 0, 1, 2], 'the lesser counts are 1, 0, 3 and 1');
  const { activity } = year({ sessions: 3000, users: 20, targets: 7, days: 30 });
  t.same(unpackActivity({ minute: activity.minute, ...packActivity(activity) }), activity);
});
