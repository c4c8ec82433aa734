import fc from 'fast-check';
import t from 'tap';
import { compareBytes, compareLists } from '../../lib/text/byte-order.ts';
import { encodeWtf8 } from '../../lib/text/wtf8.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '\uff5e', '\ue000', '\u{1f600}', '\u{10000}') }),
);

t.test('texts compare as their bytes do', async (t) => {
  const holds = fc.property(
    texts,
    texts,
    (a, b) => Math.sign(compareBytes(a, b)) === Buffer.compare(encodeWtf8(a), encodeWtf8(b)),
  );
  t.doesNotThrow(() => fc.assert(holds, { seed: 13, numRuns: 1000 }));
});

t.test('lists compare text by text', async (t) => {
  t.ok(compareLists(['a', 'z'], ['b', 'a']) < 0);
  t.ok(compareLists(['a'], ['a', '']) < 0);
  t.ok(compareLists(['ab', ''], ['a', 'b']) > 0);
  t.equal(compareLists(['a', 'b'], ['a', 'b']), 0);
});
