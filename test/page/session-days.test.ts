import t from 'tap';
import { SessionDays } from '../../lib/page/session-days.ts';

const DAY = 86_400_000;

t.test('cells ascend, and equal ones are one', async (t) => {
  const table = new SessionDays();
  table.add(4, 7, 5 * DAY + 7, 10);
  table.add(4, 2, 9 * DAY, 1);
  table.add(4, 7, 5 * DAY, 20);
  table.add(4, 7, 4 * DAY, 3);
  const { pairs, cells, remainder } = table.cells();
  t.same(
    [[...pairs.user], [...pairs.target]],
    [
      [4, 4],
      [2, 7],
    ],
  );
  t.same([...cells.pair], [0, 1, 1]);
  t.same([...cells.day], [9, 4, 5]);
  t.same([...cells.sessions], [1, 1, 2]);
  t.same([...cells.seconds], [1, 3, 30]);
  t.same(remainder, { pairs: 0, sessions: 0, seconds: 0 });
});
