import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { ExactSums } from '../../../lib/math/exact/exact-sums.ts';
import { Rows } from '../../../lib/math/rows.ts';

const N = 1_000_000;
const fsum: Record<string, number> = JSON.parse(readFileSync('fixtures/math/fsum.json', 'utf8'));

/** The lists of fixtures/math/fsum.py, by the same rules. */
const lists: Record<string, (word: number) => number> = {
  'durations of microseconds, up to 4295 s': (w) => w / 1e6,
  'durations of all magnitudes': (w) => (w / 1e6) * Number(`1e${(w % 13) - 9}`),
  'amounts of both signs that nearly cancel': (w) => (w - 2 ** 31) / 1e3,
  'far beyond the digits of one double': (w) => (w + 0.5) * 2 ** (((w % 5) - 2) * 180),
};

const words = Uint32Array.from({ length: N }, (_, i) => Number((BigInt(i) * 2654435761n) % 2n ** 32n));

function sums(count = 1): ExactSums {
  const rows = new Rows();
  const made = new ExactSums(rows);
  for (let i = 0; i < count; i++) {
    rows.next();
    rows.add();
  }
  return made;
}

function sumOf(values: Iterable<number>): ExactSums {
  const made = sums();
  for (const value of values) made.add(0, value);
  return made;
}

t.test("a million values: what Python's math.fsum gives", async (t) => {
  t.same(Object.keys(lists), Object.keys(fsum));
  for (const [name, value] of Object.entries(lists)) {
    t.equal(sumOf(Array.from(words, value)).value(0), fsum[name], name);
  }
});

t.test('cancellation leaves what is left, and nothing leaves 0', async (t) => {
  t.equal(sumOf([1e16, 1, -1e16]).value(0), 1);
  t.equal(sumOf([1e100, 1, 1e-100, -1e100, -1]).value(0), 1e-100);
  t.equal(sumOf([1e308, 1e-308, 5e-324, -1e308]).value(0), 1e-308 + 5e-324);
  t.ok(Object.is(sumOf([-0, -0]).value(0), 0));
  t.ok(Object.is(sumOf([5, -5]).value(0), 0));
  t.same(sumOf([1e300, -1e300]).state(0), []);
});

t.test('of two nearest doubles the even one, whatever lies behind the digits', async (t) => {
  t.equal(sumOf([1, 2 ** -53]).value(0), 1);
  t.equal(sumOf([1, 2 ** -53, 2 ** -120]).value(0), 1 + 2 ** -52);
  t.equal(sumOf([1, 2 ** -53, 2 ** -1074]).value(0), 1 + 2 ** -52);
  t.equal(sumOf([1, 2 ** -53, -(2 ** -1074)]).value(0), 1);
  t.equal(sumOf([1 + 2 ** -52, 2 ** -53]).value(0), 1 + 2 ** -51);
});

t.test('beyond the range of doubles, the largest; back from there, exact', async (t) => {
  const { MAX_VALUE } = Number;
  const sum = sumOf([MAX_VALUE, MAX_VALUE, 3]);
  t.equal(sum.value(0), MAX_VALUE);
  sum.add(0, -MAX_VALUE);
  sum.add(0, -MAX_VALUE);
  t.equal(sum.value(0), 3);
  t.equal(sumOf([-MAX_VALUE, -MAX_VALUE]).value(0), -MAX_VALUE);
  t.equal(sumOf([MAX_VALUE, 2 ** 969]).value(0), MAX_VALUE);
});

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const parts = fc.array(fc.array(finite, { maxLength: 20 }), { minLength: 1, maxLength: 16 });

t.test('any order, any parts merged in any order, saved and loaded: the same', async (t) => {
  const cases = fc.tuple(parts, fc.infiniteStream(fc.nat()));
  const holds = fc.property(cases, ([parts, random]) => {
    const whole = sumOf(parts.flat()).state(0);
    const order = parts
      .map((part) => ({ part, key: random.next().value }))
      .sort((a, b) => a.key - b.key)
      .map(({ part }) => part.toReversed());
    const merged = sums();
    for (const part of order) {
      const loaded = sums();
      loaded.load(0, sumOf(part).state(0));
      merged.merge(0, loaded, 0);
    }
    return JSON.stringify(merged.state(0)) === JSON.stringify(whole);
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 13, numRuns: 100 }));
});

t.test('rows do not know one another', async (t) => {
  const made = sums(3);
  made.add(1, 1e300);
  made.add(1, 1e-300);
  made.add(2, 0.1);
  t.same(
    [0, 1, 2].map((i) => made.value(i)),
    [0, 1e300, 0.1],
  );
  made.load(1, [0.5]);
  t.same(
    [0, 1, 2].map((i) => made.value(i)),
    [0, 0.5, 0.1],
  );
});
