import fc from 'fast-check';
import t from 'tap';
import { gatherOrders, gatherPairs } from '../../../lib/math/reservoir/compaction.ts';
import { Rows } from '../../../lib/math/rows.ts';
import { Slabs } from '../../../lib/math/slabs.ts';
import { holds } from '../../helpers/holds.ts';

function listOf(numbers: readonly number[]): { lists: Slabs; at: number } {
  const rows = new Rows();
  const lists = new Slabs(rows, 1000);
  const at = rows.reserve(lists.width);
  rows.next();
  rows.add();
  for (const [v, x] of numbers.entries()) lists.put(at, v, x);
  return { lists, at };
}

/** Few different numbers, so that several stand at the threshold. */
const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 0, max: 4 })), {
  minLength: 1,
  maxLength: 200,
  size: 'max',
});

t.test('the pairs that a full sort would put first stay', async () => {
  holds(
    t,
    fc.property(pairs, fc.nat(), (list, pick) => {
      const keep = 1 + (pick % list.length);
      const order = list.toSorted((x, y) => x[0] - y[0] || x[1] - y[1]);
      const last = order[keep - 1]!;
      const { lists, at } = listOf(list.flat());
      const out = new Float64Array(2 * list.length);
      const thresholdValue = gatherPairs(lists, at, 2 * list.length, keep, last[0], out);
      const kept = Array.from({ length: keep }, (_, i) => [out[2 * i]!, out[2 * i + 1]!] as const);
      const sorted = kept.toSorted((x, y) => x[0] - y[0] || x[1] - y[1]);
      return thresholdValue === last[1] && String(sorted) === String(order.slice(0, keep));
    }),
    { seed: 4, numRuns: 500 },
  );
});

t.test('in the sequence that they came in, if there is no tie', async (t) => {
  const { lists, at } = listOf([5, 50, 1, 10, 4, 40, 2, 20, 3, 30]);
  const out = new Float64Array(10);
  t.equal(gatherPairs(lists, at, 10, 3, 3, out), 30);
  t.same([...out.subarray(0, 6)], [1, 10, 2, 20, 3, 30]);
});

t.test('orders alone', async (t) => {
  const { lists, at } = listOf([5, 1, 3, 3, 2, 3, 9]);
  const out = new Float64Array(7);
  gatherOrders(lists, at, 7, 4, 3, out);
  t.same([...out.subarray(0, 4)], [1, 2, 3, 3], 'and as many of the threshold as are left');
});
