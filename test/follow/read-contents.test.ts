import t from 'tap';
import type { ReadContent } from '../../lib/follow/file-content.ts';
import { ReadContents } from '../../lib/follow/read-contents.ts';

const read = (text: string): ReadContent => {
  const bytes = Buffer.from(text);
  return { head: bytes.subarray(0, 512), position: bytes.length, mark: bytes.subarray(-512) };
};
const beginning = (text: string): Buffer => Buffer.from(text).subarray(0, 512);

t.test('what was read is known by how it begins, short or long', async (t) => {
  const done = new ReadContents();
  for (const text of ['a', 'line 1\n', 'x'.repeat(2000)]) done.add(read(text));
  t.ok(done.has(beginning('a')) && done.has(beginning('line 1\n')) && done.has(beginning('x'.repeat(900))));
  t.notOk(done.has(beginning('line 1\nline 2\n')), 'little may be what others begin with, too');
  done.add(read(''));
  t.equal(done.beginnings.length, 3, 'nothing tells nothing');
});

t.test('a longer one that was read is known when more has come to it', async (t) => {
  const done = new ReadContents();
  done.add(read('y'.repeat(300)));
  t.ok(done.has(beginning(`${'y'.repeat(300)} and more`)));
  t.notOk(done.has(beginning(`${'y'.repeat(299)} and more`)));
});

t.test('a state keeps it, bounded: the newest stay', async (t) => {
  const done = new ReadContents();
  for (let k = 0; k < 1_200; k++) done.add(read(`line ${k}\n`));
  t.equal(done.whole.length, 16);
  t.equal(done.beginnings.length, 1_000);
  const again = new ReadContents(done.whole, done.beginnings);
  t.notOk(again.has(beginning('line 199\n')));
  t.ok(again.has(beginning('line 200\n')) && again.has(beginning('line 1199\n')));
  t.same(again.beginnings, done.beginnings);
  t.ok(new ReadContents([read('line 1\n')]).has(beginning('line 1\n')), 'of earlier builds, too');
});
