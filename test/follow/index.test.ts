import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { unread } from '../../lib/follow/file-content.ts';
import { inputPlaceOf } from '../../lib/follow/file-places.ts';
import { keyOf } from '../../lib/follow/generation.ts';
import { followFile } from '../../lib/follow/index.ts';
import type { InputPlaces } from '../../lib/state/input-places.ts';

t.setTimeout(600_000);

/** Follows a file; lines are those of its inputs, each of which ends with what it has. */
function following(t: Test, files: Record<string, string> = {}) {
  return followingAt(t, join(t.testdir(files), 'a.log'));
}

function followingAt(t: Test, path: string, places?: InputPlaces) {
  const stop = new AbortController();
  const notices: string[] = [];
  const texts = new Map<object, string>();
  const open = readdirSync('/proc/self/fd').length;
  const done = (async () => {
    const options = { signal: stop.signal, onNotice: (text: string) => notices.push(text), places };
    for await (const { input, bytes } of followFile(path, options)) {
      texts.set(input, (texts.get(input) ?? '') + Buffer.from(bytes).toString());
    }
  })();
  const lines = (): string[] =>
    [...texts.values()].flatMap((text) => text.split('\n')).filter((line) => line !== '');
  /** Waits until so many lines have come, at most five seconds. */
  const until = async (count: number): Promise<void> => {
    for (let tries = 0; count > 0 && lines().length < count && tries < 500; tries++) await delay(10);
  };
  const end = async (): Promise<string[]> => {
    stop.abort();
    await done;
    // the last checkpoint asks for what stands in them
    if (places === undefined) t.ok(readdirSync('/proc/self/fd').length <= open, 'no file stays open');
    return lines();
  };
  return { path, lines, until, end, notices };
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, k) => `line ${from + k}`);
const text = (from: number, to: number): string =>
  numbered(from, to)
    .map((line) => `${line}\n`)
    .join('');

t.test('growth, in pieces of lines', async (t) => {
  const { path, until, end } = following(t, { 'a.log': text(0, 3) });
  await until(3);
  appendFileSync(path, 'line 3\nli');
  await until(5);
  appendFileSync(path, 'ne 4\n');
  await until(5);
  await delay(50);
  t.same(await end(), numbered(0, 5));
});

t.test('renamed, while the writer still holds on to it', async (t) => {
  const { path, until, end } = following(t, { 'a.log': text(0, 2) });
  await until(2);
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, text(2, 4));
  writeFileSync(path, text(5, 7));
  appendFileSync(`${path}.1`, text(4, 5));
  await until(7);
  t.same(await end(), numbered(0, 7));
});

t.test('not there, there, gone, and there again', async (t) => {
  const { path, until, end, notices } = following(t);
  await delay(50);
  writeFileSync(path, text(0, 2));
  await until(2);
  rmSync(path);
  await delay(30);
  writeFileSync(path, text(2, 4));
  await until(4);
  t.same(await end(), numbered(0, 4));
  t.same(notices, [`${path}: there is no such file yet; it is waited for`]);
});

t.test('what was there before the first look is not read', async (t) => {
  const { until, end } = following(t, { 'a.log': text(0, 1), 'a.log.1': 'old\n', 'a.log.2.gz': 'x\n' });
  await until(1);
  t.same(await end(), ['line 0']);
});

t.test('cut short, also where it is longer again at the next look', async (t) => {
  const { path, until, end, notices } = following(t, { 'a.log': text(0, 3) });
  await until(3);
  truncateSync(path, 0);
  appendFileSync(path, text(3, 20));
  await until(20);
  t.same(await end(), numbered(0, 20));
  t.equal(notices.length, 1);
  t.match(
    notices[0],
    `${path}: it was cut short, and is read from its beginning; no copy of what it had lies beside`,
  );
});

t.test('a storm of rotations by renaming: each line once', { timeout: 600_000 }, async (t) => {
  const rotations = Number(process.env.MIRRORMON_ROTATIONS ?? 20);
  const { path, lines, until, end } = following(t, { 'a.log': '' });
  await delay(50);
  let next = 0;
  for (let k = 0; k < rotations; k++) {
    // eight are kept, and what is thrown away before it is looked at nobody can have
    await until(next - 5 * 21);
    for (let burst = 0; burst < 3; burst++) {
      appendFileSync(path, text(next, next + 7));
      next += 7;
      await delay(2);
    }
    for (let age = 8; age > 0; age--) {
      const older = age === 1 ? path : `${path}.${age - 1}`;
      if (existsSync(older)) renameSync(older, `${path}.${age}`);
    }
  }
  await until(next);
  t.same(lines().length, next);
  t.same(await end(), numbered(0, next));
});

