import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';
import { root } from './helpers/root.ts';

/**
 * Imports point one way. A folder of lib/ may import from the folders named here, from itself, and from what all may
 * read; a file is named where it stands alone. `.` stands for the contracts that lie directly in lib/.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  bin: ['commands'],
  commands: ['.', 'pipeline', 'config', 'inputs', 'generate', 'dashboards'],
  pipeline: ['.', 'stages', 'inputs', 'readers', 'parsing', 'feeding', 'sinks', 'reference', 'ziti'],
  readers: ['.', 'series', 'filters', 'mirrord', 'ziti'],
  feeding: ['.', 'stages'],
  sinks: ['.', 'handlers', 'stages'],
  parsing: ['.', 'inputs', 'reference', 'scanner'],
  stages: ['.', 'series', 'filters', 'reference', 'ziti'],
  series: ['.', 'math', 'filters', 'mirrord', 'ziti'],
  filters: ['.', 'mirrord', 'ziti'],
  inputs: ['.', 'mirrord'],
  handlers: ['.', 'config', 'mirrord', 'ziti', 'scanner'],
  reference: ['.'],
  scanner: ['.'],
  config: ['.', 'mirrord', 'ziti'],
  generate: [],
  dashboards: ['.', 'mirrord'],
  mirrord: ['.'],
  ziti: ['.'],
  math: [],
  '.': ['config', 'math', 'pipeline', 'stages'],
};

/** Where node:stream may appear, besides inputs, handlers and the commands that are given streams. */
const streamFiles = ['lib/stages/transform.ts', 'lib/pipeline.ts'];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('assembly'))
    .map((name) => join(folder, name));
}

const files = [...sources('lib'), ...sources('bin')];

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)|^import\s+'([^']+)'/gm,
  );
  return [...statements].map(([, type, from, dynamic, bare]) => ({
    file,
    target: (from ?? dynamic ?? bare) as string,
    typeOnly: type !== undefined,
  }));
}

const imports = files.flatMap(importsOf);

/** Files directly in lib/ that are layers of their own. */
const wiring = ['pipeline', 'readers', 'parsing', 'feeding', 'sinks'];

/** The layer of a file: its folder below lib/, a wiring file, or `.`. */
function layer(file: string): string {
  if (file.startsWith('bin/')) return 'bin';
  const [, first = '', second] = file.split('/');
  if (second !== undefined) return first;
  const name = first.replace(/\.ts$/, '');
  return wiring.includes(name) ? name : '.';
}

t.test('imports point one way', async (t) => {
  t.ok(files.length > 50 && imports.length > 200, 'they are found');
  for (const { file, target } of imports) {
    if (!target.startsWith('.')) continue;
    const to = layer(normalize(join(dirname(file), target)));
    const from = layer(file);
    const holds = to === from || allowed[from]?.includes(to);
    if (!holds) t.fail(`${file} imports ${target}: ${from} may not import from ${to}`);
  }
});

t.test('files do not import one another in a circle', async (t) => {
  const edges = new Map<string, string[]>();
  for (const { file, target, typeOnly } of imports) {
    if (typeOnly || !target.startsWith('.')) continue;
    edges.set(file, [...(edges.get(file) ?? []), normalize(join(dirname(file), target))]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) t.fail(`circle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
    if (done.has(file) || path.includes(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
});

t.test('math knows numbers only', async (t) => {
  const foreign = imports.filter(({ file, target }) => {
    const isMath = target.startsWith('.') && layer(normalize(join(dirname(file), target))) === 'math';
    return layer(file) === 'math' && !isMath;
  });
  t.same(foreign, []);
});

t.test('node:stream appears where bytes come and go, and in one place between', async (t) => {
  const found = imports.filter(({ target, typeOnly }) => /^node:stream\b/.test(target) && !typeOnly);
  const strangers = found
    .map(({ file }) => file)
    .filter(
      (file) => !['inputs', 'handlers', 'commands'].includes(layer(file)) && !streamFiles.includes(file),
    );
  t.same(strangers, []);
});

t.test('lib leaves the process to bin', async (t) => {
  for (const file of sources('lib')) {
    const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const [found] = /\bprocess\.(argv|exit|exitCode)\b/.exec(text) ?? [];
    if (found !== undefined) t.fail(`${file} uses ${found}`);
  }
});
