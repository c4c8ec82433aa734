import fc from 'fast-check';
import t from 'tap';
import { orderBy } from '../../lib/math/digit-sort.ts';
import { holds } from '../helpers/holds.ts';

t.test('places ascend by their keys, and equal ones stay as they were', async () => {
  const key = fc.oneof(
    fc.integer({ min: 0, max: 0xffff_ffff }),
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 0xffff_fff0, max: 0xffff_ffff }),
  );
  holds(
    t,
    fc.property(fc.array(fc.tuple(key, key), { maxLength: 300 }), (pairs) => {
      const columns = [0, 1].map((k) => Uint32Array.from(pairs, (pair) => pair[k]!));
      const order = Uint32Array.from(pairs.keys());
      orderBy(order, columns[1]!);
      orderBy(order, columns[0]!);
      const expected = [...pairs.keys()].sort(
        (a, b) => pairs[a]![0] - pairs[b]![0] || pairs[a]![1] - pairs[b]![1] || a - b,
      );
      return String([...order]) === String(expected);
    }),
  );
});
