import t, { type Test } from 'tap';
import { Timer, Timers } from '../../lib/math/index.ts';

/** Timer i of three, which differ in when they began and how often they are updated. */
const seriesOf = (k: number): number => (k % 7 === 0 ? 2 : k % 2);

function both(size?: number): { pool: Timers; alone: Timer[] } {
  const sized = size === undefined ? {} : { size };
  const pool = new Timers(sized);
  const alone = [0, 1, 2].map((i) => {
    pool.add(10 * i, 40 + i, 10 * i + 3);
    return new Timer({ ...sized, start: 10 * i, series: 40 + i, firstTick: 10 * i + 3 });
  });
  return { pool, alone };
}

function compare(t: Test, pool: Timers, alone: readonly Timer[], at: number): void {
  for (const [i, one] of alone.entries()) {
    t.same(pool.state(i), one.state());
    t.same(pool.statistics(i), one.statistics());
    t.same(pool.rates(i, at), one.rates(at));
    t.same(pool.values(i), one.values());
    t.equal(pool.percentile(i, 0.9), one.percentile(0.9));
    t.equal(pool.count(i), one.count);
    t.equal(pool.count(i), pool.rates(i, at).count, 'both parts saw all');
  }
}

t.test('a timer of a pool is a timer alone, one by one and by lists', async (t) => {
  for (const size of [undefined, 5]) {
    const { pool, alone } = both(size);
    const listed = both(size).pool;
    const indices = Uint32Array.from({ length: 6000 }, (_, k) => seriesOf(k));
    const durations = Float64Array.from(indices, (_, k) => (k * 7919) % 1000);
    const times = Float64Array.from(indices, (_, k) => 20 + k * 3);
    for (const [k, i] of indices.entries()) {
      pool.update(i, durations[k]!, times[k]!);
      alone[i]!.update(durations[k]!, times[k]!);
    }
    for (let from = 0; from < 6000; from += 700) {
      const to = Math.min(6000, from + 700);
      t.equal(listed.updateAll(indices, durations, times, from, to), to);
    }
    for (let i = 0; i < 3; i++) t.same(listed.state(i), pool.state(i));
    compare(t, listed, alone, 20_000);
  }
});

t.test('what is not finite reaches neither part', async (t) => {
  const { pool, alone } = both();
  const durations = Float64Array.of(1, NaN, 3);
  const times = Float64Array.of(1, 2, -Infinity);
  t.equal(pool.updateAll(new Uint32Array(3), durations, times), 1);
  t.equal(pool.updateAll(new Uint32Array(3), durations, times, 2), 2);
  alone[0]!.update(1, 1);
  compare(t, pool, alone, 50);
  t.throws(() => pool.update(0, Infinity, 3), { code: 'MEASUREMENT_NOT_FINITE' });
  compare(t, pool, alone, 50);
});

t.test('what cannot be added is not', async (t) => {
  const pool = new Timers();
  t.throws(() => pool.add(NaN, 0), { code: 'MEASUREMENT_NOT_FINITE' });
  t.throws(() => pool.add(0, -1), RangeError);
  t.throws(() => new Timers({ size: 1.5 }), /size must be/);
  t.equal(pool.length, 0);
  t.equal(pool.add(0, 0), 0);
});

t.test('a state goes on in another pool', async (t) => {
  const { pool, alone } = both(50);
  const other = both(50).pool;
  for (let k = 0; k < 900; k++) pool.update(seriesOf(k), k, k);
  for (let k = 0; k < 900; k++) alone[seriesOf(k)]!.update(k, k);
  for (let i = 0; i < 3; i++) other.load(i, pool.state(i));
  for (let k = 900; k < 1500; k++) other.update(seriesOf(k), k % 10, k);
  for (let k = 900; k < 1500; k++) alone[seriesOf(k)]!.update(k % 10, k);
  compare(t, other, alone, 1600);
});
