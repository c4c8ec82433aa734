import { readdirSync, readFileSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import type { ReadContent } from '../../lib/follow/file-content.ts';
import { type Generation, openedAs } from '../../lib/follow/generation.ts';
import { PackedCopies } from '../../lib/follow/packed-copies.ts';
import { ReadContents } from '../../lib/follow/read-contents.ts';

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, k) => `line ${from + k} of a log without times\n`).join('');

const read = (text: string): ReadContent => {
  const bytes = Buffer.from(text);
  return { head: bytes.subarray(0, 512), position: bytes.length, mark: bytes.subarray(-512) };
};

/** A log beside what was packed, the oldest first: their times are those of what they have. */
function rotated(t: Test, packed: readonly string[], now = lines(900, 950)): string {
  const path = join(t.testdir({ 'a.log': now }), 'a.log');
  packed.forEach((text, k) => {
    const name = `${path}.${packed.length - k}.gz`;
    writeFileSync(name, gzipSync(text));
    utimesSync(name, 1_700_000_000 + k, 1_700_000_000 + k);
  });
  return path;
}

async function textOf(t: Test, one: Generation | undefined): Promise<string> {
  if (one === undefined) return '';
  t.teardown(() => one.file.close());
  return readFileSync(one.file.descriptor, 'utf8');
}

const notRead = new ReadContents();
const nothing = { contents: [], read: notRead, open: [] };

/** Of a run that has known so many of the files that are packed. */
function packedAt(path: string, known: readonly string[] = []): PackedCopies {
  const packed = new PackedCopies(path, () => {});
  packed.goOn(known);
  return packed;
}

const afterReading = (...texts: readonly string[]): ReadContents => new ReadContents(texts.map(read));

t.test('the rest of what was read, and what was packed after it', async (t) => {
  const path = rotated(t, [lines(0, 50), lines(50, 100), lines(100, 150), lines(150, 200)]);
  const content = read(lines(50, 70));
  const before = readdirSync(tmpdir()).length;
  const packed = packedAt(path);
  const { rests, unread } = await packed.arrived({
    contents: [content],
    read: afterReading(lines(0, 50)),
    open: [],
    plain: [path],
  });
  t.equal(readdirSync(tmpdir()).length, before, 'nothing is left of them');
  t.equal(await textOf(t, rests.get(content)), lines(50, 100));
  t.same(await Promise.all(unread.map((one) => textOf(t, one))), [lines(100, 150), lines(150, 200)]);
});

t.test(
  'of little that was read, which others begin with, too, the rest is the oldest that was not read',
  async (t) => {
    const path = rotated(t, [lines(0, 5), lines(10, 15), lines(20, 90), lines(30, 35)]);
    const content = read('li');
    const { rests, unread } = await packedAt(path).arrived({
      contents: [content],
      read: afterReading(lines(0, 5)),
      open: [],
      plain: [path],
    });
    t.equal(await textOf(t, rests.get(content)), lines(10, 15));
    t.same(await Promise.all(unread.map((one) => textOf(t, one))), [lines(20, 90), lines(30, 35)]);
  },
);

t.test('the rest is the longest that has it, as somebody may have packed a part for himself', async (t) => {
  const path = rotated(t, [lines(0, 60), lines(0, 100), lines(100, 150)]);
  const content = read(lines(0, 50));
  const descriptors = readdirSync('/proc/self/fd').length;
  const { rests, unread } = await packedAt(path).arrived({ ...nothing, contents: [content], plain: [path] });
  t.equal(readdirSync('/proc/self/fd').length, descriptors + 2, 'nothing else stays open');
  t.equal(await textOf(t, rests.get(content)), lines(0, 100));
  t.same(await Promise.all(unread.map((one) => textOf(t, one))), [lines(100, 150)]);
});

t.test('what was there before is not sought, whatever it is called by then', async (t) => {
  const path = rotated(t, [lines(0, 50), lines(50, 100)]);
  const packed = new PackedCopies(path, () => {});
  await packed.begin();
  for (const [from, to] of [
    [2, 3],
    [1, 2],
  ])
    renameSync(`${path}.${from}.gz`, `${path}.${to}.gz`);
  writeFileSync(`${path}.1.gz`, gzipSync(lines(100, 150)));
  const { unread } = await packed.arrived({ ...nothing, plain: [path] });
  t.same(await Promise.all(unread.map((one) => textOf(t, one))), [lines(100, 150)]);
  t.same(await packed.arrived({ ...nothing, plain: [path] }), { rests: new Map(), unread: [] }, 'once');
});

t.test('what is being read is not done with, and is sought by a run that goes on', async (t) => {
  const path = rotated(t, [lines(0, 50)]);
  const packed = packedAt(path);
  const [one] = (await packed.arrived({ ...nothing, plain: [path] })).unread;
  t.equal(await textOf(t, one), lines(0, 50));
  const again = packedAt(path, packed.doneWith);
  const [same] = (await again.arrived({ ...nothing, plain: [path] })).unread;
  t.equal(await textOf(t, same), lines(0, 50));
  packed.close(one!);
  const third = packedAt(path, packed.doneWith);
  t.same((await third.arrived({ ...nothing, plain: [path] })).unread, []);
});

t.test('the rest alone, where another run did not say what it knew', async (t) => {
  const path = rotated(t, [lines(0, 50), lines(50, 100), lines(100, 150)]);
  const packed = new PackedCopies(path, () => {});
  packed.goOn(undefined);
  t.equal(packed.doneWith, undefined, 'nor does this one, before it has looked');
  const content = read(lines(50, 70));
  const { rests, unread } = await packed.arrived({ ...nothing, contents: [content], plain: [path] });
  t.same([rests.size, unread], [1, []]);
  t.equal(await textOf(t, rests.get(content)), lines(50, 100));
  t.equal(packed.doneWith?.length, 2);
});

t.test('what is there unpacked, too, is not sought, nor what somebody packed for himself', async (t) => {
  const path = rotated(t, [lines(0, 50), lines(50, 60), lines(100, 150), lines(900, 940)]);
  const open = await openedAs(path, path);
  t.teardown(() => open?.file.close());
  writeFileSync(`${path}.5`, lines(100, 150));
  // the second is no more than a part of what was read
  const content = read(lines(50, 70));
  const { rests, unread } = await packedAt(path).arrived({
    contents: [content],
    read: afterReading(lines(0, 50)),
    open: [open!],
    plain: [path, `${path}.5`],
  });
  t.same([rests.size, unread], [0, []]);
});

t.test('what is damaged is as good as gone, and told once', async (t) => {
  const path = rotated(t, [lines(0, 5000)]);
  truncateSync(`${path}.1.gz`, 9_000);
  const notices: string[] = [];
  const packed = new PackedCopies(path, (notice) => notices.push(notice));
  packed.goOn([]);
  for (let k = 0; k < 2; k++) {
    const { rests, unread } = await packed.arrived({
      ...nothing,
      contents: [read(lines(0, 3000))],
      plain: [path],
    });
    t.same([rests.size, unread], [0, []]);
  }
  t.match(notices, [/a\.log\.1\.gz: what was rotated away cannot be unpacked, and is not read: ./]);
  t.equal(notices.length, 1);
});
