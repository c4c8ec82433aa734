import t from 'tap';
import { textOfUtf16, utf16Of } from '../../lib/text/utf16.ts';

const little = (text: string): Buffer => Buffer.from(text, 'utf16le');
const big = (text: string): Buffer => little(text).swap16();

t.test('the order of bytes is told by a mark, or by ASCII', async (t) => {
  t.equal(utf16Of(little('\ufeff')), 'little');
  t.equal(utf16Of(big('\ufeffä')), 'big');
  t.equal(utf16Of(little('{"a"')), 'little');
  t.equal(utf16Of(big('{"a"')), 'big');
  for (const other of [
    Buffer.from('{"a":1}   '),
    Buffer.from('\0\0\0\0{"a"'),
    Buffer.alloc(8),
    little('{"a'),
  ])
    t.equal(utf16Of(other), undefined, other.toString('latin1'));
});

t.test('a whole text has no mark, nor half a letter at its end', async (t) => {
  t.equal(textOfUtf16(little('\ufeffä🙂'), 'little'), 'ä🙂');
  t.equal(textOfUtf16(big('\ufeffä🙂'), 'big'), 'ä🙂');
  t.equal(textOfUtf16(Buffer.concat([little('ab'), Buffer.of(0x63)]), 'little'), 'ab');
  t.equal(textOfUtf16(Buffer.of(0), 'big'), '');
});
