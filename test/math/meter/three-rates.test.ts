import t from 'tap';
import { power, smoothing, tickedRate } from '../../../lib/math/ewma.ts';
import { Ewma } from '../../../lib/math/index.ts';
import { ThreeRates } from '../../../lib/math/meter/three-rates.ts';

t.test('three rates tick as three EWMAs do, to the last bit', async (t) => {
  const three = new ThreeRates();
  const ewmas = [1, 5, 15].map((minutes) => new Ewma({ minutes }));
  const a = Float64Array.of(91, NaN, NaN, NaN, 92, 0);
  for (const [i, k] of [1, 1, 2, 3, 1, 100, 1023, 1024, 1025, 1026, 5000, 7].entries()) {
    const uncounted = 10 * i;
    for (const ewma of ewmas) {
      ewma.update(uncounted);
      ewma.tick(k);
    }
    a[5] = uncounted / 5;
    three.tick(a, 1, 5, k);
    t.same(
      [...a.subarray(1, 4)],
      ewmas.map((ewma) => ewma.rate()),
      `${k} ticks`,
    );
  }
  t.same([a[0], a[4]], [91, 92], 'and the neighbours stay');
});

t.test('a rate of such a table is that of the formula', async (t) => {
  const alpha = smoothing(5);
  const a = Float64Array.of(1, 2, 3, 4);
  new ThreeRates().tick(a, 0, 3, 13);
  t.equal(a[1], tickedRate(2, 4, alpha, power(1 - alpha, 12)));
});
