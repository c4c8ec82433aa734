import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import t from 'tap';
import * as math from '../../lib/math/index.ts';
import { packageRoot } from './goldens.ts';

const folder = join(packageRoot(), 'lib', 'math');

/** Source without comments; strings stay, because modules are named in them. */
function code(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ' ');
}

/** Everything that a file imports, re-exports, or loads when it runs. */
function importsOf(source: string): string[] {
  return [...source.matchAll(/\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    (m) => m[1] ?? m[2]!,
  );
}

const forbidden =
  /node:|\bDate\b|Math\.random|\bperformance\b|\bprocess\b|\bglobalThis\b|\brequire\b|\bimport\s*\(|\bhrtime\b/;

t.test('lib/math is numbers in, numbers out', async (t) => {
  const seen = new Set<string>();
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = code(file);
    t.notMatch(source, forbidden, `${relative(folder, file)} knows no clock, no chance and no platform`);
    for (const name of importsOf(source)) {
      const target = join(dirname(file), name);
      t.match(
        relative(folder, target),
        /^[a-z0-9/-]+\.ts$/,
        `${relative(folder, file)} imports ${name}: of this folder`,
      );
      walk(target);
    }
  };
  // what is offered to the world, and what only metrics or the page use
  for (const entry of [
    'index.ts',
    'identity/record-hash.ts',
    'identity/record-random.ts',
    'digit-sort.ts',
    'nearly-sorted.ts',
    'whole-counts.ts',
  ])
    walk(join(folder, entry));
  t.same(
    [...seen].map((file) => relative(folder, file)).sort(),
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort(),
    'every file is reached, none is left over',
  );
});

t.test('the walk would notice', async (t) => {
  for (const bad of [
    "import fs from 'node:fs'",
    'Date.now()',
    'Math.random()',
    'performance.now()',
    "import('./x.ts')",
  ]) {
    t.match(bad, forbidden);
  }
  t.same(importsOf("import a from 'b'; export * from \"./c.ts\"; import 'd';"), ['b', './c.ts', 'd']);
});

t.test('what it offers', async (t) => {
  const names = [
    ...['Ewma', 'Histogram', 'MeasurementError', 'MergeError', 'Meter'],
    ...['Reservoir', 'TICK_SECONDS', 'Timer'],
    ...['counterRandom', 'mathErrorCodes', 'randomKey', 'uniform'],
  ];
  t.same(Object.keys(math).sort(), names.sort());
});
