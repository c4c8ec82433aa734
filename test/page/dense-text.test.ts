import fc from 'fast-check';
import t from 'tap';
import { denseBytes, denseText } from '../../lib/page/dense-text.ts';

t.test('bytes come back, and their text marks nothing up', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = denseText(bytes);
      return Buffer.compare(denseBytes(text), bytes) === 0 && /^[!-~]*$/.test(text) && !/[<>&]/.test(text);
    }),
    { numRuns: 500 },
  );
});

t.test('13 bits are two characters', async (t) => {
  const bytes = Uint8Array.from({ length: 13_000 }, (_, k) => (k * 7919) >>> 3);
  t.equal(denseText(bytes).length, 16_000);
  for (const byte of [0, 255]) {
    const same = new Uint8Array(1000).fill(byte);
    t.same(denseBytes(denseText(same)), same);
  }
});
