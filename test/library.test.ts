import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { generate } from '../lib/generate/index.ts';
import { root } from './helpers/root.ts';

/** Holds lib/README.md to the library: its example compiles and runs, and every export stands in its table. */
const readme = readFileSync(join(root, 'lib', 'README.md'), 'utf8');

t.test('the example compiles, strictly, and prints what is said', (t) => {
  // within the package, which finds itself by its name
  mkdirSync(join(root, 'dist', 'examples'), { recursive: true });
  const folder = mkdtempSync(join(root, 'dist', 'examples', 'library-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [, example] = /^```ts\n(.*?)^```/ms.exec(readme)!;
  writeFileSync(join(folder, 'example.mts'), example!);
  writeFileSync(
    join(folder, 'operator.log'),
    Buffer.concat([...generate({ kind: 'operator', records: 500, seed: 1 })]),
  );
  const options = { cwd: folder, encoding: 'utf8' } as const;
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = [
    '--strict',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--lib',
    'es2023',
    '--types',
    'node',
  ];
  const compiled = spawnSync(process.execPath, [tsc, ...flags, 'example.mts'], options);
  t.equal(compiled.status, 0, compiled.stdout);
  const run = spawnSync(process.execPath, ['example.mjs'], options);
  t.equal(run.stderr, '');
  t.equal(run.stdout, 'true true\n1000 59\n');
  t.end();
});

t.test('every export has its place in the table, and nothing else has', (t) => {
  const declared = ['index', 'math/index', 'math/math-errors'].flatMap((name) => {
    const text = readFileSync(join(root, 'lib', `${name}.ts`), 'utf8');
    const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list]) =>
      list!.split(','),
    );
    const own = [...text.matchAll(/^export (?:const|class|type) (\w+)/gm)].map(([, word]) => word!);
    return [
      ...lists.map((word) => word.replace(/\btype\b/, '').trim()).filter((word) => word !== ''),
      ...own,
    ];
  });
  const table = readme.slice(readme.indexOf('| name | what it is |')).split('\n').slice(2);
  const end = table.findIndex((row) => !row.startsWith('|'));
  const rows = end < 0 ? table : table.slice(0, end);
  const told = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)/g)].map(([, name]) => name!),
  );
  t.same(told.sort(), declared.sort());
  t.end();
});
