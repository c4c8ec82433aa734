import { readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import type { ReadContent } from '../../lib/follow/file-content.ts';
import { type Generation, openedAs } from '../../lib/follow/generation.ts';
import { unpackedSince } from '../../lib/follow/packed-copies.ts';

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

const nothing = { contents: [], finished: [], open: [] };

t.test('the rest of what was read, and what was packed after it', async (t) => {
  const path = rotated(t, [lines(0, 50), lines(50, 100), lines(100, 150), lines(150, 200)]);
  const content = read(lines(50, 70));
  const before = readdirSync(tmpdir()).length;
  const { rests, unread } = await unpackedSince(path, { ...nothing, contents: [content], plain: [path] });
  t.equal(readdirSync(tmpdir()).length, before, 'nothing is left of them');
  t.equal(await textOf(t, rests.get(content)), lines(50, 100));
  t.same(await Promise.all(unread.map((one) => textOf(t, one))), [lines(100, 150), lines(150, 200)]);
});

t.test('of which nothing was read, behind what was read to its end', async (t) => {
  const path = rotated(t, [lines(0, 50), lines(50, 100), lines(100, 150)]);
  const { rests, unread } = await unpackedSince(path, {
    ...nothing,
    finished: [read(lines(0, 50)), read(lines(50, 100))],
    plain: [path],
  });
  t.equal(rests.size, 0);
  t.same(await Promise.all(unread.map((one) => textOf(t, one))), [lines(100, 150)]);
});

t.test('nothing where it cannot be told what was read', async (t) => {
  const path = rotated(t, [lines(0, 50), lines(50, 100)]);
  for (const contents of [[], [read(lines(60, 70))]]) {
    const { rests, unread } = await unpackedSince(path, { ...nothing, contents, plain: [path] });
    t.same([rests.size, unread], [0, []]);
  }
});

t.test('what is there unpacked, too, is not sought, nor what somebody packed for himself', async (t) => {
  const path = rotated(t, [lines(0, 50), lines(50, 60), lines(100, 150), lines(900, 940)]);
  const open = await openedAs(path, path);
  t.teardown(() => open?.file.close());
  writeFileSync(`${path}.5`, lines(100, 150));
  // the second is no more than a part of what was read
  const content = read(lines(50, 70));
  const { rests, unread } = await unpackedSince(path, {
    ...nothing,
    contents: [content],
    finished: [read(lines(0, 50))],
    open: [open!],
    plain: [path, `${path}.5`],
  });
  t.same([rests.size, unread], [0, []]);
});

t.test('what is damaged is as good as gone', async (t) => {
  const path = rotated(t, [lines(0, 5000)]);
  truncateSync(`${path}.1.gz`, 300);
  const { rests } = await unpackedSince(path, {
    ...nothing,
    contents: [read(lines(0, 3000))],
    plain: [path],
  });
  t.equal(rests.size, 0);
});
