import t from 'tap';
import { exponential } from '../../lib/math/exponential.ts';
import { counterRandom } from '../../lib/math/index.ts';
import { NaturalLog } from '../../lib/math/natural-log.ts';

const N = 200_000;
const bits = (x: number): string => new BigUint64Array(new Float64Array([x]).buffer)[0]!.toString(16);

/** Distance to what the engine gives, whose error is below 1 unit in the last place too, in such units. */
function distance(x: number, expected: number): number {
  const unit = 2 ** Math.max(-1074, Math.floor(Math.log2(Math.abs(expected))) - 52);
  return x === expected ? 0 : Math.abs(x - expected) / unit;
}

t.test('the logarithm of numbers in (0,1), to the last place', async (t) => {
  const log = new NaturalLog();
  const random = counterRandom(3, 1);
  let worst = 0;
  for (let i = 0; i < N; i++) {
    const u = random() ** (1 + (i % 7));
    worst = Math.max(worst, distance(log.of(u), Math.log(u)));
  }
  t.ok(worst <= 1, `${worst}`);
  t.equal(log.of(1), 0);
  t.equal(log.of(2), Math.LN2);
  t.ok(distance(log.of(1 - 2 ** -53), -(2 ** -53)) <= 1);
  t.ok(distance(log.of(2 ** -53), -53 * Math.LN2) <= 1);
});

t.test('the exponential of numbers up to 0, to the last place', async (t) => {
  const random = counterRandom(3, 2);
  let worst = 0;
  for (let i = 0; i < N; i++) {
    const x = -745 * random() ** (1 + (i % 7));
    worst = Math.max(worst, distance(exponential(x), Math.exp(x)));
  }
  t.ok(worst <= 1, `${worst}`);
  t.equal(exponential(0), 1);
  t.equal(exponential(-800), 0);
});

t.test('the same bits for ever: priorities are stored, and computed elsewhere too', async (t) => {
  const log = new NaturalLog();
  t.same(
    [0.5, 0.1, 0.7, 0.999999999, 2 ** -53].map((u) => bits(log.of(u))),
    ['bfe62e42fefa39ef', 'c0026bb1bbb55515', 'bfd6d3c324e13f50', 'be112e0be024e4bc', 'c0425e4f7b2737fa'],
  );
  t.same(
    [-5 / 60, -5 / 300, -5 / 900, -1e-9, -700].map((x) => bits(exponential(x))),
    ['3fed7100fbf669bd', '3fef78992056d459', '3fefd29d758bb79a', '3fefffffff768fa1', 'd14f2b0fb9307f'],
  );
});
