import t from 'tap';
import { power } from '../../../lib/math/ewma.ts';
import { Ewma } from '../../../lib/math/index.ts';
import { ALPHAS, addLate, closed, remaining } from '../../../lib/math/meter/three-rates.ts';
import { isClose } from '../goldens.ts';

const MINUTES = [1, 5, 15] as const;
const WHICH = [0, 1, 2] as const;

t.test('three averages, with what the first interval has more than others, are three EWMAs', async (t) => {
  const ewmas = MINUTES.map((minutes) => new Ewma({ minutes }));
  const averages = [0, 0, 0];
  const first = 7;
  let ticks = 0;
  for (const [i, k] of [1, 1, 2, 3, 1, 100, 1023, 1024, 1025, 7].entries()) {
    const amount = 5 * (first + i);
    for (const ewma of ewmas) {
      ewma.update(amount);
      ewma.tick(k);
    }
    ticks += k;
    for (const which of WHICH) {
      averages[which] = closed(which, averages[which]!, amount / 5, k - 1);
      const rate = averages[which]! + remaining(which, ticks) * first;
      t.ok(isClose(rate, ewmas[which]!.rate()), `${k} ticks, ${MINUTES[which]} minutes`);
    }
  }
});

t.test('what comes late weighs what it would have weighed in time', async (t) => {
  const a = Float64Array.of(91, 1, 2, 3, 92);
  addLate(a, 1, 10, 40);
  t.same([a[0], a[4]], [91, 92], 'the neighbours stay');
  for (const which of WHICH) {
    t.ok(isClose(a[1 + which]!, 1 + which + closed(which, 0, 10, 40)));
  }
});

t.test('powers beyond the table', async (t) => {
  for (const which of WHICH) {
    t.equal(remaining(which, 0), 1);
    t.ok(isClose(remaining(which, 1500), Math.exp((-1500 * 5) / 60 / MINUTES[which]), 1e-10));
    t.equal(remaining(which, 1e9), 0);
  }
});

t.test('they are the powers by repeated squaring, to the last bit', async (t) => {
  const exponents = [
    1023,
    1024,
    1025,
    2047,
    2048,
    3333,
    4095,
    4096,
    5000,
    9999,
    65_536,
    123_457,
    2 ** 40 + 1,
  ];
  for (const which of WHICH) {
    for (const k of exponents) t.equal(remaining(which, k), power(1 - ALPHAS[which], k), `${which} ${k}`);
  }
});
