import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { expandGlob, type LeftOut } from '../../lib/inputs/glob.ts';

function tree(t: Test, files: Record<string, string | Record<string, string>>) {
  const folder = `${t.testdir(files)}/`;
  const found = async (pattern: string, signal?: AbortSignal): Promise<string[]> =>
    (await expandGlob(folder + pattern, signal)).map(({ name }) => name.slice(folder.length));
  return { folder, found };
}

t.test('links to folders are no way of **, but of a part that names them', async (t) => {
  const { folder, found } = tree(t, { 'a.log': '', sub: { 'b.log': '' } });
  for (const name of ['up1', 'up2']) symlinkSync('..', join(folder, 'sub', name));
  symlinkSync('sub', join(folder, 'link'));
  t.same(await found('**/*.log'), ['a.log', 'sub/b.log']);
  t.same(await found('li*/*.log'), ['link/b.log']);
});

t.test('each file once, by its first name; links to files are read', async (t) => {
  const { folder, found } = tree(t, { 'b.log': 'x', pods: { 'c.log': '' } });
  symlinkSync('b.log', join(folder, 'a.log'));
  linkSync(join(folder, 'b.log'), join(folder, 'z.log'));
  symlinkSync('nowhere.log', join(folder, 'dangling.log'));
  symlinkSync('pods/c.log', join(folder, 'y.log'));
  t.same(await found('*.log'), ['a.log', 'y.log']);
  t.same(await found('{*.log,b.*,pods/*}'), ['a.log', 'pods/c.log']);
});

t.test('what fits and cannot be read is told, what does not fit is not', async (t) => {
  const { folder } = tree(t, { 'a.log': '' });
  symlinkSync('nowhere', join(folder, 'b.log'));
  symlinkSync('c.log', join(folder, 'c.log'));
  symlinkSync('nowhere', join(folder, 'b.txt'));
  writeFileSync(Buffer.concat([Buffer.from(folder), Buffer.from([0x64, 0xff]), Buffer.from('.log')]), '');
  const left: string[] = [];
  const tell = ({ path, why }: LeftOut) => left.push(`${path.slice(folder.length)}: ${why}`);
  t.equal((await expandGlob(`${folder}*.log`, undefined, tell)).length, 1);
  t.same(left.sort(), [
    'b.log: it leads nowhere',
    'c.log: it leads nowhere',
    'd\ufffd.log: its name is not UTF-8',
  ]);
  t.equal((await expandGlob(`${folder}{a,z}.log`, undefined, tell)).length, 1);
  t.equal(left.length, 3);
});

t.test('a pattern that means nothing fails, and quickly', async (t) => {
  const { found } = tree(t, {});
  await t.rejects(found('[z-a].log'), { code: 'INPUT_UNREADABLE', message: /'\[z-a\]\.log' holds a range/ });
  await t.rejects(found('{a,b}'.repeat(24)), { message: /braces stand for more than 1024 patterns/ });
  t.same(await found('{a,b}'.repeat(10)), [], 'a thousand are many, but fine');
  t.same(await found('[!]a-]x*'), []);
});

t.test('a signal ends the search', async (t) => {
  const { folder, found } = tree(t, {});
  for (let k = 0; k < 50; k++) {
    mkdirSync(join(folder, `d${k}`));
    writeFileSync(join(folder, `d${k}`, 'a.log'), '');
  }
  const stop = new AbortController();
  const some = found('**/*.log', stop.signal);
  setImmediate(() => stop.abort());
  t.ok((await some).length < 50);
});
