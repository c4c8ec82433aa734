import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { cutBack } from '../../../lib/handlers/file/cut-back.ts';

const later = (second: number): string => `f-2026-11-29T00-00-0${second}.000.log`;

/** A folder with the file as it was at a position, three bytes behind its beginning. */
async function place() {
  const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
  const path = join(folder, 'f.log');
  await writeFile(path, 'abcdef');
  const { dev, ino } = await stat(path);
  const contents = async (): Promise<Record<string, string>> => {
    const names = await readdir(folder);
    return Object.fromEntries(
      await Promise.all(names.sort().map(async (name) => [name, await readFile(join(folder, name), 'utf8')])),
    );
  };
  const at = (name: string): string => join(folder, name);
  return { path, at, contents, position: { identity: `${dev}:${ino}`, length: 3 }, folder };
}

t.test('what was written behind the position is cut off', async (t) => {
  const { path, at, contents, position, folder } = await place();
  await writeFile(at(later(0)), 'before');
  await cutBack(path, position);
  t.same(await contents(), { 'f.log': 'abc', [later(0)]: 'before' });
  await rm(folder, { recursive: true });
});

t.test('a file that has become a backup is the file again, and what was begun since goes', async (t) => {
  const { path, at, contents, position, folder } = await place();
  await writeFile(at(later(0)), 'before');
  await rename(path, at(later(1)));
  await writeFile(at(later(2)), 'since');
  await writeFile(path, 'since, too');
  await cutBack(path, position);
  t.same(await contents(), { 'f.log': 'abc', [later(0)]: 'before' });
  await rm(folder, { recursive: true });
});

t.test('an end in the middle of a roll leaves nothing', async (t) => {
  const reserved = await place();
  await writeFile(reserved.at(later(1)), '');
  await cutBack(reserved.path, reserved.position);
  t.same(await reserved.contents(), { 'f.log': 'abc' }, 'the name was taken, the file not yet renamed');
  const renamed = await place();
  await rename(renamed.path, renamed.at(later(1)));
  await cutBack(renamed.path, renamed.position);
  t.same(await renamed.contents(), { 'f.log': 'abc' }, 'it was renamed, the next one not yet begun');
  for (const { folder } of [reserved, renamed]) await rm(folder, { recursive: true });
});

t.test('a file that is gone, or shorter, is told, and nothing is changed', async (t) => {
  const { path, at, contents, position, folder } = await place();
  await writeFile(at(later(1)), 'other');
  await t.rejects(cutBack(path, { ...position, length: 7 }), {
    code: 'STATE_UNUSABLE',
    message: /shorter than 7/,
  });
  await t.rejects(cutBack(path, { ...position, identity: '0:0' }), { code: 'STATE_UNUSABLE' });
  t.same(await contents(), { 'f.log': 'abcdef', [later(1)]: 'other' });
  await rm(folder, { recursive: true });
});
