// What a fresh clone needs before anything runs: the packages and the build. Says nothing where both are up to date.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = ['bin', 'lib', 'test', 'bench'];
const recipes = ['package-lock.json', 'tsconfig.json', '.ci/build.mjs', '.ci/bundle.mjs', '.ci/page.mjs'];
const stamp = join(root, 'dist', '.built');

process.chdir(root);
const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) install();
if (changed(stamp) < Math.max(...inputs().map(changed))) build();

function install() {
  if (lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink()) {
    say(
      'node_modules is a link: npm ci would empty the folder that it leads to, so install the packages there',
    );
    process.exit(1);
  }
  say('installing packages (npm ci)');
  // npm's own script where npm runs us: then it is the same npm, on the same Node, whatever PATH says.
  const script = process.env.npm_execpath;
  const npm = script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
  run([...npm, 'ci', '--loglevel=error']);
}

function build() {
  say('building');
  const started = new Date();
  removeOrphans('dist');
  run([process.execPath, '.ci/build.mjs']);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  // What was edited while the compiler ran is built the next time.
  utimesSync(stamp, started, started);
}

function inputs() {
  const files = sources.filter(existsSync).flatMap((folder) => filesBelow(folder));
  return [...recipes, ...files.filter((file) => /\.(tsx?|json|css)$/.test(file))];
}

/** What was compiled from a file that is no more: a removed test would go on running. */
function removeOrphans(dist) {
  if (!existsSync(dist)) return;
  for (const file of filesBelow(dist)) {
    const source = file.replace(/^dist./, '').replace(/(\.d\.ts|\.js)$/, '.ts');
    if (/(\.d\.ts|\.js)$/.test(file) && !existsSync(source)) rmSync(file);
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function run([command, ...args]) {
  // Standard output belongs to what runs after us.
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  say(`failed: ${[command, ...args].join(' ')}${error ? `: ${error.message}` : ''}`);
  process.exit(status || 1);
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}
