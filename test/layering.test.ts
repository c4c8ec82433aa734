import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import { root } from './helpers/root.ts';

/** What lib/README.md says of the rooms, held. Type imports count like any other: they are knowledge, too. */

interface Import {
  readonly file: string;
  /** As written. */
  readonly target: string;
  /** The imported file, from the root of the project; undefined for packages. */
  readonly to: string | undefined;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('assembly'))
    .map((name) => join(folder, name));
}

const files = [...sources('lib'), ...sources('bin')];

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

function importsOf(file: string): Import[] {
  const statements = textOf(file).matchAll(
    /^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)|^import\s+'([^']+)'/gm,
  );
  return [...statements].map(([, type, from, dynamic, bare]) => {
    const target = (from ?? dynamic ?? bare)!;
    const to = target.startsWith('.') ? normalize(join(dirname(file), target)) : undefined;
    return { file, target, to, typeOnly: type !== undefined };
  });
}

const imports = files.flatMap(importsOf);

/** A folder of lib/, a file directly in lib/, or bin. */
function room(file: string): string {
  const [top, first = ''] = file.split('/');
  return top === 'bin' ? 'bin' : first;
}

/** The circles of a graph: every set of nodes that lead to one another, by Tarjan's algorithm. */
function circles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(node, Math.min(low.get(node)!, low.get(next)!));
      } else if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, index.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const circle = stack.splice(stack.indexOf(node));
    if (circle.length > 1) found.push(circle.reverse());
  };
  for (const node of edges.keys()) if (!index.has(node)) visit(node);
  return found;
}

function graph(name: (file: string) => string): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { file, to } of imports) {
    if (to === undefined || name(file) === name(to)) continue;
    edges.set(name(file), (edges.get(name(file)) ?? new Set()).add(name(to)));
  }
  return edges;
}

/** Imports that a rule forbids, told as `file imports target`. */
function offences(isOffence: (found: Import & { readonly to: string }) => boolean): string[] {
  return imports
    .filter((found): found is Import & { to: string } => found.to !== undefined && isOffence(found as never))
    .map(({ file, target }) => `${file} imports ${target}`);
}

t.test('no circle of files', async (t) => {
  t.ok(files.length > 50 && imports.length > 200, 'they are found');
  t.same(circles(graph((file) => file)), []);
});

t.test('no circle of rooms', async (t) => {
  const rooms = graph(room);
  t.same(circles(rooms), []);
  const edges = [...rooms.values()].reduce((sum, targets) => sum + targets.size, 0);
  t.comment(`${rooms.size} rooms, ${edges} edges`);
});

t.test('six files lie directly in lib/; all else has a room', async (t) => {
  const lying = readdirSync(join(root, 'lib')).filter((name) => name.endsWith('.ts'));
  t.same(lying.sort(), ['config.ts', 'errors.ts', 'index.ts', 'ledger.ts', 'pipeline.ts', 'plan.ts']);
});

t.test('the systems are named in one list', async (t) => {
  const isSystem = /^lib\/systems\/(mirrord|ziti)\//;
  t.same(
    offences(({ file, to }) => isSystem.test(to) && !isSystem.test(file) && file !== 'lib/systems/index.ts'),
    [],
  );
});

t.test('inputs, framings, stages and handlers do not know one another', async (t) => {
  const strangers = ['inputs', 'framings', 'stages', 'handlers'];
  t.same(
    offences(
      ({ file, to }) =>
        strangers.includes(room(file)) && strangers.includes(room(to)) && room(file) !== room(to),
    ),
    [],
  );
});

t.test('math knows numbers only', async (t) => {
  const foreign = imports.filter(
    ({ file, to }) => room(file) === 'math' && (to === undefined || room(to) !== 'math'),
  );
  t.same(foreign, []);
});

t.test('node:stream appears where bytes come and go, and in one place between', async (t) => {
  const wrappers = ['lib/stages/transform.ts', 'lib/pipeline.ts'];
  const strangers = imports
    .filter(({ target, typeOnly }) => /^node:stream\b/.test(target) && !typeOnly)
    .map(({ file }) => file)
    .filter(
      (file) => !['inputs', 'handlers', 'commands', 'kafka'].includes(room(file)) && !wrappers.includes(file),
    );
  t.same(strangers, []);
});

t.test('a word means one thing: no basename twice', async (t) => {
  const places = new Map<string, string[]>();
  for (const file of sources('lib')) {
    const name = basename(file);
    if (name !== 'index.ts' && name !== 'spec.ts') places.set(name, [...(places.get(name) ?? []), file]);
  }
  t.same(
    [...places.values()].filter((same) => same.length > 1),
    [],
  );
});

t.test(
  'a file is an idea: what is small and has one importer joins it, unless it is a contract',
  async (t) => {
    const importers = new Map<string, Set<string>>();
    for (const { file, to } of imports) {
      if (to !== undefined) importers.set(to, (importers.get(to) ?? new Set()).add(file));
    }
    // a file that others implement, or that is loaded only when it is needed, has its reason
    const lazy = new Set(
      imports.filter(({ file, target }) => textOf(file).includes(`import('${target}')`)).map(({ to }) => to),
    );
    const isContract = (text: string): boolean => !/^export (const|let|function|class|async)/m.test(text);
    const tiny = sources('lib').filter((file) => {
      const text = textOf(file);
      return (
        text.split('\n').length < 40 &&
        importers.get(file)?.size === 1 &&
        !lazy.has(file) &&
        !isContract(text)
      );
    });
    t.comment(`${tiny.length} small files with one importer: ${tiny.join(', ')}`);
    t.ok(tiny.length <= 40, 'they do not become more');
  },
);

t.test('lib leaves the process to bin', async (t) => {
  const users = sources('lib').filter((file) =>
    /\bprocess\.(argv|exit|exitCode)\b/.test(textOf(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')),
  );
  t.same(users, []);
});

t.test('files stay short', async (t) => {
  const long = sources('lib').filter((file) => textOf(file).split('\n').length > 250);
  t.comment(`${long.length} files above 250 lines: ${long.join(', ')}`);
  t.ok(long.length <= 14, 'they do not become more');
});

t.test('functions stay short', async (t) => {
  const long = sources('lib').flatMap((file) => longFunctions(file, 50));
  t.comment(`${long.length} functions above 50 lines: ${long.join(', ')}`);
  t.ok(long.length <= 19, 'they do not become more');
});

function longFunctions(file: string, most: number): string[] {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const lineOf = (at: number): number => source.getLineAndCharacterOfPosition(at).line;
  const visit = (node: ts.Node): void => {
    const body = ts.isFunctionLike(node) && 'body' in node ? node.body : undefined;
    if (body !== undefined) {
      const lines = lineOf(body.end) - lineOf(body.getStart()) + 1;
      if (lines > most)
        found.push(`${file}: ${(node as ts.SignatureDeclaration).name?.getText() ?? '?'} ${lines}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

t.test('no module keeps state in a variable of its own', async (t) => {
  const keepers = sources('lib').flatMap((file) =>
    [...textOf(file).matchAll(/^(?:export )?let (\w+)/gm)].map(([, name]) => `${file}: ${name}`),
  );
  t.comment(`${keepers.length} module variables: ${keepers.join(', ')}`);
  t.ok(keepers.length <= 20, 'they do not become more');
});
