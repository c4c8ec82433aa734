import fc from 'fast-check';
import t from 'tap';
import { Thresholds } from '../../../lib/math/reservoir/threshold.ts';
import { Rows } from '../../../lib/math/rows.ts';
import { Slabs } from '../../../lib/math/slabs.ts';
import { holds } from '../../helpers/holds.ts';

/** A list of orders, or with a stride of 2 of orders and values. */
function listOf(orders: readonly number[], stride: number): { lists: Slabs; at: number } {
  const rows = new Rows();
  const lists = new Slabs(rows, Math.max(16, 2 * orders.length));
  const at = rows.reserve(lists.width);
  rows.next();
  rows.add();
  for (const [i, order] of orders.entries()) {
    if (stride === 1) lists.put(at, i, order);
    else lists.putPair(at, 2 * i, order, i);
  }
  return { lists, at };
}

const sorted = (orders: readonly number[]): Float64Array => Float64Array.from(orders).sort();

t.test('the order of a rank is that of a full sort', async () => {
  const noise = fc.double({ min: -10, max: 10, noNaN: true });
  const few = fc.constantFrom(-1, 0, 1, Infinity);
  const lists = fc
    .tuple(
      fc.array(fc.oneof(noise, few), { minLength: 1, maxLength: 2000, size: 'max' }),
      fc.constantFrom(0, 0.01, 15),
    )
    // from a busy series, which comes at random, to a slow one, which comes nearly descending
    .map(([list, slope]) => list.map((x, i) => x - slope * i));
  holds(
    t,
    fc.property(lists, fc.constantFrom(1, 2), fc.nat(), (orders, stride, pick) => {
      const rank = pick % orders.length;
      const { lists, at } = listOf(orders, stride);
      return (
        new Thresholds(orders.length).orderOfRank(lists, at, stride, orders.length, rank) ===
        sorted(orders)[rank]
      );
    }),
    { seed: 4, numRuns: 500 },
  );
});

t.test('guesses that go wrong', async (t) => {
  const n = 1541;
  const shapes: [string, (i: number) => number][] = [
    ['looks at even places see the smallest', (i) => (i % 48 === 24 ? -i : i)],
    ['descending, but for one half', (i) => (i < n / 2 ? -i : 1000 - i)],
    ['ascending', (i) => i],
    ['all equal', () => 7],
    ['all but one infinite', (i) => (i === 5 ? 1 : Infinity)],
  ];
  for (const [name, order] of shapes) {
    const orders = Array.from({ length: n }, (_, i) => order(i));
    const { lists, at } = listOf(orders, 2);
    for (const rank of [0, 1, 500, 1026, n - 1]) {
      t.equal(
        new Thresholds(n).orderOfRank(lists, at, 2, n, rank),
        sorted(orders)[rank],
        `${name}: rank ${rank}`,
      );
    }
  }
});
