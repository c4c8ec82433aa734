import t from 'tap';
import { decodeWtf8, encodeWtf8 } from '../../lib/text/wtf8.ts';

t.test('every string comes back', async (t) => {
  for (const text of [
    ...[
      '',
      'a',
      'é日😀',
      '\ud800',
      '\udfff',
      '\udc00\ud800',
      'x\ud83dy\ude00z',
      '\ufffd',
      '\ufffd\ud800\ufffd',
      '\ud7ff\ue000',
    ],
    ...['\ud83d\ude00\ud83d', '\ude00\ud83d\ude00'],
  ]) {
    const bytes = Buffer.concat([Buffer.from('before'), encodeWtf8(text), Buffer.from('behind')]);
    t.equal(decodeWtf8(bytes, 6, bytes.length - 6), text, JSON.stringify(text));
  }
});

t.test('what is well-formed is UTF-8', async (t) => {
  const text = 'é日😀\u{10ffff}';
  t.same(encodeWtf8(text), Buffer.from(text));
});
