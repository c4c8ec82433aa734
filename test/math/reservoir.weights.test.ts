import t from 'tap';
import { type Admission, Reservoir } from '../../lib/math/index.ts';

/**
 * A stream of 20 values a second for 200 s goes through 400 reservoirs with unlike random numbers; then the kept values
 * are counted by the time that they came at, in ten bins of 20 s and one for the last value of all. Every value weighs
 * less than a size-th of them all, so each should be kept with a probability in proportion to exp(alpha t).
 */
const ALPHA = 0.015;
const RATE = 20;
const SECONDS = 200;
const BINS = 10;
const LAST = RATE * SECONDS - 1;
const RESERVOIRS = 400;
/** What chi-squared exceeds by chance once in a thousand times, for 9 and 10 degrees of freedom. */
const CRITICAL_9 = 27.88;
const CRITICAL_10 = 29.59;

function keptByBin(admission: Admission, size: number): number[] {
  const kept = Array<number>(BINS + 1).fill(0);
  for (let series = 0; series < RESERVOIRS; series++) {
    const reservoir = new Reservoir({ admission, size, seed: 20240229, series });
    for (let i = 0; i <= LAST; i++) reservoir.update(i, i / RATE);
    for (const i of reservoir.values()) kept[i === LAST ? BINS : binOf(i)]! += 1;
  }
  return kept;
}

function binOf(i: number): number {
  return Math.floor((i / (LAST + 1)) * BINS);
}

/** The sum over bins of (found - expected)^2 / expected, where weights exp(alpha t) share out what was found. */
function chiSquared(found: readonly number[]): number {
  const weights = Array<number>(found.length).fill(0);
  for (let i = 0; i <= LAST; i++) {
    const bin = i === LAST ? BINS : binOf(i);
    if (bin < weights.length) weights[bin]! += Math.exp(ALPHA * (i / RATE));
  }
  const share = found.reduce((a, b) => a + b) / weights.reduce((a, b) => a + b);
  return found.reduce((sum, n, bin) => sum + (n - share * weights[bin]!) ** 2 / (share * weights[bin]!), 0);
}

t.test('under priority, the weights of the sample follow exp(alpha t)', async (t) => {
  const kept = keptByBin('priority', 128);
  const figure = chiSquared(kept);
  t.comment(
    `priority: chi-squared ${figure.toFixed(2)} for 10 degrees of freedom; kept by 20 s: ${kept.join(' ')}`,
  );
  t.equal(
    kept.reduce((a, b) => a + b),
    128 * RESERVOIRS,
  );
  t.ok(figure < CRITICAL_10, `below ${CRITICAL_10}`);
});

t.test('under newest, all but the last value do', async (t) => {
  const kept = keptByBin('newest', 128);
  const all = chiSquared(kept);
  const others = chiSquared(kept.slice(0, BINS));
  t.comment(
    `newest: chi-squared ${all.toFixed(2)} for 10 degrees of freedom, kept by 20 s: ${kept.join(' ')}`,
  );
  t.comment(`newest, all but the last value: ${others.toFixed(2)} for 9 degrees of freedom`);
  t.equal(kept[BINS], RESERVOIRS, 'the last value is always kept');
  t.ok(all > 10 * CRITICAL_10, 'which no weight explains');
  t.ok(others < CRITICAL_9, `the others stay below ${CRITICAL_9}`);
});

t.test('the test would notice another alpha', async (t) => {
  const kept = Array<number>(BINS + 1).fill(0);
  for (let series = 0; series < RESERVOIRS; series++) {
    const reservoir = new Reservoir({ admission: 'priority', alpha: ALPHA * 1.05, seed: 20240229, series });
    for (let i = 0; i <= LAST; i++) reservoir.update(i, i / RATE);
    for (const i of reservoir.values()) kept[i === LAST ? BINS : binOf(i)]! += 1;
  }
  const figure = chiSquared(kept);
  t.comment(`alpha 5 % off: chi-squared ${figure.toFixed(2)}`);
  t.ok(figure > CRITICAL_10);
});
