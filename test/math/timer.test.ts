import t from 'tap';
import { Timer } from '../../lib/math/index.ts';
import { closeKeys, differences, exactKeys, goldens, rateKeys, type TimerCase } from './goldens.ts';

t.test('goldens: timers', async (t) => {
  const cases = goldens<TimerCase>('timer');
  t.equal(cases.length, 4, 'no case was lost');
  for (const { name, reservoir, alpha, ops } of cases) {
    let u = 0.5;
    const size = name.startsWith('custom') ? { size: reservoir } : {};
    const timer = new Timer({ start: 0, alpha, random: () => u, ...size });
    let now = 0;
    for (const op of ops) {
      if (op.op === 'snapshot') {
        const found = { ...timer.rates(now), ...timer.statistics() };
        t.same(
          differences(found, op.expect, exactKeys, [...closeKeys, ...rateKeys]),
          [],
          `${name} at ${now} s`,
        );
        t.equal(timer.values().length, op.expect.kept, `${name} at ${now} s: kept`);
        continue;
      }
      now = op.t_ns / 1e9;
      if (op.op === 'update') {
        u = op.u;
        timer.update(op.d_ns, now);
      }
    }
  }
});

t.test('a timer keeps 1028 values, or as many as it is told to', async (t) => {
  const timers = [new Timer({ start: 0 }), new Timer({ start: 0, size: 5 })];
  for (const timer of timers) for (let i = 0; i < 3000; i++) timer.update(i, i / 100);
  t.same(
    timers.map((timer) => timer.values().length),
    [1028, 5],
  );
  t.same(
    timers.map((timer) => timer.count),
    [3000, 3000],
  );
  t.equal(timers[0]!.percentile(1), 2999);
});

t.test('what is not finite reaches neither part', async (t) => {
  const timer = new Timer({ start: 0 });
  timer.update(1, 1);
  const before = timer.state();
  for (const [duration, at] of [
    [NaN, 1],
    [1, NaN],
    [-Infinity, 1],
    [1, Infinity],
  ] as const) {
    t.throws(() => timer.update(duration, at), { code: 'MEASUREMENT_NOT_FINITE' });
  }
  t.same(timer.state(), before);
});

t.test('the state of a checkpoint', async (t) => {
  const timer = new Timer({ start: 0, series: 9 });
  const other = new Timer({ start: 0, series: 9 });
  for (let i = 0; i < 2000; i++) timer.update(i % 97, i);
  other.load(timer.state());
  for (let i = 2000; i < 3000; i++) for (const each of [timer, other]) each.update(i % 89, i);
  t.same(other.state(), timer.state());
  t.same(other.statistics(), timer.statistics());
  t.same(other.rates(3000), timer.rates(3000));
});
