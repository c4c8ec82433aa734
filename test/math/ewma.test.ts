import t from 'tap';
import { power } from '../../lib/math/ewma.ts';
import { Ewma, MeasurementError, TICK_SECONDS } from '../../lib/math/index.ts';
import { isClose } from './goldens.ts';

t.test('the first tick sets the rate', async (t) => {
  const ewma = new Ewma({ minutes: 1 });
  t.equal(ewma.rate(), 0);
  ewma.update(3);
  ewma.update(12);
  t.equal(ewma.rate(), 0, 'nothing before a tick');
  ewma.tick();
  t.equal(ewma.rate(), 15 / TICK_SECONDS);
  ewma.tick();
  t.ok(isClose(ewma.rate(), 3 * Math.exp(-5 / 60)));
});

t.test('the share of an interval is 1 - exp(-5 / (60 minutes))', async (t) => {
  for (const minutes of [1, 5, 15, 0.25]) {
    const ewma = new Ewma({ minutes });
    ewma.tick();
    ewma.update(50);
    ewma.tick();
    t.ok(isClose(ewma.rate(), 10 * (1 - Math.exp(-5 / 60 / minutes))), `${minutes} minutes`);
  }
});

t.test('idle ticks at once are the same as one by one', async (t) => {
  for (const k of [0, 1, 2, 3, 12, 1000]) {
    const once = new Ewma({ minutes: 5 });
    const loop = new Ewma({ minutes: 5 });
    for (const ewma of [once, loop]) {
      ewma.update(700);
      ewma.tick();
      ewma.update(11);
    }
    once.tick(k);
    for (let i = 0; i < k; i++) loop.tick();
    t.ok(isClose(once.rate(), loop.rate()), `${k} ticks`);
    once.tick();
    loop.tick();
    t.ok(isClose(once.rate(), loop.rate()), `${k} ticks, and another`);
  }
});

t.test('refusals', async (t) => {
  for (const minutes of [0, -1, NaN]) t.throws(() => new Ewma({ minutes }), /more than 0/);
  const ewma = new Ewma({ minutes: 1 });
  ewma.update(5);
  for (const n of [NaN, Infinity, -Infinity]) t.throws(() => ewma.update(n), MeasurementError);
  ewma.update(1.7e308);
  t.throws(() => ewma.update(1.7e308), { code: 'MEASUREMENT_NOT_FINITE' }, 'a sum beyond the doubles');
  for (const k of [-1, 0.5, NaN, Infinity]) t.throws(() => ewma.tick(k), /integer of 0 or more/);
  ewma.tick();
  t.equal(ewma.rate(), 1.7e308 / 5);
});

t.test('a power is that of repeated squaring, the same on every engine', (t) => {
  t.equal(power(0.5, 0), 1);
  t.equal(power(0.5, 10), 2 ** -10);
  t.equal(power(3, 33), 5559060566555523);
  t.equal(power(0.9, 1e9), 0);
  const factor = Math.exp(-5 / 60);
  for (const k of [1, 7, 100, 1000, 5000]) {
    const exact = Math.exp((-5 / 60) * k);
    t.ok(Math.abs(power(factor, k) / exact - 1) < 1e-12, `${k}`);
  }
  t.end();
});
