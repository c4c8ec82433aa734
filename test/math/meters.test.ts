import fc from 'fast-check';
import t from 'tap';
import { Ewma, type Rates } from '../../lib/math/index.ts';
import { Meters, type MetersOptions } from '../../lib/math/meters.ts';
import { isClose, rateKeys } from './goldens.ts';

const EPOCH = 1_770_000_000_000;

interface Mark {
  i: number;
  n: number;
  /** milliseconds */
  t: number;
  u: number;
}

function poolOf(options: MetersOptions, count: number): Meters {
  const pool = new Meters(options);
  for (let i = 0; i < count; i++) pool.add();
  return pool;
}

function mark(pool: Meters, list: readonly Mark[]): number {
  const column = (of: (x: Mark) => number): Float64Array => Float64Array.from(list, of);
  const indices = Uint32Array.from(list, ({ i }) => i);
  if (list.every(({ n }) => n === 1))
    return pool.countAll(
      indices,
      column((x) => x.t),
    );
  return pool.markAll(
    indices,
    column(({ n }) => n),
    column((x) => x.t),
    column(({ u }) => u),
  );
}

const isNear = (a: Rates, b: Rates): boolean =>
  a.count === b.count && rateKeys.every((key) => isClose(a[key], b[key]));

/** Marks of three meters, within an hour, or a day at times. */
const marks = fc.array(
  fc.record({
    i: fc.nat({ max: 2 }),
    n: fc.oneof(fc.constant(1), fc.nat({ max: 5 }), fc.double({ min: 0, max: 1e6, noNaN: true })),
    t: fc
      .oneof(fc.nat({ max: 60_000 }), fc.nat({ max: 3_600_000 }), fc.nat({ max: 86_400_000 }))
      .map((ms) => EPOCH + ms),
    u: fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
  }),
  { maxLength: 400, size: 'max' },
);

