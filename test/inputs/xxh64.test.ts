import t from 'tap';
import { Xxh64 } from '../../lib/inputs/xxh64.ts';

const bytes = Buffer.from(Array.from({ length: 1000 }, (_, k) => (k * 7919) % 251));

/** The lower halves that the reference implementation gives for the first so many of these bytes. */
const expected: Readonly<Record<number, number>> = {
  0: 0x51d8e999,
  1: 0xdb052768,
  3: 0x77be73dd,
  4: 0x43ee4cd2,
  5: 0x2ca9378c,
  8: 0x8418c5d6,
  12: 0x4b097cca,
  15: 0x9a9e4a63,
  31: 0x5b6cdead,
  32: 0xc67404d6,
  33: 0xf7c6ba56,
  40: 0xb8fa203d,
  63: 0x6b6f234f,
  64: 0x8280cf94,
  100: 0xd593538d,
  255: 0x4bb989ef,
  1000: 0x6158ee66,
};

t.test('the reference implementation’s hashes, however the bytes are cut', async (t) => {
  for (const [length, hash] of Object.entries(expected)) {
    for (const size of [1, 7, 32, 1000]) {
      const hashed = new Xxh64();
      for (let at = 0; at < Number(length); at += size) {
        hashed.update(bytes.subarray(at, Math.min(at + size, Number(length))));
      }
      t.equal(hashed.lowerHalf(), hash, `${length} bytes, ${size} at once`);
    }
  }
});
