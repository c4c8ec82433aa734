import fc from 'fast-check';
import t from 'tap';
import { type Admission, Reservoir } from '../../lib/math/index.ts';
import { holds } from '../helpers/holds.ts';
import { isClose } from './goldens.ts';
import { ModelReservoir, modelPercentile } from './model.ts';

const YEAR = 31557600;
const runs = { seed: 4, numRuns: 300 };

interface Update {
  value: number;
  t: number;
  u: number;
}

const admissions = fc.constantFrom<Admission>('newest', 'priority');
const sizes = fc.integer({ min: 1, max: 40 });
const alphas = fc.constantFrom(0, 1e-6, 0.015, 0.5, 20);
/** Times on a grid that a shift by years does not round; forwards and backwards, and often equal. */
const times = fc.integer({ min: -200_000, max: 200_000 }).map((i) => i / 64);
const uniforms = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const tame = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ min: -1e9, max: 1e9, noNaN: true }));

const stream = (value: fc.Arbitrary<number>, maxLength = 300): fc.Arbitrary<Update[]> =>
  fc.array(fc.record({ value, t: times, u: uniforms }), { maxLength, size: 'max' });

function fill(
  reservoir: Reservoir,
  updates: readonly Update[],
  current: { u: number },
  change = (x: Update) => x,
): void {
  for (const update of updates) {
    current.u = update.u;
    const { value, t } = change(update);
    reservoir.update(value, t);
  }
}

function sample(
  options: { size: number; alpha: number; admission: Admission },
  updates: readonly Update[],
  change?: (x: Update) => Update,
): Reservoir {
  const current = { u: 0.5 };
  const reservoir = new Reservoir({ ...options, random: () => current.u });
  fill(reservoir, updates, current, change);
  return reservoir;
}

t.test('keeps what the formulas keep, at every moment', async () => {
  holds(
    t,
    fc.property(sizes, alphas, admissions, stream(tame), (size, alpha, admission, updates) => {
      const current = { u: 0.5 };
      const reservoir = new Reservoir({ size, alpha, admission, random: () => current.u });
      const model = new ModelReservoir(size, alpha, admission);
      return updates.every((update, i) => {
        fill(reservoir, [update], current);
        model.update(update.value, update.t, update.u);
        // Looking at every step would hide mistakes of what is put off until someone looks.
        const looked = i % 37 === 0 || i === updates.length - 1;
        return !looked || String(reservoir.values()) === String(model.values());
      });
    }),
    runs,
  );
});

t.test('statistics are within bounds for any finite numbers', async () => {
  holds(
    t,
    fc.property(sizes, admissions, stream(finite, 120), (size, admission, updates) => {
      const reservoir = sample({ size, alpha: 0.015, admission }, updates);
      const s = reservoir.statistics();
      const kept = reservoir.values();
      const offered = new Set(updates.map(({ value }) => value + 0));
      const ladder = [s.min, s.p50, s.p75, s.p95, s.p99, s.p999, s.p9999, s.max];
      return (
        s.count === updates.length &&
        kept.length === Math.min(size, updates.length) &&
        kept.every((value) => offered.has(value)) &&
        s.min === (kept[0] ?? 0) &&
        s.max === (kept.at(-1) ?? 0) &&
        s.min <= s.mean &&
        s.mean <= s.max &&
        s.variance >= 0 &&
        Number.isFinite(s.variance) &&
        s.std_dev <= s.max / 2 - s.min / 2 + s.max / 2 - s.min / 2 &&
        ladder.every((x, i) => i === 0 || ladder[i - 1]! <= x)
      );
    }),
    runs,
  );
});

t.test('mean and variance are those of the kept values', async () => {
  holds(
    t,
    fc.property(sizes, stream(tame), (size, updates) => {
      fc.pre(updates.length > 0);
      const reservoir = sample({ size, alpha: 0.015, admission: 'newest' }, updates);
      const kept = reservoir.values();
      const { mean, variance, std_dev } = reservoir.statistics();
      const wanted = kept.reduce((a, b) => a + b, 0) / kept.length;
      const spread = kept.reduce((a, b) => a + (b - mean) ** 2, 0) / kept.length;
      const scale = Math.max(...kept.map(Math.abs));
      return (
        Math.abs(mean - wanted) <= 1e-12 * scale &&
        isClose(variance, spread) &&
        isClose(std_dev ** 2, variance)
      );
    }),
    runs,
  );
});

