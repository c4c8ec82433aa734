import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { replaceFile } from '../../lib/state/replace-file.ts';

t.test('a file, there before or not', async (t) => {
  const folder = t.testdir({ old: 'before' });
  for (const name of ['old', 'new']) {
    await replaceFile(join(folder, name), 'after');
    t.equal(readFileSync(join(folder, name), 'utf8'), 'after');
  }
  t.same(readdirSync(folder).sort(), ['new', 'old'], 'nothing is left beside');
});

t.test('a symbolic link stays one, and its target is replaced', async (t) => {
  const folder = t.testdir({ real: { target: 'before' } });
  symlinkSync(join('real', 'target'), join(folder, 'link'));
  await replaceFile(join(folder, 'link'), 'after');
  t.ok(lstatSync(join(folder, 'link')).isSymbolicLink());
  t.equal(readFileSync(join(folder, 'real', 'target'), 'utf8'), 'after');
});

t.test('a pipe is written, and is still one', async (t) => {
  const path = join(t.testdir({}), 'pipe');
  spawnSync('mkfifo', [path]);
  const read = readFile(path, 'utf8');
  await replaceFile(path, 'after');
  t.equal(await read, 'after');
  t.ok(lstatSync(path).isFIFO());
});

t.test('a folder is refused', async (t) => {
  await t.rejects(replaceFile(t.testdir({}), 'after'));
});
