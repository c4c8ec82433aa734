import t from 'tap';
import { fromUtf16, textOfUtf16, utf16Of } from '../../lib/text/utf16.ts';

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

/** What comes of bytes, however they are cut. */
async function decoded(bytes: Buffer, order: 'little' | 'big', size: number): Promise<string> {
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  })();
  const pieces: Uint8Array[] = [];
  for await (const piece of fromUtf16(chunks, order)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

t.test('a file that began as UTF-16 may go on as UTF-8, from a line on', async (t) => {
  const first = '\ufeff{"a":"ä🙂"}\r\n{"b":"\u0a00\u000a00"}\n\n';
  const more = '{"message":"ä🙂"}\n2026-08-01T10:00:00Z INFO x\n';
  const short = '{}\n';
  for (let size = 1; size < 40; size++) {
    for (const [order, encode] of [
      ['little', little],
      ['big', big],
    ] as const) {
      t.equal(await decoded(encode(first), order, size), first, `${order} ${size}`);
      t.equal(await decoded(encode(first + short), order, size), first + short, `${order} ${size}`);
      const mixed = Buffer.concat([encode(first), Buffer.from(more)]);
      t.equal(await decoded(mixed, order, size), first + more, `${order} ${size}`);
    }
  }
});
