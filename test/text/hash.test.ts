import t from 'tap';
import { hashText } from '../../lib/text/hash.ts';

function hash(text: string | Buffer, key?: Uint32Array): string {
  const out = new Uint32Array(2);
  hashText(Buffer.from(text), out, 0, key);
  return [...out]
    .reverse()
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('');
}

// what Python 3.11 gives for hash(bytes) with PYTHONHASHSEED=0
t.test('it is SipHash-1-3', async (t) => {
  const key = new Uint32Array(4);
  t.equal(hash('a', key), '407448d2b89b1813');
  t.equal(hash('abc', key), 'c03bc3a0042630f2');
  t.equal(hash('abcdefg', key), '6db12aae9070f506');
  t.equal(hash('abcdefgh', key), '3f7b849c0b8e35ea');
  t.equal(hash('0123456789abcde', key), '26f4d862282d8fcb');
  t.equal(hash('The quick brown fox jumps over the lazy dog', key), '8df676d3d00c451e');
});

t.test('the key decides', async (t) => {
  const keys = [0, 1, 2, 3].map((word) => new Uint32Array(4).fill(1, word, word + 1));
  t.equal(new Set(keys.map((key) => hash('text', key))).size, 4);
  t.equal(hash('text'), hash('text'));
});

t.test('an empty text has a hash', async (t) => {
  t.not(hash(''), '0'.repeat(16));
});
