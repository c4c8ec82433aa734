import fc from 'fast-check';
import t from 'tap';
import { type Admission, counterRandom, MergeError, Reservoir } from '../../lib/math/index.ts';
import type { ReservoirsOptions } from '../../lib/math/reservoir/reservoir-options.ts';
import { Reservoirs } from '../../lib/math/reservoirs.ts';

const kinds: readonly ReservoirsOptions[] = [
  {},
  { size: 20 },
  { size: 20, admission: 'priority' },
  { size: 1 },
  { size: 300 },
];

interface Update {
  i: number;
  value: number;
  /** milliseconds */
  t: number;
  u: number;
}

/** What it knows, to the last bit. */
function known(pool: Reservoirs, i: number): string {
  return JSON.stringify([pool.statistics(i), [...pool.sorted(i)], pool.percentile(i, 0.3), pool.state(i)]);
}

function poolOf(options: ReservoirsOptions, count: number): Reservoirs {
  const pool = new Reservoirs(options);
  for (let i = 0; i < count; i++) pool.add();
  return pool;
}

function update(pool: Reservoirs, list: readonly Update[]): number {
  const column = (of: (x: Update) => number): Float64Array => Float64Array.from(list, of);
  return pool.updateAll(
    Uint32Array.from(list, ({ i }) => i),
    column(({ value }) => value),
    column((x) => x.t),
    column(({ u }) => u),
  );
}

/** Updates of six series: values often equal, and sometimes for long; few times, so that many are equal. */
const updates = fc.array(
  fc.record({
    i: fc.nat({ max: 5 }),
    value: fc.oneof(
      fc.constant(4),
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    ),
    t: fc.oneof(fc.nat({ max: 20 }), fc.integer({ min: 0, max: 9_000_000 })),
    u: fc.oneof(fc.constantFrom(0.25, 0.5), fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })),
  }),
  { maxLength: 900, size: 'max' },
);

t.test('a sample is a function of the set of updates: any order, any lists, any parts merged', async (t) => {
  const holds = fc.property(
    fc.constantFrom(...kinds),
    updates,
    fc.integer({ min: 1, max: 16 }),
    fc.infiniteStream(fc.nat()),
    (options, list, parts, choices) => {
      const pick = (of: number): number => (choices.next().value as number) % of;
      const whole = poolOf(options, 6);
      update(whole, list);
      const shuffled = list
        .map((one) => ({ one, key: choices.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one);
      const pools = Array.from({ length: parts }, () => poolOf(options, 6));
      for (let from = 0; from < shuffled.length; ) {
        const to = from + 1 + pick(200);
        update(pools[pick(parts)]!, shuffled.slice(from, to));
        from = to;
        if (pick(5) === 0) pools[pick(parts)]!.statistics(pick(6));
      }
      const [first, ...others] = pools as [Reservoirs, ...Reservoirs[]];
      for (const other of others) for (let i = 0; i < 6; i++) first.merge(i, other, i);
      return [0, 1, 2, 3, 4, 5].every((i) => known(first, i) === known(whole, i));
    },
  );
  t.doesNotThrow(() => fc.assert(holds, { seed: 13, numRuns: 200 }));
});

t.test('of equal times the greater random number is the newest, then the greater value', async (t) => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    const pool = poolOf({ size: 1 }, 1);
    const three = [
      { i: 0, value: 9, t: 5, u: 0.3 },
      { i: 0, value: 1, t: 5, u: 0.7 },
      { i: 0, value: 2, t: 5, u: 0.7 },
    ];
    update(
      pool,
      order.map((k) => three[k]!),
    );
    t.same([...pool.sorted(0)], [2]);
  }
});

t.test('a list stops before what is not finite', async (t) => {
  const pool = poolOf({}, 1);
  const indices = new Uint32Array(6);
  const values = Float64Array.of(1, 2, NaN, 4, 5, 6);
  const times = Float64Array.of(1, 2, 3, 4, Infinity, 6);
  const randoms = new Float64Array(6).fill(0.5);
  t.equal(pool.updateAll(indices, values, times, randoms), 2);
  t.equal(pool.updateAll(indices, values, times, randoms, 3), 4);
  t.equal(pool.updateAll(indices, values, times, randoms, 5), 6);
  t.same([...pool.sorted(0)], [1, 2, 4, 6]);
  t.equal(pool.count(0), 4);
});

