import fc from 'fast-check';
import t from 'tap';
import {
  type Admission,
  MeasurementError,
  MergeError,
  Reservoir,
  Reservoirs,
  type ReservoirsOptions,
} from '../../lib/math/index.ts';

const kinds: readonly ReservoirsOptions[] = [
  {},
  { size: 20 },
  { size: 20, admission: 'priority' },
  { size: 1 },
  { size: 300, forgetEqual: true },
];

/** What both know, to the last bit. */
function known(reservoirs: Reservoirs, i: number): unknown {
  return [reservoirs.statistics(i), reservoirs.values(i), reservoirs.percentile(i, 0.3), reservoirs.state(i)];
}

t.test('a reservoir of a pool is a reservoir alone', async () => {
  const updates = fc.array(
    fc.record({
      i: fc.nat({ max: 5 }),
      // often equal, and sometimes for long
      value: fc.oneof(
        fc.constant(4),
        fc.integer({ min: -3, max: 3 }),
        fc.double({ noNaN: true, min: -9, max: 9 }),
      ),
      t: fc.integer({ min: 0, max: 9000 }),
    }),
    { maxLength: 1500, size: 'max' },
  );
  fc.assert(
    fc.property(fc.constantFrom(...kinds), updates, (options, list) => {
      const pool = new Reservoirs({ ...options, seed: 3 });
      const alone: Reservoir[] = [];
      for (const { i, value, t: at } of list) {
        while (alone.length <= i) {
          pool.add(70 + alone.length);
          alone.push(new Reservoir({ ...options, seed: 3, series: 70 + alone.length }));
        }
        pool.update(i, value, at);
        alone[i]!.update(value, at);
      }
      return alone.every(
        (one, i) =>
          pool.count(i) === one.count &&
          JSON.stringify(known(pool, i)) ===
            JSON.stringify([one.statistics(), one.values(), one.percentile(0.3), one.state()]),
      );
    }),
    { seed: 4, numRuns: 150 },
  );
});

t.test('a list of updates is as many updates', async (t) => {
  for (const options of kinds) {
    const [one, all] = [new Reservoirs(options), new Reservoirs(options)];
    for (let series = 0; series < 3; series++) for (const pool of [one, all]) pool.add(series);
    const indices = Uint32Array.from({ length: 3000 }, (_, k) => (k * k) % 3);
    const values = Float64Array.from(indices, (_, k) => (k < 100 ? 5 : (k * 7919) % 1000));
    const times = Float64Array.from(indices, (_, k) => k);
    for (const [k, i] of indices.entries()) one.update(i, values[k]!, times[k]!);
    t.equal(all.updateAll(indices, values, times, 0, 1000), 1000);
    t.equal(all.updateAll(indices, values, times, 1000), 3000);
    for (let i = 0; i < 3; i++) t.same(known(all, i), known(one, i));
  }
});

t.test('a list stops before what is not finite', async (t) => {
  const pool = new Reservoirs();
  pool.add(0);
  const indices = new Uint32Array(6);
  const values = Float64Array.of(1, 2, NaN, 4, 5, 6);
  const times = Float64Array.of(1, 2, 3, 4, Infinity, 6);
  t.equal(pool.updateAll(indices, values, times), 2);
  t.same(pool.values(0), [1, 2]);
  t.equal(pool.updateAll(indices, values, times, 3), 4);
  t.equal(pool.updateAll(indices, values, times, 5), 6);
  t.same(pool.values(0), [1, 2, 4, 6]);
  t.throws(() => pool.update(0, NaN, 7), {
    code: 'MEASUREMENT_NOT_FINITE',
    message: 'a measurement must be finite, not NaN at 7 s',
  });
  t.throws(() => pool.percentile(0, NaN), MeasurementError);
  t.equal(pool.count(0), 4);
});

t.test('what cannot be added is not', async (t) => {
  t.throws(() => new Reservoirs({ size: 0 }), /size must be an integer/);
  t.throws(() => new Reservoirs({ alpha: NaN }), /alpha must be/);
  t.throws(() => new Reservoirs({ admission: 'first' as Admission }), /newest or priority/);
  const pool = new Reservoirs({ seed: 5 });
  t.same([pool.add(8), pool.add(9)], [0, 1]);
  t.throws(() => pool.add(-1), /integers from 0 to 2\^53-1, not 5 and -1/);
  t.throws(() => pool.add(0.5), RangeError);
  t.equal(pool.length, 2);
  t.equal(pool.add(10), 2, 'and the next one is as it would have been');
  pool.update(2, 1, 1);
  const alone = new Reservoir({ seed: 5, series: 10 });
  alone.update(1, 1);
  t.same(pool.state(2), alone.state());
  t.doesNotThrow(() => new Reservoirs({ seed: -1, random: () => 0.5 }).add(-1), 'nobody needs a key');
});

t.test('a state goes on in another place of another pool', async (t) => {
  for (const options of kinds) {
    const [from, to] = [new Reservoirs(options), new Reservoirs(options)];
    from.add(7);
    for (const series of [1, 7, 2]) {
      to.update(to.add(series), 1, 1);
      for (let k = 0; k < 700; k++) to.update(to.length - 1, k, k);
    }
    const neighbours = [known(to, 0), known(to, 2)];
    for (const count of [0, 3, 60, 900]) {
      for (let k = 0; k < count; k++) from.update(0, k < 50 ? 2 : k, k);
      to.load(1, from.state(0));
      for (let k = 0; k < 400; k++) {
        from.update(0, k % 7, k);
        to.update(1, k % 7, k);
      }
      t.same(known(to, 1), known(from, 0));
    }
    t.same([known(to, 0), known(to, 2)], neighbours, 'the neighbours are as they were');
    t.throws(() => to.load(1, { form: 9, numbers: new Float64Array(8) }), /no state of a reservoir/);
    t.same(known(to, 1), known(from, 0), 'nor does a bad state change anything');
  }
});

t.test('merging in one pool and between two', async (t) => {
  const options = { admission: 'priority', size: 30 } as const;
  let u = 0;
  const random = (): number => {
    u = (u * 16807) % 2147483647;
    return u / 2147483647;
  };
  const merged = (parts: number): number[] => {
    u = 99;
    const pools = [new Reservoirs({ ...options, random }), new Reservoirs({ ...options, random })];
    for (const pool of pools) for (let i = 0; i < parts; i++) pool.add(i);
    for (let k = 0; k < 500; k++) pools[k % 2]!.update((k >> 1) % parts, k, k);
    const [first, second] = pools as [Reservoirs, Reservoirs];
    for (let i = 0; i < parts; i++) first.merge(0, second, i);
    for (let i = 1; i < parts; i++) first.merge(0, first, i);
    t.equal(first.count(0), 500);
    return first.values(0);
  };
  t.same(merged(5), merged(1), 'whatever the parts');
  const pool = new Reservoirs(options);
  pool.add(0);
  t.throws(() => pool.merge(0, pool, 0), /they are one/);
  t.throws(() => pool.merge(0, new Reservoirs(), 0), MergeError);
});

t.test('random numbers of a caller who measures that, too', async (t) => {
  const inner = new Reservoirs();
  inner.add(0);
  let calls = 0;
  const pool = new Reservoirs({
    random: () => {
      inner.update(0, -1, ++calls);
      return 0.5;
    },
  });
  pool.add(0);
  for (let k = 0; k < 5; k++) pool.update(0, 10 + k, k);
  t.same(pool.values(0), [10, 11, 12, 13, 14]);
  t.same(inner.values(0), [-1, -1, -1, -1, -1]);
});
