import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { fixture, root } from './helpers/root.ts';

/** The command line in a package of its own, so that its cache can be looked at. */
function installed(folder: string): string {
  const program = join(folder, 'dist', 'cli');
  cpSync(join(root, 'dist', 'cli'), program, { recursive: true });
  cpSync(join(root, 'dist', 'lib'), join(folder, 'dist', 'lib'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(program, 'mirrormon.js');
}

const log = fixture('operator', 'operator.log.gz');

function run(program: string, env: NodeJS.ProcessEnv): string {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...rest } = process.env;
  const options = { encoding: 'utf8', env: { ...rest, ...env } } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, '-q', '-o', 'json', log], options);
  t.same({ stderr, status }, { stderr: '', status: 0 });
  return stdout;
}

const kept = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

t.test('compiled code is kept in the package, and a run with it gives the same', async (t) => {
  const folder = t.testdir();
  const program = installed(folder);
  const first = run(program, {});
  const files = kept(join(folder, '.cache'));
  t.ok(files.length > 3, `${files.length} files`);
  const written = files.map((file) => statSync(file).mtimeMs);
  t.equal(run(program, {}), first);
  // what a slow run loaded after a while, under other flags, is kept by the next one
  t.same(
    files.map((file) => statSync(file).mtimeMs),
    written,
    'and are used again',
  );
  for (const file of files) writeFileSync(file, readFileSync(file).subarray(0, 200));
  t.equal(run(program, {}), first, 'damage is no error');
});

t.test(
  'the cache is the user’s where the package cannot be written, and nobody’s where neither can',
  async (t) => {
    const folder = t.testdir();
    const program = installed(folder);
    // a file where the folder would be: not even root can write into it
    writeFileSync(join(folder, '.cache'), '');
    const home = join(folder, 'home');
    mkdirSync(home);
    run(program, { XDG_CACHE_HOME: home });
    t.ok(kept(join(home, 'mirrormon')).length > 3);
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    run(program, { XDG_CACHE_HOME: blocked });
    t.same(readFileSync(blocked, 'utf8'), '');
  },
);

t.test('each command keeps its own: what one has compiled says little of another', async (t) => {
  const folder = t.testdir();
  const program = installed(folder);
  const env = { ...process.env };
  delete env.NODE_COMPILE_CACHE;
  delete env.NODE_DISABLE_COMPILE_CACHE;
  const bytesOf = (name: string) =>
    kept(join(folder, '.cache', name)).reduce((sum, file) => sum + statSync(file).size, 0);
  t.equal(spawnSync(process.execPath, [program, 'help', 'statuses'], { env }).status, 0);
  const ofHelp = bytesOf('help');
  t.ok(ofHelp > 0);
  run(program, {});
  t.ok(bytesOf('run') > 2 * ofHelp, `${bytesOf('run')} bytes beside ${ofHelp}`);
  t.equal(bytesOf('help'), ofHelp);
});

t.test('it can be switched off', async (t) => {
  const folder = t.testdir();
  run(installed(folder), { NODE_DISABLE_COMPILE_CACHE: '1' });
  t.notOk(readdirSync(folder).includes('.cache'));
});
