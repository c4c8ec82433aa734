import fc from 'fast-check';
import t from 'tap';
import { SessionTable, UNKNOWN } from '../../lib/usage/session-table.ts';

t.test('a row was first heard of when the earliest of its records says, whichever comes first', async (t) => {
  const times = fc.integer({ min: -3, max: 3 });
  const records = fc.array(fc.record({ says: fc.constantFrom('start', 'end', 'port'), time: times }));
  const holds = fc.property(records, (records) => {
    const table = new SessionTable(true);
    const row = table.addNameless();
    for (const { says, time } of records) {
      if (says !== 'port' && Number.isNaN(table[says as 'start' | 'end'][row]!)) {
        table[says as 'start' | 'end'][row] = time;
      }
      table.hear(row, time);
    }
    const earliest = Math.min(...records.map(({ time }) => time));
    return table.heard(row) === earliest;
  });
  t.doesNotThrow(() => fc.assert(holds));
});

t.test('rows are in the order in which they were heard of', async (t) => {
  const table = new SessionTable(true);
  for (const [start, heard] of [
    [5, 5],
    [7, 1],
    [Number.NaN, 0],
    [3, 3],
  ] as const) {
    const row = table.add(start, heard, 'id');
    table.start[row] = start;
    table.hear(row, heard);
  }
  t.same([...table.inOrder(() => 0)], [2, 1, 3, 0]);
});

t.test('a row has no use of a port until it is given its first', async (t) => {
  const table = new SessionTable(false);
  for (let row = 0; row < 3000; row++) table.addNameless();
  t.equal(table.firstUse(2999), UNKNOWN);
  table.setFirstUse(2999, 0);
  t.equal(table.firstUse(2999), 0);
  t.equal(table.firstUse(0), UNKNOWN);
});
