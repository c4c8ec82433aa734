import fc from 'fast-check';
import t from 'tap';
import { SessionDays } from '../../lib/page/session-days.ts';

const DAY = 86_400_000;
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

t.test('whole seconds add up to the seconds of the pair', async () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { maxLength: 60 }), (seconds) => {
      const table = new SessionDays();
      for (const [day, each] of seconds.entries()) table.add(3, 0, day * DAY, each);
      return Math.abs(sum(table.cells().cells.seconds) - sum(seconds)) <= 0.500001;
    }),
  );
});

t.test(
  'beyond the bound the past becomes weeks, then months, and pairs join the remainder; totals stay',
  async (t) => {
    for (const most of [8000, 4000, 2500]) {
      const table = new SessionDays();
      for (let pair = 0; pair < 20; pair++) {
        for (let day = 0; day < 400; day++) table.add(pair, 0, day * DAY, 2);
      }
      const { cells, remainder } = table.cells(most);
      t.ok(cells.day.length <= most, `at most ${most}: ${cells.day.length}`);
      t.ok(
        cells.day.every((day) => day < 400),
        'the days of the first week are in none before it',
      );
      t.equal(sum(cells.sessions) + remainder.sessions, 8000);
      t.equal(sum(cells.seconds) + remainder.seconds, 16_000);
    }
  },
);

t.test('of very many cells the time is told to the minute, and any sum of them is as exact', async (t) => {
  const table = new SessionDays();
  let exact = 0;
  for (let pair = 0; pair < 500_001; pair++) {
    const seconds = (pair * 7919) % 3600;
    table.add(pair, 0, DAY, seconds);
    if (pair < 1000) exact += seconds;
  }
  const { cells, secondsUnit } = table.cells();
  t.equal(secondsUnit, 60);
  t.ok(cells.seconds.every((seconds) => seconds % 60 === 0));
  t.ok(Math.abs(sum(cells.seconds.subarray(0, 1000)) - exact) <= 30);
});
