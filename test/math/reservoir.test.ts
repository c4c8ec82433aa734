import t from 'tap';
import { MeasurementError, MergeError, Reservoir, type ReservoirOptions } from '../../lib/math/index.ts';
import {
  closeKeys,
  differences,
  exactKeys,
  goldens,
  type PercentileCase,
  type ReservoirCase,
} from './goldens.ts';

const YEAR = 365.25 * 86400;

/** A reservoir whose random numbers are set by hand. */
function scripted(options: ReservoirOptions = {}) {
  let next = 0.5;
  const reservoir = new Reservoir({ ...options, random: () => next });
  const update = (value: number, at: number, u: number): void => {
    next = u;
    reservoir.update(value, at);
  };
  return { reservoir, update };
}

function filled(options: ReservoirOptions, values: readonly number[], step = 1): Reservoir {
  const reservoir = new Reservoir(options);
  values.forEach((value, i) => {
    reservoir.update(value, i * step);
  });
  return reservoir;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Cases in which we differ on purpose, and why. */
const differing: Readonly<Record<string, string>> = {
  'out-of-order':
    'go-metrics always lets the value of the last call in; here the newest by its time stays, so that the sample does ' +
    'not depend on the order of the calls',
};

t.test('goldens: reservoirs', async (t) => {
  const cases = [...goldens<ReservoirCase>('expdecay'), ...goldens<ReservoirCase>('expdecay-long')];
  const known = cases.filter((found) => found.upstream_defect !== true);
  t.equal(known.length, 18, 'no case was lost');
  const sound = known.filter(({ name }) => differing[name] === undefined);
  t.equal(known.length - sound.length, Object.keys(differing).length);
  for (const found of sound) {
    const { reservoir, update } = scripted({ size: found.reservoir, alpha: found.alpha });
    let done = 0;
    for (const snapshot of found.snapshots) {
      for (; done < snapshot.after_updates; done++) {
        const [tNs, value, u] = found.updates[done]!;
        update(Number(value), tNs / 1e9, u);
      }
      const name = `${found.name} after ${done}`;
      t.same(differences(reservoir.statistics(), snapshot, exactKeys, closeKeys), [], name);
      t.same(reservoir.values(), snapshot.kept_sorted.map(Number), `${name}: kept`);
    }
  }
});

t.test('goldens: percentiles', async (t) => {
  const sound = goldens<PercentileCase>('percentiles').filter((found) => found.upstream_defect !== true);
  t.equal(sound.length, 14, 'no case was lost');
  for (const found of sound) {
    const reservoir = filled({ size: 200 }, found.values.map(Number));
    t.same(differences(reservoir.statistics(), found, ['min', 'max', 'mean'], closeKeys), [], found.name);
    t.same(
      found.ps.map((q) => reservoir.percentile(q)),
      found.expected.map(Number),
      `${found.name}: percentiles`,
    );
  }
});

t.test('where go-metrics breaks, the sample is that of a stream that was never interrupted so', async (t) => {
  const gap = goldens<ReservoirCase>('expdecay').find(({ name }) => name === 'burst-gap-14h')!;
  t.equal(gap.upstream_defect, true);
  for (const extra of [0, 14 * YEAR]) {
    const { reservoir, update } = scripted();
    const jump = gap.updates.findIndex(([tNs], i) => i > 0 && tNs - gap.updates[i - 1]![0] > 3.6e12);
    // After so long a gap the old values weigh nothing, so those after it are kept as if they had been alone.
    const alone = scripted({ size: 128 });
    gap.updates.forEach(([tNs, value, u], i) => {
      update(Number(value), tNs / 1e9 + (i < jump ? 0 : extra), u);
      if (i >= jump) alone.update(Number(value), tNs / 1e9, u);
    });
    const statistics = reservoir.statistics();
    t.ok(
      Object.values(statistics).every((x) => Number.isFinite(x)),
      'all finite',
    );
    t.same(reservoir.values(), alone.reservoir.values());
  }
  const wraps = goldens<PercentileCase>('percentiles').find(({ name }) => name === 'wraps')!;
  const { mean } = filled({}, wraps.values.map(Number)).statistics();
  t.equal(mean, (2 * 2 ** 63 + 5) / 3, 'a sum beyond int64 does not wrap');
});

t.test('no value, one value, one place', async (t) => {
  const empty = new Reservoir();
  t.ok(
    Object.values(empty.statistics()).every((x) => x === 0),
    'an empty reservoir says 0',
  );
  t.same(empty.values(), []);
  t.equal(empty.percentile(0.5), 0);

  const one = filled({}, [-7.5]);
  t.match(one.statistics(), {
    count: 1,
    min: -7.5,
    max: -7.5,
    mean: -7.5,
    variance: 0,
    p50: -7.5,
    p9999: -7.5,
  });
  t.same(one.values(), [-7.5]);

  for (const admission of ['newest', 'priority'] as const) {
    const last = filled({ size: 1, admission, alpha: 100 }, range(50));
    t.same(last.values(), [49], `size 1, ${admission}, alpha so large that only the newest counts`);
    t.equal(last.statistics().p50, 49);
    last.update(7, 50);
    t.same(last.values(), [7]);
  }
});

t.test('zero is one number', async (t) => {
  const reservoir = filled({}, [-0, 0, 1, -0]);
  t.same(reservoir.values(), [0, 0, 0, 1]);
  t.ok(
    reservoir.values().every((x) => !Object.is(x, -0)),
    'without a sign',
  );
});

t.test('equal times and times that go back', async (t) => {
  const { reservoir, update } = scripted({ size: 3, admission: 'priority' });
  // At one time only the random numbers decide: the smallest stay.
  for (const [i, u] of [0.5, 0.1, 0.9, 0.3, 0.2].entries()) update(i, 100, u);
  t.same(reservoir.values(), [1, 3, 4]);
  // 1000 s earlier, the same number is exp(15) less.
  update(9, -900, 0.01);
  t.same(reservoir.values(), [1, 3, 4], 'late and light');
  update(9, 100 - 100, 0.01);
  t.same(reservoir.values(), [1, 4, 9], 'late, but heavier than the lightest');
});

t.test('what is not finite is refused and leaves no trace', async (t) => {
  for (const options of [{}, { admission: 'priority' }] as const) {
    const reservoir = filled({ ...options }, [3, 3, 3]);
    const twin = filled({ ...options }, [3, 3, 3]);
    for (const [value, at] of [
      [NaN, 1],
      [Infinity, 1],
      [-Infinity, 1],
      [1, NaN],
      [1, Infinity],
      [NaN, -Infinity],
    ] as const) {
      t.throws(() => reservoir.update(value, at), {
        code: 'MEASUREMENT_NOT_FINITE',
        name: 'MeasurementError',
      });
    }
    t.same(reservoir.state(), twin.state(), 'unchanged');
    t.throws(() => reservoir.percentile(NaN), MeasurementError);
  }
});

t.test('options and random numbers outside of their ranges', async (t) => {
  for (const size of [0, -1, 1.5, NaN, 2 ** 25]) t.throws(() => new Reservoir({ size }), /size must be/);
  for (const alpha of [-1, NaN, Infinity]) t.throws(() => new Reservoir({ alpha }), /alpha must be/);
  t.throws(() => new Reservoir({ admission: 'oldest' as 'newest' }), /newest or priority/);
  t.throws(() => new Reservoir({ seed: -1 }), /integers/);
  for (const u of [NaN, -0.1, 1, 2]) {
    const reservoir = new Reservoir({ random: () => u });
    t.throws(() => reservoir.update(1, 1), /random must give numbers in \(0,1\)/);
    t.equal(reservoir.count, 0);
  }
  const zero = new Reservoir({ random: () => 0 });
  zero.update(1, 1);
  t.same(zero.values(), [1], 'Math.random may give 0');
});

t.test('alpha 0 is a uniform sample, whatever the times', async (t) => {
  const reservoir = filled({ alpha: 0, size: 100, admission: 'priority' }, range(10000), YEAR);
  const { mean } = reservoir.statistics();
  t.ok(Math.abs(mean - 4999.5) < 4 * (10000 / Math.sqrt(12) / 10), `mean ${mean}`);
});

t.test('values at the ends of the range of doubles', async (t) => {
  const big = Number.MAX_VALUE;
  const same = filled({}, [big, big, big, 1, big]).statistics();
  t.equal(same.max, big);
  t.ok(Math.abs(same.mean / big - 0.8) < 1e-15, `mean ${same.mean}`);
  t.ok(Math.abs(same.std_dev / big - 0.4) < 1e-15, `std_dev ${same.std_dev}`);
  t.equal(same.variance, big, 'a variance beyond the largest double is the largest double');
  const both = filled({}, [-big, big]).statistics();
  t.match(both, { mean: 0, std_dev: big, p50: 0 });
  t.match(filled({}, [5e-324, 1e-323]).statistics(), { min: 5e-324, max: 1e-323, variance: 0 });
});

t.test('large means do not swallow the variance', async (t) => {
  const values = range(128).map((i) => 1e9 + (i % 2));
  t.match(filled({}, values).statistics(), { mean: 1e9 + 0.5, variance: 0.25, std_dev: 0.5 });
});

t.test('equal values', async (t) => {
  const exact = filled({}, Array<number>(1000).fill(0.1));
  t.match(exact.statistics(), {
    count: 1000,
    min: 0.1,
    max: 0.1,
    mean: 0.1,
    variance: 0,
    std_dev: 0,
    p999: 0.1,
  });
  t.equal(exact.values().length, 128);
});

t.test('reading changes nothing', async (t) => {
  for (const admission of ['newest', 'priority'] as const) {
    const read = new Reservoir({ size: 20, admission });
    const unread = new Reservoir({ size: 20, admission });
    for (let i = 0; i < 2000; i++) {
      read.update((i * 7919) % 1000, i / 10);
      unread.update((i * 7919) % 1000, i / 10);
      if (i % 3 === 0) read.statistics();
      if (i % 7 === 0) read.values();
      if (i % 11 === 0) read.percentile(0.9);
    }
    t.same(read.values(), unread.values());
    t.same(read.statistics(), unread.statistics());
    t.same(read.statistics(), read.statistics());
  }
});

t.test('the state of a checkpoint goes on to the same bits', async (t) => {
  for (const options of [{}, { admission: 'priority' }, { size: 1 }] as const) {
    for (const at of [0, 1, 5, 40, 127, 128, 129, 500, 3000]) {
      const value = (i: number): number => (i < 50 ? 4 : (i * 7919) % 1000);
      const through = new Reservoir(options);
      const before = new Reservoir(options);
      const after = new Reservoir(options);
      for (let i = 0; i < at; i++) {
        through.update(value(i), i);
        before.update(value(i), i);
      }
      after.load(before.state());
      for (let i = at; i < at + 300; i++) {
        through.update(value(i), i);
        after.update(value(i), i);
      }
      t.same(after.state(), through.state(), `after ${at}`);
    }
  }
  const reservoir = new Reservoir({ size: 4 });
  const newest = [1, 2, 0.5] as const;
  for (const wrong of [
    { count: 3, newest: undefined, entries: new Float64Array(2) },
    { count: 3, newest, entries: new Float64Array(3) },
    { count: 2, newest, entries: new Float64Array(4) },
    { count: 9, newest, entries: new Float64Array(8) },
  ]) {
    t.throws(() => reservoir.load(wrong), /no state of a reservoir of size 4/);
  }
});

t.test('merge: what cannot be merged', async (t) => {
  const base = { admission: 'priority', size: 16 } as const;
  const reservoir = filled(base, [1, 2, 3]);
  const refused = (other: Reservoir, message: RegExp): void => {
    t.throws(() => reservoir.merge(other), { code: 'RESERVOIR_MERGE', name: 'MergeError', message });
  };
  refused(new Reservoir({ size: 16 }), /admissions are priority and newest/);
  refused(new Reservoir({ ...base, size: 17 }), /sizes are 16 and 17/);
  refused(new Reservoir({ ...base, alpha: 0.1 }), /alphas are 0.015 and 0.1/);
  refused(reservoir, /they are one/);
  t.throws(() => new Reservoir().merge(reservoir), MergeError);
  t.same(reservoir.values(), [1, 2, 3]);
  t.equal(reservoir.count, 3);
});

t.test("the seed document's weighting exercise", async (t) => {
  // Weights 1.0, 0.95 and 0.90 from the newest to the oldest: its mean moves with the order of the values, and that of
  // a reservoir does not, because there weights decide which values stay, not how much they count.
  const weighted = (values: readonly number[]): number => {
    const weights = [1, 0.95, 0.9];
    const total = weights.reduce((a, b) => a + b);
    return values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / total;
  };
  t.equal(weighted([10, 5, 5]).toFixed(2), '6.75');
  t.equal(weighted([5, 5, 10]).toFixed(2), '6.58');
  for (const values of [
    [10, 5, 5],
    [5, 5, 10],
  ]) {
    t.equal(filled({}, values, 10).statistics().mean.toFixed(2), '6.67');
  }
});
