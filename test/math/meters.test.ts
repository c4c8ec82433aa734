import fc from 'fast-check';
import t from 'tap';
import { Meter, Meters } from '../../lib/math/index.ts';

t.test('a meter of a pool is a meter alone', async () => {
  const marks = fc.array(
    fc.record({ i: fc.nat({ max: 4 }), n: fc.integer({ min: -2, max: 3 }), wait: fc.nat({ max: 300 }) }),
    { maxLength: 500, size: 'max' },
  );
  fc.assert(
    fc.property(fc.constantFrom(false, true, { size: 10 }), marks, (statistics, list) => {
      const pool = new Meters({ statistics });
      const alone: Meter[] = [];
      let now = 1000;
      for (const { i, n, wait } of list) {
        now += wait / 16;
        while (alone.length <= i) {
          const series = alone.length;
          pool.add(now, series, now + 2);
          const options = statistics === true ? {} : statistics;
          alone.push(
            new Meter({ start: now, firstTick: now + 2, statistics: options && { ...options, series } }),
          );
        }
        pool.mark(i, n, now);
        alone[i]!.mark(n, now);
      }
      return alone.every(
        (one, i) =>
          pool.count(i) === one.count &&
          JSON.stringify(pool.rates(i, now + 7)) === JSON.stringify(one.rates(now + 7)) &&
          JSON.stringify(pool.state(i)) === JSON.stringify(one.state()) &&
          (statistics === false || JSON.stringify(pool.statistics(i)) === JSON.stringify(one.statistics())),
      );
    }),
    { seed: 4, numRuns: 150 },
  );
});

t.test('a list of marks is as many marks, and stops before what is refused', async (t) => {
  for (const statistics of [false, true]) {
    const [one, all] = [new Meters({ statistics }), new Meters({ statistics })];
    for (const pool of [one, all]) for (let i = 0; i < 3; i++) pool.add(100, i);
    const indices = Uint32Array.from({ length: 1000 }, (_, k) => k % 3);
    const amounts = Float64Array.from(indices, (_, k) =>
      k % 200 === 150 ? NaN : k % 200 === 170 ? 1e308 : 1,
    );
    const times = Float64Array.from(indices, (_, k) => 100 + k / 2);
    const refused: number[] = [];
    for (const [k, i] of indices.entries()) {
      try {
        one.mark(i, amounts[k]!, times[k]!);
      } catch {
        refused.push(k);
      }
    }
    t.ok(refused.length > 5, 'what is not a number, and what leaves the numbers');
    const stops: number[] = [];
    for (let k = 0; k < 1000; k++) {
      k = all.markAll(indices, amounts, times, k);
      if (k < 1000) stops.push(k);
    }
    t.same(stops, refused);
    for (let i = 0; i < 3; i++) t.same(all.state(i), one.state(i));
  }
});

t.test('what cannot be added is not', async (t) => {
  const pool = new Meters({ statistics: true });
  t.throws(() => pool.add(NaN), { code: 'MEASUREMENT_NOT_FINITE' });
  t.throws(() => pool.add(0, 0, Infinity), { code: 'MEASUREMENT_NOT_FINITE' });
  t.throws(() => pool.add(0, -1), RangeError);
  t.throws(() => new Meters({ statistics: { size: 0 } }), /size must be/);
  t.equal(pool.length, 0);
  t.equal(pool.add(0), 0);
  t.throws(() => pool.mark(0, 1, NaN), {
    code: 'MEASUREMENT_NOT_FINITE',
    message: 'a mark must be finite and leave a finite count, not 1 at NaN s',
  });
  t.throws(() => pool.rates(0, NaN), { code: 'MEASUREMENT_NOT_FINITE' });
  t.throws(() => pool.load(0, { numbers: new Float64Array(8) }), /no state of a meter/);
  t.equal(new Meters().add(0, -1), 0, 'nobody needs a key without statistics');
  t.throws(() => new Meters().statistics(0), TypeError);
});

t.test('counters of ones keep no sample, beside one that does', async (t) => {
  const pool = new Meters({ statistics: true });
  for (let i = 0; i < 3; i++) pool.add(0, i);
  for (let k = 0; k < 3000; k++) pool.mark(k % 3, k % 3 === 1 ? k : 1, k);
  t.same(
    [0, 1, 2].map((i) => pool.state(i).amounts!.numbers.length > 8),
    [false, true, false],
  );
  t.match(pool.statistics(2), { count: 1000, min: 1, max: 1, p50: 1 });
  t.match(pool.statistics(1), { count: 1000, max: 2998 });
  t.equal(pool.count(2), 1000);
});
