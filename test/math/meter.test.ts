import fc from 'fast-check';
import t from 'tap';
import { Meter, type MeterOptions, type Rates } from '../../lib/math/index.ts';
import { holds } from '../helpers/holds.ts';
import { differences, goldens, isClose, type MeterCase, rateKeys } from './goldens.ts';

const YEAR = 365.25 * 86400;
const EPOCH = 1_770_000_000;

t.test('goldens: meters', async (t) => {
  const all = goldens<MeterCase>('meter');
  const sound = all.filter((found) => found.upstream_defect !== true);
  t.equal(sound.length, 9, 'no case was lost');
  for (const { name, ops } of sound) {
    const firstTick = ops.find(({ op }) => op === 'tick')!.t_ns / 1e9;
    const meter = new Meter({ start: 0, firstTick });
    let now = 0;
    for (const op of ops) {
      if (op.op === 'snapshot') {
        // What go-metrics shows is as of its last mark or tick.
        t.same(differences(meter.rates(now), op.expect, ['count'], rateKeys), [], `${name} at ${now} s`);
        continue;
      }
      now = op.t_ns / 1e9;
      if (op.op === 'mark') meter.mark(op.n, now);
    }
  }
});

t.test('where go-metrics breaks', async (t) => {
  const late = new Meter({ start: 0 });
  for (const at of [1, 6, 11, 16, 21]) late.mark(10, at);
  const { m1_rate } = late.rates(25);
  t.equal(m1_rate, 2, 'no tick is missed: 10 marks every 5 s are 2 a second');
  const early = new Meter({ start: 7 });
  early.mark(3, 7);
  t.equal(early.rates(7).mean_rate, 0, 'at the start there is no mean rate yet');
  t.equal(early.rates(6).mean_rate, 0, 'nor before');
});

t.test('a year of silence', async (t) => {
  const meter = new Meter({ start: EPOCH });
  meter.mark(600, EPOCH + 1);
  const silence = (seconds: number): Rates => {
    const other = new Meter({ start: EPOCH });
    other.load(meter.state());
    return other.rates(EPOCH + 5 + seconds);
  };
  // The decay in closed form: after t seconds, exp(-t / (60 minutes)).
  for (const seconds of [5, 60, 3600, 6 * 3600]) {
    const rates = silence(seconds);
    for (const [key, minutes] of [
      ['m1_rate', 1],
      ['m5_rate', 5],
      ['m15_rate', 15],
    ] as const) {
      t.ok(isClose(rates[key], 120 * Math.exp(-seconds / 60 / minutes), 1e-10), `${key} after ${seconds} s`);
    }
  }
  const rates = silence(YEAR);
  t.match(rates, { count: 600, m1_rate: 0, m5_rate: 0, m15_rate: 0 });
  t.ok(isClose(rates.mean_rate, 600 / (YEAR + 5)));
  meter.rates(EPOCH + YEAR);
  meter.mark(50, EPOCH + YEAR + 1);
  const { m1_rate } = meter.rates(EPOCH + YEAR + 5);
  t.ok(isClose(m1_rate, 10 * (1 - Math.exp(-5 / 60))), 'and then it goes on as from rate 0');
  t.match(new Meter({ start: EPOCH }).rates(EPOCH + YEAR), { count: 0, mean_rate: 0, m15_rate: 0 });
});

t.test('ticks', async (t) => {
  const rate = (options: MeterOptions, marks: readonly number[], at: number): number => {
    const meter = new Meter(options);
    for (const mark of marks) meter.mark(5, mark);
    return meter.rates(at).m1_rate;
  };
  t.equal(rate({ start: 100 }, [101], 104.999), 0, 'none before the first');
  t.equal(rate({ start: 100 }, [101], 105), 1, 'which is after 5 s');
  t.equal(rate({ start: 100, firstTick: 101.5 }, [101], 101.5), 1, 'or when it is said to be');
  t.equal(rate({ start: 100 }, [105], 105), 0, 'a tick comes before a mark of the same instant');
  t.equal(rate({ start: 100 }, [104, 103, 99], 105), 3, 'nothing is before the first');
  const meter = new Meter({ start: 0 });
  meter.mark(5, 12);
  meter.mark(5, 3);
  const alpha = 1 - Math.exp(-5 / 60);
  const sorted = (1 - alpha) ** 2 + alpha;
  t.ok(isClose(meter.rates(15).m1_rate, sorted), 'a late mark counts where it belongs, though that is over');
  t.same(meter.rates(15), meter.rates(15), 'reading twice is reading once');
});