t.test('a meter is a function of the set of its marks: any order, any lists, any parts merged', async (t) => {
  const holds = fc.property(
    fc.constantFrom<MetersOptions>(
      {},
      { statistics: true },
      { statistics: { size: 10, admission: 'priority' } },
    ),
    marks,
    fc.integer({ min: 1, max: 16 }),
    fc.infiniteStream(fc.nat()),
    (options, list, parts, choices) => {
      const pick = (of: number): number => (choices.next().value as number) % of;
      const whole = poolOf(options, 3);
      mark(
        whole,
        list.toSorted((a, b) => a.t - b.t),
      );
      const shuffled = list
        .map((one) => ({ one, key: choices.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one);
      const pools = Array.from({ length: parts }, () => poolOf(options, 3));
      for (let from = 0; from < shuffled.length; ) {
        const to = from + 1 + pick(100);
        mark(pools[pick(parts)]!, shuffled.slice(from, to));
        from = to;
        if (pick(5) === 0) pools[pick(parts)]!.rates(pick(3), EPOCH + pick(86_400_000));
      }
      const [first, ...others] = pools as [Meters, ...Meters[]];
      for (const other of others) for (let i = 0; i < 3; i++) first.merge(i, other, i);
      const end = EPOCH + 86_400_000;
      return [0, 1, 2].every(
        (i) =>
          isNear(first.rates(i, end), whole.rates(i, end)) &&
          isNear(first.rates(i, end + 7_000), whole.rates(i, end + 7_000)) &&
          (options.statistics === undefined ||
            JSON.stringify(first.statistics(i)) === JSON.stringify(whole.statistics(i))),
      );
    },
  );
  t.doesNotThrow(() => fc.assert(holds, { seed: 13, numRuns: 200 }));
});

t.test('rates by their definition: ticks at multiples of 5 s, the first one sets the rate', async (t) => {
  const pool = poolOf({}, 1);
  const at = [1_000, 2_500, 4_999, 5_000, 61_000, 61_500, 3_700_000];
  mark(
    pool,
    at.map((ms) => ({ i: 0, n: 2, t: EPOCH + ms, u: 0.5 })),
  );
  const end = EPOCH + 3_705_000;
  const rates = pool.rates(0, end);
  for (const [key, minutes] of [
    ['m1_rate', 1],
    ['m5_rate', 5],
    ['m15_rate', 15],
  ] as const) {
    const ewma = new Ewma({ minutes });
    for (let tick = 0; tick < 741; tick++) {
      for (const ms of at) if (Math.floor(ms / 5000) === tick) ewma.update(2);
      ewma.tick();
    }
    t.ok(isClose(rates[key], ewma.rate()), key);
  }
  t.equal(rates.mean_rate, 14 / 3704, 'from the earliest mark');
  t.match(pool.rates(0, EPOCH), { count: 14, mean_rate: 0 }, 'at or before which there is none');
  t.equal(pool.rates(0, EPOCH).m1_rate, pool.rates(0, EPOCH + 3_700_000).m1_rate, 'no reading goes back');
});

t.test('mean_rate is exact to the digits of milliseconds', async (t) => {
  const pool = poolOf({}, 1);
  mark(pool, [{ i: 0, n: 1, t: EPOCH + 0.125, u: 0.5 }]);
  t.equal(pool.rates(0, EPOCH + 60_000.25).mean_rate, 1 / 60.000125);
});

t.test('counts are exact sums', async (t) => {
  const pool = poolOf({}, 1);
  mark(
    pool,
    [1e16, 1, 1, 0.1, 0.2].map((n) => ({ i: 0, n, t: EPOCH, u: 0.5 })),
  );
  t.equal(pool.count(0), 10000000000000002);
});

t.test('a list stops before what is not finite', async (t) => {
  const pool = poolOf({ statistics: true }, 1);
  const list = [1, NaN, 3, Infinity, 5].map((n, k) => ({ i: 0, n, t: EPOCH + k, u: 0.5 }));
  t.equal(mark(pool, list), 1);
  t.equal(mark(pool, list.slice(2)), 1);
  t.equal(mark(pool, [{ i: 0, n: 1, t: NaN, u: 0.5 }]), 0);
  t.equal(pool.count(0), 4);
  t.equal(pool.statistics(0).count, 2);
  t.throws(() => pool.rates(0, NaN), { code: 'MEASUREMENT_NOT_FINITE' });
  t.throws(() => new Meters({ statistics: { size: 0 } }), /size must be/);
  t.throws(() => new Meters().statistics(0), TypeError);
});

t.test('before its first mark a meter says 0', async (t) => {
  const pool = poolOf({ statistics: true }, 2);
  const zero = { count: 0, mean_rate: 0, m1_rate: 0, m5_rate: 0, m15_rate: 0 };
  t.same(pool.rates(0, EPOCH), zero);
  t.same(pool.state(0).numbers, []);
  pool.merge(0, pool, 1);
  pool.load(0, pool.state(1));
  t.same(pool.rates(0, EPOCH), zero);
});

t.test('ones stand among other amounts as if they had come evenly, and are not kept', async (t) => {
  const pool = poolOf({ statistics: true }, 2);
  const ones = Array.from({ length: 3000 }, (_, k) => ({ i: 0, n: 1, t: EPOCH + k * 100, u: 0.5 }));
  mark(pool, ones);
  t.match(pool.statistics(0), { count: 3000, min: 1, max: 1, variance: 0, p9999: 1 });
  const others = Array.from({ length: 100 }, (_, k) => ({
    i: 0,
    n: 1000 + k,
    t: EPOCH + 300_000 + k * 100,
    u: ((k * 37) % 100) / 100 + 0.005,
  }));
  mark(pool, others);
  const { count, max, min } = pool.statistics(0);
  t.same([count, min, max], [3100, 1, 1099], 'the newest stays');
  t.equal(pool.state(0).amounts?.others.count, 100);
  mark(pool, [{ i: 0, n: 1, t: EPOCH + 9e9, u: 0.5 }]);
  t.equal(pool.statistics(0).count, 3101);
});

t.test('a state goes on in another pool', async (t) => {
  const [from, to] = [poolOf({ statistics: true }, 1), poolOf({ statistics: true }, 2)];
  const list = Array.from({ length: 900 }, (_, k) => ({
    i: 0,
    n: k % 3,
    t: EPOCH + k * 777,
    u: ((k * 7) % 11) / 11 + 0.01,
  }));
  mark(from, list.slice(0, 500));
  to.load(1, from.state(0));
  mark(from, list.slice(500));
  mark(
    to,
    list.slice(500).map((one) => ({ ...one, i: 1 })),
  );
  t.same(to.state(1), from.state(0));
  t.throws(() => to.load(0, { count: [], numbers: [] }), /no state of a meter/);
});

t.test(
  'a meter whose ticks are still to come keeps its start, however it is stored and merged',
  async (t) => {
    const meters = new Meters();
    const [early, late, other] = [meters.add(), meters.add(), meters.add()];
    meters.takeTimes(early, 1, 7_000, 7_000);
    meters.take(late, meters.state(early));
    meters.takeTicks(late, Int32Array.of(1), Uint32Array.of(1), 1);
    t.equal(meters.rates(late, 9_000).mean_rate, 0.5);
    meters.countAll(Uint32Array.of(other), Float64Array.of(8_000));
    meters.take(early, meters.state(other));
    meters.takeTicks(early, Int32Array.of(1), Uint32Array.of(1), 1);
    t.equal(meters.rates(early, 9_000).mean_rate, 1);
    meters.take(other, meters.state(late));
    t.equal(meters.rates(other, 9_000).mean_rate, 1);
  },
);
