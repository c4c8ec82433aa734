import t from 'tap';
import { between, percentiles, position } from '../../lib/math/percentile.ts';

t.test('positions are q (n + 1), held inside 1 to n', async (t) => {
  t.equal(position(0.5, 3), 2);
  t.equal(position(0.5, 128), 64.5);
  t.equal(position(0.99, 128), 127.71);
  t.equal(position(0.999, 128), 128, 'beyond the last is the last: 128 values have no p999 of their own');
  t.equal(position(0, 5), 1);
  t.equal(position(-3, 5), 1);
  t.equal(position(7, 5), 5);
});

t.test('percentiles ascend, as their keys say', async (t) => {
  for (const [key, q] of percentiles) t.equal(Number(`0.${key.slice(1)}`), q, key);
  t.same(
    percentiles.map(([, q]) => q),
    percentiles.map(([, q]) => q).toSorted(),
  );
});

t.test('between two values', async (t) => {
  t.equal(between(1, 2, 0), 1);
  t.equal(between(1, 2, 0.5), 1.5);
  t.equal(between(-4, -4, 0.3), -4);
  const max = Number.MAX_VALUE;
  t.equal(between(-max, max, 0.5), 0, 'farther apart than the largest double');
  t.equal(between(-max, max, 1), max);
  t.equal(between(-max, max, 0), -max);
});
