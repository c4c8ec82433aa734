import t from 'tap';
import { KindLists } from '../lib/kind-lists.ts';

t.test('rows by kind, one list for all who ask for the same kinds', (t) => {
  const lists = new KindLists();
  const some = lists.of([3, 1]);
  const none = lists.of([9]);
  t.equal(lists.of([1, 3, 3]), some);
  t.not(lists.of([1]), some);
  const kinds = Uint8Array.of(1, 2, 3, 1, 255, 3);
  lists.select(kinds, 0, 6);
  t.same([...some.rows], [0, 2, 3, 5]);
  t.equal(none.rows.length, 0);
  lists.select(kinds, 1, 4);
  t.same([...some.rows], [2, 3]);
  lists.select(kinds, 4, 4);
  t.same([...some.rows], []);
  t.end();
});

t.test('batches of any size', (t) => {
  const lists = new KindLists();
  const all = lists.of([7]);
  for (const rows of [1, 5, 4096, 2]) {
    lists.select(new Uint8Array(rows).fill(7), 0, rows);
    t.equal(all.rows.length, rows);
    t.equal(all.rows[rows - 1], rows - 1);
  }
  t.end();
});
