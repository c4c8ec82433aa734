import t from 'tap';
import { Xxh64 } from '../../../lib/math/identity/record-hash.ts';
import { counterRandom } from '../../../lib/math/index.ts';

const MASK = 2n ** 64n - 1n;
const PRIMES = [
  11400714785074694791n,
  14029467366897019727n,
  1609587929392839161n,
  9650029242287828579n,
  2870177450012600261n,
] as const;
const [P1, P2, P3, P4, P5] = PRIMES;
const rotated = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & MASK;
const round = (lane: bigint, word: bigint): bigint => (rotated((lane + word * P2) & MASK, 31n) * P1) & MASK;

/** The specification, in whole numbers without bounds. */
function model(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer);
  const word = (at: number): bigint => view.getBigUint64(at, true);
  let at = 0;
  let hash = (seed + P5) & MASK;
  if (bytes.length >= 32) {
    const lanes = [seed + P1 + P2, seed + P2, seed, seed - P1].map((lane) => lane & MASK);
    for (; at + 32 <= bytes.length; at += 32) {
      for (let k = 0; k < 4; k++) lanes[k] = round(lanes[k]!, word(at + 8 * k));
    }
    const turns = [1n, 7n, 12n, 18n];
    hash = lanes.reduce((sum, lane, k) => (sum + rotated(lane, turns[k]!)) & MASK, 0n);
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P1 + P4) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8) hash = (rotated(hash ^ round(0n, word(at)), 27n) * P1 + P4) & MASK;
  if (at + 4 <= bytes.length) {
    hash = (rotated(hash ^ ((BigInt(view.getUint32(at, true)) * P1) & MASK), 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++)
    hash = (rotated(hash ^ ((BigInt(bytes[at]!) * P5) & MASK), 11n) * P1) & MASK;
  hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
  return hash ^ (hash >> 32n);
}

function hashOf(bytes: Uint8Array, seed = 0): bigint {
  const { low, high } = new Xxh64().of(bytes, seed);
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

t.test("the specification's own examples", async (t) => {
  const text = (s: string): bigint => hashOf(Buffer.from(s));
  t.equal(text(''), 0xef46db3751d8e999n);
  t.equal(text('a'), 0xd24ec4f1a98c6e5bn);
  t.equal(text('abc'), 0x44bc2cf5ad770999n);
});

t.test('every length up to a few stripes, any bytes, any seed', async (t) => {
  const random = counterRandom(1, 64);
  const wrong: number[] = [];
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, () => random() * 256);
    const seed = Math.floor(random() * 2 ** 53);
    if (hashOf(bytes, seed) !== model(bytes, BigInt(seed))) wrong.push(length);
  }
  t.same(wrong, []);
});

t.test('a part of an array as the part alone', async (t) => {
  const bytes = Uint8Array.from({ length: 200 }, (_, i) => i * 7);
  const { low, high } = new Xxh64().of(bytes, 5, 33, 181);
  t.equal((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0), hashOf(bytes.slice(33, 181), 5));
});
