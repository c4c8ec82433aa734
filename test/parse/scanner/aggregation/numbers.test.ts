import fc from 'fast-check';
import t from 'tap';
import { ExactSums } from '../../../../lib/math/exact/exact-sums.ts';
import { Xxh64 } from '../../../../lib/math/identity/record-hash.ts';
import { RecordRandom } from '../../../../lib/math/identity/record-random.ts';
import { NaturalLog } from '../../../../lib/math/natural-log.ts';
import { Rows } from '../../../../lib/math/rows.ts';
import { assemble } from './assembled.ts';

const { exports, bytes } = await assemble(`
import { addToSum } from './aggregation/exact-sums';
import { naturalLog } from './aggregation/natural-log';
import { uniformOf, xxh64 } from './aggregation/record-hash';
import { countInBucket } from './aggregation/buckets';
export { addToSum, naturalLog, uniformOf, xxh64, countInBucket };
`);

const AT = 1024;

t.test('the logarithm is that of lib/math, to the last bit', async (t) => {
  const log = new NaturalLog();
  const near = [1 - 2 ** -53, 1 - 2 ** -20, 2 ** -53, 0.5, Math.SQRT1_2, Math.SQRT1_2 - 2 ** -54];
  t.same(
    near.map((x) => exports.naturalLog!(x)),
    near.map((x) => log.of(x)),
  );
  const unequal = fc.check(
    fc.property(fc.double({ min: 2 ** -53, max: 1, noNaN: true }), (x) =>
      Object.is(exports.naturalLog!(x), log.of(x)),
    ),
    { numRuns: 20_000 },
  );
  t.equal(unequal.counterexample, null);
});

t.test('hashes of bytes and the random numbers from them are those of lib/math', async (t) => {
  const hash = new Xxh64();
  const random = new RecordRandom();
  const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const found = fc.check(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      seeds,
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      (text, seed, series) => {
        bytes.set(text, AT);
        const ours = BigInt.asUintN(64, exports.xxh64!(AT, text.length, BigInt(seed)) as unknown as bigint);
        const { low, high } = hash.of(text, seed);
        const theirs = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
        const words = [Number(series & 0xffffffffn), Number(series >> 32n)] as const;
        return ours === theirs && exports.uniformOf!(ours, series) === random.of(...words, low, high);
      },
    ),
    { numRuns: 5000 },
  );
  t.equal(found.errorInstance ?? found.counterexample, null);
});

/** A sum of 192 bits as it stands in memory. */
function sumOf(): bigint {
  const [low, middle, high] = [0, 8, 16].map((k) => bytes.readBigUInt64LE(AT + k));
  return BigInt.asIntN(192, low! | (middle! << 64n) | (high! << 128n));
}

t.test('sums are exact, or say that they cannot be', async (t) => {
  const values = fc.oneof(
    fc.double({ min: -1e9, max: 1e9, noNaN: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(
      2 ** 69,
      -(2 ** 69),
      2 ** 68,
      2 ** -84,
      -(2 ** -84),
      2 ** -85,
      1.5 * 2 ** -84,
      0,
      -0,
      5e-324,
    ),
  );
  const found = fc.check(
    fc.property(fc.array(values, { maxLength: 200 }), (list) => {
      bytes.fill(0, AT, AT + 24);
      const rows = new Rows();
      const whole = new ExactSums(rows);
      rows.next();
      rows.add();
      let expected = 0n;
      for (const value of list) {
        const taken = exports.addToSum!(AT, value) === 1;
        const units = unitsOf(value);
        if (taken !== (units !== undefined)) return false;
        if (units === undefined) continue;
        expected += units;
        whole.add(0, value);
      }
      return (
        sumOf() === expected && whole.state(0).reduce((sum, part) => sum + scaled(part), 0n) === expected
      );
    }),
    { numRuns: 2000 },
  );
  t.equal(found.errorInstance ?? found.counterexample, null);
});

/** A value in units of 2^-84; undefined if it does not fit 2^69 and these. */
function unitsOf(value: number): bigint | undefined {
  return Math.abs(value) < 2 ** 69 && Number.isInteger(value * 2 ** 84) ? scaled(value) : undefined;
}

function scaled(value: number): bigint {
  return BigInt(value * 2 ** 84);
}

t.test('a value counts in the first bucket whose bound it does not exceed', async (t) => {
  const bounds = [-1, 0, 2.5, 10];
  bounds.forEach((bound, k) => {
    bytes.writeDoubleLE(bound, AT + 8 * k);
  });
  bytes.fill(0, AT + 64, AT + 84);
  for (const value of [-2, -1, -0.5, 0, 0.1, 2.5, 2.6, 10, 10.5, Infinity, 3]) {
    exports.countInBucket!(AT, bounds.length, AT + 64, value);
  }
  t.same(
    [0, 1, 2, 3, 4].map((k) => bytes.readUInt32LE(AT + 64 + 4 * k)),
    [2, 2, 2, 3, 2],
  );
});