t.test('options outside of their ranges', async (t) => {
  t.throws(() => new Reservoirs({ size: 0 }), /size must be an integer/);
  t.throws(() => new Reservoirs({ alpha: NaN }), /alpha must be/);
  t.throws(() => new Reservoirs({ admission: 'first' as Admission }), /newest or priority/);
});

t.test('a state goes on in another place of another pool', async (t) => {
  const draw = counterRandom(1, 2);
  const some = (i: number, n: number): Update[] =>
    Array.from({ length: n }, (_, k) => ({ i, value: k < 50 ? 2 : k, t: k * 1000, u: draw() }));
  for (const options of kinds) {
    const [from, to] = [poolOf(options, 1), poolOf(options, 3)];
    for (let i = 0; i < 3; i++) update(to, some(i, 700));
    const neighbours = [known(to, 0), known(to, 2)];
    for (const count of [0, 3, 60, 900]) {
      update(from, some(0, count));
      to.load(1, JSON.parse(JSON.stringify(from.state(0)), revived));
      t.equal(known(to, 1), known(from, 0));
      const more = some(0, 400);
      update(from, more);
      update(
        to,
        more.map((one) => ({ ...one, i: 1 })),
      );
      t.equal(known(to, 1), known(from, 0));
    }
    t.same([known(to, 0), known(to, 2)], neighbours, 'the neighbours are as they were');
    const wrong = { count: 1, newest: undefined, entries: new Float64Array(3) };
    t.throws(() => to.load(1, wrong), /no state of a reservoir/);
    t.equal(known(to, 1), known(from, 0), 'nor does a bad state change anything');
  }
});

/** A typed array that went through JSON. */
function revived(key: string, value: unknown): unknown {
  return key === 'entries' ? Float64Array.from(Object.values(value as object) as number[]) : value;
}

t.test('what cannot be merged', async (t) => {
  const pool = poolOf({ admission: 'priority' }, 1);
  t.throws(() => pool.merge(0, pool, 0), /they are one/);
  t.throws(() => pool.merge(0, new Reservoirs(), 0), MergeError);
  t.throws(() => pool.merge(0, new Reservoirs({ admission: 'priority', size: 5 }), 0), /sizes are 128 and 5/);
});

t.test('many distinct records of one time and value are drawn alike', async (t) => {
  // Of 1000 records at one time each is kept as often as any other: chi-squared over them, 999 degrees of freedom.
  const draw = counterRandom(7, 7);
  const kept = new Float64Array(1000);
  for (let round = 0; round < 400; round++) {
    const pool = poolOf({ admission: 'priority', size: 100 }, 1);
    update(
      pool,
      Array.from({ length: 1000 }, (_, value) => ({ i: 0, value, t: 1_770_000_000_000, u: draw() })),
    );
    for (const value of pool.sorted(0)) kept[value]!++;
  }
  const expected = 40;
  const chi = kept.reduce((sum, n) => sum + (n - expected) ** 2 / (expected * 0.9), 0);
  t.ok(Math.abs(chi - 999) < 4 * Math.sqrt(2 * 999), `chi-squared ${chi.toFixed(0)}`);
});

t.test('a reservoir alone is one of a pool that is given its random numbers', async (t) => {
  const alone = new Reservoir({ seed: 3, series: 70 });
  const pool = poolOf({}, 1);
  const draw = counterRandom(3, 70);
  const list = Array.from({ length: 3000 }, (_, k) => ({
    i: 0,
    value: (k * 7919) % 1000,
    t: k * 1000,
    u: draw(),
  }));
  update(pool, list);
  for (const { value, t: at } of list) alone.update(value, at / 1000);
  t.same(alone.state(), pool.state(0));
});
