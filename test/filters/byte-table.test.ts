import t from 'tap';
import { ByteTable, NO, UNKNOWN, YES } from '../../lib/filters/byte-table.ts';

t.test('nothing is known of an id before it is set, however large', (t) => {
  const table = new ByteTable();
  t.equal(table.get(0), UNKNOWN);
  t.equal(table.get(1 << 20), UNKNOWN);
  table.set(7, YES);
  table.set(1 << 20, NO);
  t.same(
    [7, 8, 1 << 20, (1 << 20) + 1].map((id) => table.get(id)),
    [YES, UNKNOWN, NO, UNKNOWN],
  );
  t.end();
});
