import t from 'tap';
import { WholeCounts } from '../../lib/math/whole-counts.ts';

t.test('counts are exact beyond the places that they have', (t) => {
  const counts = new WholeCounts(2);
  counts.add(1, 2 ** 32 - 1);
  t.same([...counts.slice(0, 2)], [0, 2 ** 32 - 1]);
  counts.add(1, 1);
  counts.add(1, 3 * 2 ** 32 + 5);
  counts.add(0, 7);
  t.same([...counts.slice(0, 2)], [7, 4 * 2 ** 32 + 5]);
  counts.add(1, 2 ** 52);
  t.same([...counts.slice(1, 2)], [2 ** 52 + 4 * 2 ** 32 + 5]);
  t.end();
});

t.test('what is cleared is zero, and its neighbours stay', (t) => {
  const counts = new WholeCounts(3);
  for (const place of [0, 1, 2]) counts.add(place, 2 ** 32 + place);
  counts.clear(1, 2);
  t.same([...counts.slice(0, 3)], [2 ** 32, 0, 2 ** 32 + 2]);
  counts.grow(5);
  t.equal(counts.room, 5);
  t.same([...counts.slice(0, 5)], [2 ** 32, 0, 2 ** 32 + 2, 0, 0]);
  t.end();
});
