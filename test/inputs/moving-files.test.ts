import { appendFileSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { type LargeInputsOptions, readInputs } from '../../lib/inputs/sources.ts';

const lines = (word: string, count: number): string =>
  Array.from({ length: count }, (_, k) => `${word} ${k}\n`).join('');

/** Reads, and does something once the first bytes have come. */
async function reading(names: string[], then: () => void, more: Partial<LargeInputsOptions> = {}) {
  const notices: string[] = [];
  const pieces: Buffer[] = [];
  let files = 0;
  const options: LargeInputsOptions = {
    stdin: Readable.from([]),
    onError: (error) => notices.push(`error: ${error.describe()}`),
    onNotice: (text) => notices.push(text),
    onFiles: (count) => {
      files = count;
    },
    largeFrom: undefined,
    chunkBytes: 1000,
    ...more,
  };
  let begun = false;
  for await (const part of readInputs(names, options)) {
    if ('bytes' in part) pieces.push(Buffer.from(part.bytes));
    if (!begun) then();
    begun = true;
    if ('rest' in part) for await (const bytes of part.rest.bytes()) pieces.push(Buffer.from(bytes));
  }
  return { text: Buffer.concat(pieces).toString(), notices, files };
}

const descriptors = (): number => readdirSync('/proc/self/fd').length;

t.test('the file that was opened is the one that is read', async (t) => {
  const old = lines('old', 3000);
  for (const largeFrom of [undefined, 1]) {
    const dir = t.testdir({ 'a.log': old });
    const path = join(dir, 'a.log');
    const rotate = (): void => {
      renameSync(path, `${path}.1`);
      writeFileSync(path, lines('new', 5000));
    };
    t.same(await reading([path], rotate, { largeFrom }), { text: old, notices: [], files: 1 });
    writeFileSync(path, old);
    t.same(await reading([path], () => rmSync(path), { largeFrom }), { text: old, notices: [], files: 1 });
  }
});

t.test('those that wait for their turn, too, named and by a glob, plain and packed', async (t) => {
  const before = descriptors();
  const dir = t.testdir({
    'a.log': lines('a', 500),
    'b.log': lines('b', 500),
    'c.gz': gzipSync(lines('c', 500)),
  });
  const at = (name: string): string => join(dir, name);
  const rotate = (): void => {
    for (const name of ['a.log', 'b.log', 'c.gz']) {
      renameSync(at(name), `${at(name)}.1`);
      writeFileSync(at(name), 'new\n');
    }
  };
  const expected = lines('a', 500) + lines('b', 500) + lines('c', 500);
  const named = await reading([at('a.log'), at('b.log'), at('c.gz')], rotate);
  t.same(named, { text: expected, notices: [], files: 3 });
  for (const name of ['a.log', 'b.log', 'c.gz']) renameSync(`${at(name)}.1`, at(name));
  t.same(await reading([at('*')], rotate), { text: expected, notices: [], files: 3 });
  t.equal(descriptors(), before, 'and none stays open');
});

t.test('what grows is read to its end, what shrinks as far as it goes, and both are told', async (t) => {
  for (const largeFrom of [undefined, 1]) {
    const path = join(t.testdir({ 'a.log': lines('a', 1000) }), 'a.log');
    const grown = await reading([path], () => appendFileSync(path, lines('b', 10)), { largeFrom });
    t.equal(grown.text, lines('a', 1000) + lines('b', 10));
    t.same(grown.notices, [
      `${path}: it grew while it was read, from 5,890 to 5,930 bytes; what was appended was read, too (-f follows a file)`,
    ]);
    const cut = await reading([path], () => truncateSync(path, 3000), { largeFrom });
    t.equal(cut.text, grown.text.slice(0, 3000));
    t.match(cut.notices, [/a\.log: it was cut short while it was read, from 5,930 to 3,000 bytes/]);
  }
});