t.test(
  'a storm of copies and cuts: what was not read before the cut comes from the copy',
  { timeout: 600_000 },
  async (t) => {
    const rotations = Number(process.env.MIRRORMON_ROTATIONS ?? 20);
    const { path, until, end } = following(t, { 'a.log': '' });
    await delay(50);
    let next = 0;
    for (let k = 0; k < rotations; k++) {
      appendFileSync(path, text(next, next + 20));
      next += 20;
      await until(next - 10);
      // not awaited: the last of it may not have been read
      appendFileSync(path, text(next, next + 5));
      next += 5;
      copyFileSync(path, `${path}.${k + 1}`);
      truncateSync(path, 0);
      await delay(25);
    }
    await until(next);
    t.same(await end(), numbered(0, next));
  },
);

/** As logrotate does with `compress`: nothing is there of it but what is packed, as old as it was. */
function pack(name: string, to = `${name}.gz`): void {
  const { atime, mtime } = statSync(name);
  writeFileSync(to, gzipSync(readFileSync(name)));
  utimesSync(to, atime, mtime);
  rmSync(name);
}

t.test('what is rotated away and packed between two looks', async (t) => {
  for (const how of ['renamed', 'cut short'] as const) {
    const { path, until, end, notices } = following(t, { 'a.log': text(0, 30) });
    // of those that were there before, one is packed when a later one is
    writeFileSync(`${path}.1`, 'old 1\n'.repeat(200));
    writeFileSync(`${path}.2.gz`, gzipSync('old 2\n'.repeat(200)));
    await until(30);
    let written = 30;
    let rotated = 2;
    for (let round = 0; round < 4; round++) {
      // all of it while the program cannot look
      writeFileSync(`${path}.saved${round}.tar.gz`, gzipSync(`saved ${round}\n`.repeat(100)));
      if (round === 2) pack(`${path}.1`, `${path}.1-99.gz`);
      for (const count of [20, 60, 1, 60]) {
        appendFileSync(path, text(written, written + count));
        written += count;
        const name = `${path}.${++rotated}`;
        if (how === 'renamed') {
          renameSync(path, name);
          writeFileSync(path, '');
        } else {
          copyFileSync(path, name);
          truncateSync(path, 0);
        }
        pack(name);
      }
      appendFileSync(path, text(written, written + 40));
      written += 40;
      await until(written);
    }
    await delay(50);
    const lines = await end();
    t.same([...lines].sort(byNumber), numbered(0, written), how);
    if (how === 'renamed') t.same(notices, []);
  }
});

t.test('what was packed between two looks and cannot be unpacked is told', async (t) => {
  const { path, until, end, notices } = following(t, { 'a.log': text(0, 30) });
  await until(30);
  appendFileSync(path, text(30, 9_000));
  renameSync(path, `${path}.2`);
  writeFileSync(path, text(9_000, 19_000));
  renameSync(path, `${path}.1`);
  writeFileSync(path, text(19_000, 19_010));
  pack(`${path}.1`);
  truncateSync(`${path}.1.gz`, statSync(`${path}.1.gz`).size - 9);
  await until(9_010);
  await delay(50);
  t.same(await end(), [...numbered(0, 9_000), ...numbered(19_000, 19_010)]);
  t.match(notices, [/a\.log\.1\.gz: what was rotated away cannot be unpacked, and is not read: ./]);
});

t.test('a file that was cut short before a run that goes on has read anything of it', async (t) => {
  for (const isRotatedAfterwards of [false, true]) {
    const path = join(t.testdir({ 'a.log': '' }), 'a.log');
    const stats = statSync(path, { bigint: true });
    const found = { key: keyOf(stats), born: stats.birthtimeNs, offset: 0, content: unread };
    const place = inputPlaceOf({ files: [found], seen: [], finished: [], begun: [], packed: [] }, '');
    const places = { before: () => place, onCheckpoint: () => {}, consumed: () => 0 };
    await delay(20);
    let written = 0;
    const write = (count: number): void => {
      appendFileSync(path, text(written, written + count));
      written += count;
    };
    for (const copy of ['a.log-1', 'a.log-2']) {
      write(200);
      copyFileSync(path, join(path, '..', copy));
      truncateSync(path, 0);
    }
    write(300);
    if (isRotatedAfterwards) renameSync(path, join(path, '..', 'a.log.1'));
    // it is what the file begins with, and nothing of it comes twice
    else copyFileSync(path, join(path, '..', 'a.log-backup'));
    write(5);
    const { until, end } = followingAt(t, path, places as unknown as InputPlaces);
    await until(written);
    await delay(100);
    const lines = await end();
    const inOrder = isRotatedAfterwards ? [...lines].sort(byNumber) : lines;
    t.same(inOrder, numbered(0, written));
  }
});

const byNumber = (a: string, b: string): number => Number(a.slice(5)) - Number(b.slice(5));
