import t from 'tap';
import { PairTable } from '../../lib/usage/pair-table.ts';

t.test('pairs have their numbers in the order in which they come, however many there are', async (t) => {
  const table = new PairTable();
  let wrong = 0;
  for (let round = 0; round < 2; round++) {
    for (let k = 0; k < 20_000; k++) if (table.number(k % 100, 0xffff_ffff - k) !== k) wrong++;
  }
  t.equal(wrong, 0);
  t.equal(table.length, 20_000);
  t.same([table.first[7], table.second[7]], [7, 0xffff_fff8]);
});
