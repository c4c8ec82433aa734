import t from 'tap';
import { NaturalLog } from '../../../lib/math/natural-log.ts';
import { expectedOrders } from '../../../lib/math/reservoir/equal.ts';

t.test('of values at one time, the k-th has the rank k', async (t) => {
  // A priority above x is as likely as 1 / x, so of n values n / x have one; the orders are the negative logarithms.
  const orders = expectedOrders(10, 100, 100, 0.015, 4, new NaturalLog());
  t.equal(orders.length, 4);
  for (const [i, order] of orders.entries()) {
    const above = 10 / Math.exp(-order - 0.015 * 100);
    t.ok(Math.abs(above - (i + 0.5)) < 1e-9, `${above} are above entry ${i}`);
  }
});

t.test('ascending, no more than there were, and of the expected priorities', async (t) => {
  for (const [count, span, alpha, size] of [
    [1, 0, 0.015, 128],
    [50, 500, 0.015, 128],
    [3000, 300, 0.015, 128],
    [3000, 3e6, 0.015, 128],
    [500, 500, 0, 128],
  ] as const) {
    const orders = expectedOrders(count, 1000, 1000 + span, alpha, size, new NaturalLog());
    t.equal(orders.length, Math.min(count, size));
    t.ok(
      orders.every((order, i) => i === 0 || orders[i - 1]! < order),
      'ascending',
    );
    const step = count > 1 ? span / (count - 1) : 0;
    const above = (priority: number): number => {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += Math.min(1, Math.exp(alpha * (1000 + k * step) - priority));
      return sum;
    };
    const far = [...orders].map((order, i) => Math.abs(above(-order) - (i + 0.5)));
    // It is an approximation where weights begin to fall.
    const tolerance = Math.max(1, count / 20);
    t.ok(Math.max(...far) <= tolerance, `at most ${Math.max(...far)} off, of ${count} values in ${span} s`);
  }
});