t.test('neither when it is read nor where time begins changes the rates', async () => {
  const steps = fc.array(
    fc.record({ n: fc.integer({ min: -5, max: 100 }), wait: fc.integer({ min: 0, max: 4000 }) }),
    {
      maxLength: 100,
    },
  );
  const origins = fc.integer({ min: -50, max: 50 }).map((years) => years * YEAR);
  holds(
    t,
    fc.property(steps, origins, (list, origin) => {
      const read = new Meter({ start: origin });
      const unread = new Meter({ start: 0 });
      let now = 0;
      for (const { n, wait } of list) {
        now += wait / 64;
        read.mark(n, origin + now);
        unread.mark(n, now);
        read.rates(origin + now + 1 / 64);
      }
      const a = read.rates(origin + now + 5);
      const b = unread.rates(now + 5);
      const size = 1e-12 * list.reduce((total, { n }) => total + Math.abs(n), 0);
      return a.count === b.count && rateKeys.every((key) => Math.abs(a[key] - b[key]) <= size);
    }),
    { seed: 4, numRuns: 300 },
  );
});

t.test('what is not finite is refused and leaves no trace', async (t) => {
  const meter = new Meter({ start: 0, statistics: true });
  meter.mark(2, 1);
  const before = meter.state();
  for (const [n, at] of [
    [NaN, 2],
    [Infinity, 2],
    [1, NaN],
    [1, -Infinity],
    [1, Infinity],
  ] as const) {
    t.throws(() => meter.mark(n, at), { code: 'MEASUREMENT_NOT_FINITE', name: 'MeasurementError' });
  }
  t.throws(() => meter.rates(Infinity), { code: 'MEASUREMENT_NOT_FINITE' });
  t.throws(() => new Meter({ start: NaN }), { code: 'MEASUREMENT_NOT_FINITE' });
  t.throws(() => new Meter({ start: 0, firstTick: Infinity }), { code: 'MEASUREMENT_NOT_FINITE' });
  t.same(meter.state(), before);
  meter.mark(Number.MAX_VALUE, 2);
  meter.mark(Number.MAX_VALUE, 2);
  t.equal(meter.count, Number.MAX_VALUE, 'beyond the doubles, the largest');
  t.equal(meter.rates(7).m1_rate, Number.MAX_VALUE);
  meter.mark(-Number.MAX_VALUE, 2);
  meter.mark(-Number.MAX_VALUE, 2);
  t.equal(meter.count, 2, 'and nothing is lost');
});

t.test('statistics of the amounts', async (t) => {
  const meter = new Meter({ start: 0, statistics: true });
  for (let i = 0; i < 1000; i++) meter.mark(1, i);
  t.match(meter.statistics(), {
    count: 1000,
    min: 1,
    max: 1,
    mean: 1,
    variance: 0,
    std_dev: 0,
    p50: 1,
    p9999: 1,
  });
  t.equal(meter.state().amounts?.others.count, 0, 'a counter of ones keeps no sample');
  meter.mark(10, 1000);
  t.match(meter.statistics(), { count: 1001, min: 1, max: 10, p50: 1 });
  t.equal(meter.count, 1010, 'where the count of the meter is the sum');
  t.throws(() => new Meter({ start: 0 }).statistics(), /keeps no statistics/);
  const sized = new Meter({ start: 0, statistics: { size: 4, alpha: 1 } });
  for (let i = 0; i < 100; i++) sized.mark(i, 10 * i);
  t.match(sized.statistics(), { count: 100, min: 96, max: 99 }, 'with options of their own');
});

t.test('the state of a checkpoint', async (t) => {
  for (const statistics of [false, true]) {
    const meter = new Meter({ start: 3, firstTick: 4, statistics });
    for (let i = 0; i < 50; i++) meter.mark(i, 3 + i / 3);
    const other = new Meter({ start: 3, firstTick: 4, statistics });
    other.load(meter.state());
    for (const each of [meter, other]) each.mark(7, 40);
    t.same(other.rates(50), meter.rates(50));
    t.same(other.state(), meter.state());
    const wrong = new Meter({ start: 0, statistics: !statistics });
    t.throws(() => wrong.load(meter.state()), /no state of a meter/);
    t.throws(() => other.load({ ...meter.state(), numbers: [1, 2, 3] }), RangeError);
  }
});
