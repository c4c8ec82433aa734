import fc from 'fast-check';
import t from 'tap';
import { moments, squares, sum } from '../../lib/math/moments.ts';
import { holds } from '../helpers/holds.ts';
import { isClose } from './goldens.ts';

const of = (...values: number[]): Float64Array => Float64Array.from(values);

function momentsOf(values: readonly number[]): { mean: number; variance: number; std_dev: number } {
  const out = { mean: NaN, variance: NaN, std_dev: NaN };
  moments(Float64Array.from(values), values.length, Math.min(...values), Math.max(...values), out);
  return out;
}

t.test('sum is exact where plain addition is not', async (t) => {
  t.equal(sum(of(1, 1e100, 1, -1e100), 4), 2);
  t.equal(sum(of(2 ** 53, 1, 1, 1), 4), 2 ** 53 + 4, 'rounded once: 2^53 + 3 is a tie');
  t.equal(sum(of(1, 2, 3, 4), 2), 3, 'of the first n');
  t.equal(sum(of(), 0), 0);
});

t.test('sums of integers are those of int64', async (t) => {
  const big = fc.maxSafeInteger();
  holds(
    t,
    fc.property(fc.array(big, { maxLength: 500, size: 'max' }), (values) => {
      const exact = values.reduce((a, b) => a + BigInt(b), 0n);
      return sum(Float64Array.from(values), values.length) === Number(exact);
    }),
    { seed: 4 },
  );
  t.pass('for random safe integers');
});

t.test('the order of the numbers does not show', async (t) => {
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
    minLength: 2,
    maxLength: 200,
    size: 'max',
  });
  holds(
    t,
    fc.property(numbers, (values) => {
      const a = Float64Array.from(values);
      const b = a.slice().sort();
      return sum(a, a.length) === sum(b, a.length) && squares(a, a.length, 3) === squares(b, a.length, 3);
    }),
    { seed: 4 },
  );
  t.pass('neither in sums nor in squares');
});

t.test('variance beside an exact one', async (t) => {
  // Integers around a large mean: everything can be computed with big integers.
  const values = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 2, maxLength: 300, size: 'max' });
  const means = fc.constantFrom(0, 1e6, 1e9, 1e12);
  holds(
    t,
    fc.property(values, means, (list, mean) => {
      const shifted = list.map((x) => x + mean);
      const n = BigInt(list.length);
      const total = list.reduce((a, b) => a + BigInt(b), 0n);
      const exact = n * list.reduce((a, b) => a + BigInt(b) ** 2n, 0n) - total * total;
      const wanted = Number(exact) / list.length ** 2;
      // The mean is a double: at 1e12 its rounding of 6e-5 adds its square.
      return Math.abs(momentsOf(shifted).variance - wanted) <= 1e-12 * wanted + (mean * 2 ** -53) ** 2;
    }),
    { seed: 4 },
  );
  t.pass('within 1e-12');
});

t.test('results stay between the extremes and inside the doubles', async (t) => {
  t.match(momentsOf([0.1, 0.1, 0.1]), { mean: 0.1, variance: 0, std_dev: 0 });
  const ends = momentsOf([Number.MAX_VALUE, -Number.MAX_VALUE, Number.MAX_VALUE]);
  t.ok(isClose(ends.mean, Number.MAX_VALUE / 3));
  t.ok(isClose(ends.std_dev, Number.MAX_VALUE * Math.sqrt(8 / 9)));
  t.equal(ends.variance, Number.MAX_VALUE);
  t.match(momentsOf([1e300, 1e300]), { mean: 1e300, variance: 0 });
  const wide = momentsOf([1e200, -1e200]);
  t.ok(isClose(wide.std_dev, 1e200), 'deviations whose squares overflow');
});
