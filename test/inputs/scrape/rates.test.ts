import t from 'tap';
import { CounterRates, Counters } from '../../../lib/inputs/scrape/rates.ts';
import { Meter } from '../../../lib/math/index.ts';

const close = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));

t.test('nothing after one look, the rate between them after two', (t) => {
  const rates = new CounterRates(100, 0);
  t.same([...rates.metrics()], []);
  rates.look(220, 60);
  t.same(Object.fromEntries(rates.metrics()), { m1_rate: 2, m5_rate: 2, m15_rate: 2, mean_rate: 2 });
  t.end();
});

t.test('what a meter that is marked evenly in between comes to', (t) => {
  const rates = new CounterRates(0, 0);
  const meter = new Meter({ start: 0 });
  let value = 0;
  for (const [minute, perTick] of [10, 25, 0, 5].entries()) {
    for (let tick = 0; tick < 12; tick++) {
      meter.mark(perTick, minute * 60 + tick * 5 + 1);
      value += perTick;
    }
    rates.look(value, (minute + 1) * 60);
  }
  const found = Object.fromEntries(rates.metrics());
  const expected = meter.rates(240);
  for (const key of ['m1_rate', 'm5_rate', 'm15_rate', 'mean_rate'] as const) {
    t.ok(close(found[key]!, expected[key]), `${key}: ${found[key]} and ${expected[key]}`);
  }
  t.end();
});

t.test('a counter that began anew has risen by what it shows', (t) => {
  const rates = new CounterRates(1000, 0);
  rates.look(30, 10);
  t.same(Object.fromEntries(rates.metrics()), { m1_rate: 3, m5_rate: 3, m15_rate: 3, mean_rate: 3 });
  rates.look(30, 20);
  t.equal(Object.fromEntries(rates.metrics()).mean_rate, 1.5);
  t.end();
});

t.test('a look that is not later says nothing', (t) => {
  const rates = new CounterRates(1, 10);
  rates.look(5, 10);
  rates.look(5, 9);
  t.same([...rates.metrics()], []);
  t.end();
});

t.test('a series that a scrape leaves out begins anew', (t) => {
  const counters = new Counters();
  counters.look('a', 1, 0);
  counters.look('b', 1, 0);
  counters.endScrape();
  counters.look('b', 3, 10);
  counters.endScrape();
  t.same([...counters.look('a', 9, 20).metrics()], []);
  t.equal([...counters.look('b', 3, 20).metrics()].length, 4);
  t.end();
});
