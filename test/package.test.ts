import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { fixture, root } from './helpers/root.ts';

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Without scripts: what is packed is the build that these tests are a part of. */
function pack(...options: string[]): Packed {
  const { npm_execpath: npm } = process.env;
  const args = ['pack', '--json', '--ignore-scripts', '--loglevel=error', ...options];
  const [command, ...rest] =
    npm?.endsWith('.js') !== true ? ['npm', ...args] : [process.execPath, npm, ...args];
  const [packed] = JSON.parse(
    execFileSync(command as string, rest, { cwd: root, encoding: 'utf8' }),
  ) as Packed[];
  return packed as Packed;
}

t.test('the package holds what runs, and nothing else', async (t) => {
  const paths = pack('--dry-run').files.map(({ path }) => path);
  for (const path of [
    'package.json',
    'LICENSE',
    'README.md',
    'dist/cli/mirrormon.js',
    'dist/cli/package.json',
    'dist/cli/LICENSES',
    'dist/lib/index.js',
    'dist/lib/index.d.ts',
    'dist/lib/config.schema.json',
  ]) {
    t.ok(paths.includes(path), path);
  }
  const strangers = paths.filter(
    (path) =>
      !/^(package\.json|LICENSE|README\.md|dist\/cli\/(package\.json|LICENSES)|dist\/(cli|lib)\/.+\.(js|d\.ts|wasm)|dist\/lib\/page\/style\.css|dist\/lib\/config\.schema\.json)$/.test(
        path,
      ),
  );
  t.same(strangers, []);
});

t.test('what package.json points to is in the package', async (t) => {
  const { bin, types, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const path of [
    bin.mirrormon,
    types,
    exports['.'].types,
    exports['.'].default,
    exports['./schema.json'],
  ]) {
    t.ok(existsSync(join(root, path)), path);
  }
});

t.test('the lock file names no registry', async (t) => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const packages = Object.entries<{ resolved?: string }>(lock.packages);
  t.ok(packages.length > 100);
  t.same(
    packages.filter(([, { resolved }]) => resolved !== undefined).map(([name]) => name),
    [],
  );
});

t.test('the package runs where it is unpacked', async (t) => {
  const folder = t.testdir();
  const { filename } = pack(`--pack-destination=${folder}`);
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
  const unpacked = join(folder, 'package');
  // Stands for npm install, which would need a network.
  symlinkSync(join(root, 'node_modules'), join(unpacked, 'node_modules'));
  const { version, bin } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(unpacked, bin.mirrormon), ...args], { cwd: folder, encoding: 'utf8' });
  t.equal(run('--version').stdout.trim(), version);
  const { status, stdout, stderr } = run('-o', 'json', fixture('operator', 'operator.log.gz'));
  t.equal(status, 0, stderr);
  const events = stdout.trim().split('\n');
  const levels = events
    .map((line) => JSON.parse(line) as { metric: string; metrics: { count: number } })
    .filter(({ metric }) => metric === 'mirrormon_log_records_total');
  t.equal(
    levels.reduce((sum, { metrics }) => sum + metrics.count, 0),
    4000,
    'every record is counted',
  );
});

t.test(
  'the bill of materials has production packages alone, each with its licence; all packages have their integrity',
  async (t) => {
    const { npm_execpath: npm } = process.env;
    const args = ['sbom', '--omit=dev', '--sbom-format=cyclonedx', '--package-lock-only'];
    const [command, ...rest] =
      npm?.endsWith('.js') !== true ? ['npm', ...args] : [process.execPath, npm, ...args];
    const bill = JSON.parse(execFileSync(command as string, rest, { cwd: root, encoding: 'utf8' })) as {
      components: { name: string; version: string; licenses?: unknown[] }[];
    };
    const names = bill.components.map(({ name }) => name);
    t.ok(names.includes('re2js') && names.includes('prom-client'), 'direct ones');
    t.ok(!names.includes('tap') && !names.includes('typescript'), 'no tool');
    // each is one more to trust: think before there are more
    t.ok(names.length <= 45, `${names.length} packages`);
    const without = bill.components
      .filter(({ licenses }) => (licenses ?? []).length === 0)
      .map(({ name }) => name);
    t.same(without, [], 'without a licence');
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { integrity?: string }>;
    };
    const unsigned = Object.entries(lock.packages).filter(
      ([path, { integrity }]) => path !== '' && !integrity,
    );
    t.same(
      unsigned.map(([path]) => path),
      [],
      'without integrity',
    );
  },
);
