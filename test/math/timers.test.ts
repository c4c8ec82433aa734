import t from 'tap';
import { counterRandom, Timer } from '../../lib/math/index.ts';
import { Timers } from '../../lib/math/timers.ts';
import { isClose, rateKeys } from './goldens.ts';

const N = 6000;
const indices = Uint32Array.from({ length: N }, (_, k) => (k % 7 === 0 ? 2 : k % 2));
const durations = Float64Array.from(indices, (_, k) => (k * 7919) % 1000);
const times = Float64Array.from(indices, (_, k) => 20_000 + k * 3000);
const draw = counterRandom(4, 4);
const randoms = Float64Array.from(indices, () => draw());

function poolOf(size?: number): Timers {
  const pool = new Timers(size === undefined ? {} : { size });
  for (let i = 0; i < 3; i++) pool.add();
  return pool;
}

t.test('both parts see all, whatever the lists, and parts merge to the whole', async (t) => {
  for (const size of [undefined, 5]) {
    const whole = poolOf(size);
    t.equal(whole.updateAll(indices, durations, times, randoms), N);
    const parts = [poolOf(size), poolOf(size), poolOf(size)] as const;
    for (let from = 0; from < N; from += 700) {
      const to = Math.min(N, from + 700);
      t.equal(parts[from % 3]!.updateAll(indices, durations, times, randoms, from, to), to);
    }
    for (let i = 0; i < 3; i++) {
      parts[0].merge(i, parts[1], i);
      parts[0].merge(i, parts[2], i);
      t.same(parts[0].statistics(i), whole.statistics(i));
      t.same(parts[0].state(i).histogram, whole.state(i).histogram);
      t.equal(whole.count(i), whole.rates(i, 1e9).count);
      const [a, b] = [parts[0].rates(i, 2e7), whole.rates(i, 2e7)];
      t.ok(rateKeys.every((key) => isClose(a[key], b[key])));
    }
  }
});

t.test('what is not finite reaches neither part', async (t) => {
  const pool = poolOf();
  const values = Float64Array.of(1, NaN, 3);
  const at = Float64Array.of(1, 2, -Infinity);
  t.equal(pool.updateAll(new Uint32Array(3), values, at, randoms), 1);
  t.equal(pool.updateAll(new Uint32Array(3), values, at, randoms, 2), 2);
  t.equal(pool.count(0), 1);
  t.equal(pool.rates(0, 50).count, 1);
  t.throws(() => new Timers({ size: 1.5 }), /size must be/);
});

t.test('a state goes on in another pool', async (t) => {
  const pool = poolOf(50);
  const other = poolOf(50);
  pool.updateAll(indices, durations, times, randoms, 0, 900);
  for (let i = 0; i < 3; i++) other.load(i, pool.state(i));
  for (const each of [pool, other]) each.updateAll(indices, durations, times, randoms, 900, 1500);
  for (let i = 0; i < 3; i++) t.same(other.state(i), pool.state(i));
});

t.test('a timer alone is one of a pool with the same ticks that is given its random numbers', async (t) => {
  const pool = new Timers({ ticks: { start: 0, firstTick: 3000 } });
  pool.add();
  const alone = new Timer({ start: 0, firstTick: 3, seed: 1, series: 9 });
  const own = counterRandom(1, 9);
  for (let k = 0; k < 2000; k++) {
    pool.updateAll(
      Uint32Array.of(0),
      Float64Array.of(k % 97),
      Float64Array.of(k * 500),
      Float64Array.of(own()),
    );
    alone.update(k % 97, k / 2);
  }
  t.same(alone.state(), pool.state(0));
  t.same(alone.rates(1234), pool.rates(0, 1_234_000));
});
