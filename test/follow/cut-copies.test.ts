import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { copiesOfCut, madeBySomebody } from '../../lib/follow/cut-copies.ts';
import type { ReadContent } from '../../lib/follow/file-content.ts';
import { type Generation, openedAs } from '../../lib/follow/generation.ts';

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, k) => `line ${from + k} of a log without times\n`).join('');

/** Files beside a log, in the order in which they were made. */
async function opened(t: Test, files: Record<string, string>): Promise<Generation[]> {
  const folder = t.testdir({});
  const all: Generation[] = [];
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    const one = await openedAs(join(folder, name), join(folder, 'a.log'));
    t.teardown(() => one?.file.close());
    all.push({ ...one!, born: BigInt(all.length) });
  }
  return all;
}

const read = (text: string): ReadContent => {
  const bytes = Buffer.from(text);
  return { head: bytes.subarray(0, 512), position: bytes.length, mark: bytes.subarray(-512) };
};
const namesOf = (all: readonly Generation[]): string[] => all.map(({ file }) => file.name.split('a.log')[1]!);

t.test('what was read goes on in the copy, whatever somebody copied before', async (t) => {
  const all = await opened(t, {
    'a.log.backup': lines(0, 8),
    'a.log.later-backup': lines(0, 20),
    'a.log.1': lines(0, 30),
    'a.log.2': lines(30, 60),
  });
  const { rest, behind, done } = await copiesOfCut(read(lines(0, 15)), all);
  t.same(namesOf([rest!]), ['.1']);
  t.same(namesOf(behind), ['.2']);
  t.same(namesOf(done), ['.backup', '.later-backup']);
});

t.test('of what begins alike the oldest one', async (t) => {
  const all = await opened(t, {
    'a.log.1': lines(0, 10),
    'a.log.2': lines(10, 40),
    'a.log.3': lines(40, 50),
  });
  const { rest, behind, done } = await copiesOfCut(read('line '), all);
  t.same([namesOf([rest!]), namesOf(behind), done], [['.1'], ['.2', '.3'], []]);
});

t.test('without a copy of what was read, what is left of it is not read again', async (t) => {
  const all = await opened(t, { 'a.log.backup': lines(0, 20), 'a.log.1': lines(100, 120) });
  const { rest, behind, done } = await copiesOfCut(read(lines(0, 30)), all);
  t.same([rest, namesOf(behind), namesOf(done)], [undefined, ['.1'], ['.backup']]);
});

t.test('copies that somebody made for himself', async (t) => {
  const [known, ...fresh] = await opened(t, {
    'a.log': lines(0, 50),
    'a.log.backup': lines(0, 20),
    'a.log.short': 'line 0',
    'a.log.1': lines(0, 20),
    'a.log.other': lines(1, 20),
    'a.log.1-copy': lines(400, 450),
    'a.log.1-more': lines(400, 451),
    'a.log-20260101': lines(200, 300),
    'a.log-20260101-copy': lines(200, 300),
  });
  t.same(namesOf(await madeBySomebody(fresh, [known!], [read(lines(400, 450))])), [
    '.backup',
    '.1-copy',
    '-20260101',
  ]);
});