t.test('percentiles are those of a full sort, and monotone', async () => {
  holds(
    t,
    fc.property(
      sizes,
      stream(tame),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (size, updates, qs) => {
        const reservoir = sample({ size, alpha: 0.015, admission: 'newest' }, updates);
        const sorted = reservoir.values();
        const found = qs.sort((a, b) => a - b).map((q) => reservoir.percentile(q));
        const s = reservoir.statistics();
        return (
          found.every((x, i) => x === modelPercentile(sorted, qs[i]!)) &&
          found.every((x, i) => i === 0 || found[i - 1]! <= x) &&
          s.p50 === modelPercentile(sorted, 0.5) &&
          s.p95 === modelPercentile(sorted, 0.95) &&
          s.p999 === modelPercentile(sorted, 0.999)
        );
      },
    ),
    runs,
  );
});

t.test('merging the parts of a stream in any order gives the sample of the whole', async () => {
  const parts = fc.integer({ min: 1, max: 16 });
  // of values at one time the later call is the newest, which nobody knows of parts
  const apart = stream(tame).map((updates) => [...new Map(updates.map((x) => [x.t, x])).values()]);
  holds(
    t,
    fc.property(
      sizes,
      alphas,
      admissions,
      apart,
      parts,
      fc.infiniteStream(fc.nat()),
      (size, alpha, admission, updates, n, choices) => {
        const options = { size, alpha, admission };
        const pick = (of: number): number => (choices.next().value as number) % of;
        const streams: Update[][] = Array.from({ length: n }, () => []);
        for (const update of updates) streams[pick(n)]!.push(update);
        const left = streams.map((part) => sample(options, part));
        const before = left.map((one) => JSON.stringify(one.state()));
        while (left.length > 1) {
          const at = pick(left.length);
          const [other] = left.splice(at, 1);
          const [was] = before.splice(at, 1);
          const to = pick(left.length);
          left[to]!.merge(other!);
          before[to] = JSON.stringify(left[to]!.state());
          if (JSON.stringify(other!.state()) !== was) return false;
        }
        const whole = sample(options, updates);
        return (
          JSON.stringify(left[0]!.state()) === JSON.stringify(whole.state()) &&
          JSON.stringify(left[0]!.statistics()) === JSON.stringify(whole.statistics())
        );
      },
    ),
    runs,
  );
});

t.test('newest is a priority sample of one less of all but the newest, and the newest', async () => {
  holds(
    t,
    fc.property(fc.integer({ min: 2, max: 40 }), alphas, stream(tame), (size, alpha, updates) => {
      fc.pre(updates.length > 0);
      const newest = sample({ size, alpha, admission: 'newest' }, updates);
      const latest = Math.max(...updates.map(({ t }) => t));
      const last = updates.findLastIndex(({ t }) => t === latest);
      const rest = sample({ size: size - 1, alpha, admission: 'priority' }, updates.toSpliced(last, 1));
      const kept = [...rest.values(), updates[last]!.value + 0].sort((a, b) => a - b);
      return String(newest.values()) === String(kept);
    }),
    runs,
  );
});

t.test('the origin of time does not matter, by years', async () => {
  const years = fc.integer({ min: -100, max: 100 }).map((n) => n * YEAR);
  holds(
    t,
    fc.property(sizes, admissions, stream(tame), years, (size, admission, updates, shift) => {
      const options = { size, alpha: 0.015, admission };
      const here = sample(options, updates);
      const there = sample(options, updates, ({ value, t, u }) => ({ value, t: t + shift, u }));
      return String(here.values()) === String(there.values());
    }),
    runs,
  );
});

t.test('statistics scale with the values', async () => {
  const factors = fc.constantFrom(2 ** -20, 0.5, 2, 1024, 2 ** 40);
  holds(
    t,
    fc.property(sizes, admissions, stream(tame), factors, (size, admission, updates, factor) => {
      const options = { size, alpha: 0.015, admission };
      const a = sample(options, updates).statistics();
      const b = sample(options, updates, ({ value, t, u }) => ({ value: value * factor, t, u })).statistics();
      // Powers of two round nothing, but for variances so small that they are no normal doubles.
      const exact = ['min', 'max', 'mean', 'p50', 'p75', 'p95', 'p99', 'p999', 'p9999'] as const;
      return (
        exact.every((key) => b[key] === a[key] * factor || Math.abs(a[key]) < 1e-290) &&
        (isClose(b.variance, a.variance * factor ** 2) || a.variance < 1e-280)
      );
    }),
    runs,
  );
});
