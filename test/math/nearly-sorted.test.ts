import fc from 'fast-check';
import t from 'tap';
import { sortNearlySorted } from '../../lib/math/nearly-sorted.ts';
import { holds } from '../helpers/holds.ts';

t.test('places ascend by what is compared, however far from order they were', async () => {
  const keys = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 });
  holds(
    t,
    fc.property(keys, fc.boolean(), (random, isNearly) => {
      const key = isNearly ? random.toSorted((a, b) => a - b).map((value, k) => value - (k % 3)) : random;
      const places = Uint32Array.from(key.keys());
      const tie = (a: number, b: number): number => b - a;
      const compare = (a: number, b: number): number => key[a]! - key[b]! || tie(a, b);
      sortNearlySorted(places, key, tie);
      return String([...places]) === String([...key.keys()].sort(compare));
    }),
  );
});

t.test('keys may be fractions, lie far apart, or be infinite', async () => {
  const numbers = fc.oneof(
    { weight: 20, arbitrary: fc.double({ min: 1.7e12, max: 1.8e12, noNaN: true }) },
    fc.double({ noNaN: true }).map((value) => value + 0),
    fc.constantFrom(0, -1e300, 1e300, Infinity, -Infinity),
  );
  holds(
    t,
    fc.property(fc.array(numbers, { maxLength: 300 }), (key) => {
      const places = Uint32Array.from(key.keys());
      const tie = (a: number, b: number): number => a - b;
      sortNearlySorted(places, key, tie);
      const compare = (a: number, b: number): number =>
        key[a] === key[b] ? a - b : key[a]! < key[b]! ? -1 : 1;
      return String([...places]) === String([...key.keys()].sort(compare));
    }),
  );
});

t.test(
  'what is sorted already takes one comparison each, and what is reversed no square of them',
  async (t) => {
    const sort = (places: Uint32Array): number => {
      let comparisons = 0;
      sortNearlySorted(places, new Uint8Array(places.length), (a, b) => {
        comparisons++;
        return a - b;
      });
      return comparisons;
    };
    const ascending = Uint32Array.from({ length: 10_000 }, (_, k) => k);
    t.equal(sort(ascending), 9_999);
    t.ok(sort(ascending.toReversed()) < 500_000);
  },
);
