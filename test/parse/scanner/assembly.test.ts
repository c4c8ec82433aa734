import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import { root } from '../../helpers/root.ts';

/**
 * The linter cannot read AssemblyScript, whose functions have decorators. This holds what matters most of it: nothing is
 * imported, exported, declared or passed that nobody uses, and lines and functions stay short.
 */
const folder = 'lib/parse/scanner/assembly';
const ofRecords = 'lib/kafka/assembly';
const files = [folder, ofRecords].flatMap((each) =>
  readdirSync(join(root, each), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(each, name)),
);
const sources = new Map(
  files.map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [file, ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)] as const;
  }),
);
/** What others see: the modules' exports. */
const entries = [folder, join(folder, 'cutter'), ofRecords].map((each) => join(each, 'index.ts'));

/** Tests of single modules are assembled with what they name. */
const tests = readdirSync(join(root, 'test/parse/scanner'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'assembly.test.ts')
  .map((name) => readFileSync(join(root, 'test/parse/scanner', name), 'utf8'))
  .join();

const lineOf = (source: ts.SourceFile, at: number): number =>
  source.getLineAndCharacterOfPosition(at).line + 1;

function namesIn(source: ts.SourceFile): Map<string, number> {
  const counts = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) counts.set(node.text, (counts.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return counts;
}

/** Also a variable whose statement is. */
function isExported(node: ts.Node): boolean {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}

function moduleOf(file: string, specifier: ts.Expression): string {
  const path = normalize(join(dirname(file), (specifier as ts.StringLiteral).text));
  return sources.has(`${path}.ts`) ? `${path}.ts` : join(path, 'index.ts');
}

/** Names that a file takes from others, and names that others take from it, by file. */
function imported(): { unused: string[]; wanted: Map<string, Set<string>> } {
  const unused: string[] = [];
  const wanted = new Map<string, Set<string>>();
  for (const [file, source] of sources) {
    const counts = namesIn(source);
    for (const statement of source.statements) {
      const isImport = ts.isImportDeclaration(statement);
      if (!isImport && !(ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined))
        continue;
      const from = moduleOf(file, statement.moduleSpecifier!);
      const names = wanted.get(from) ?? new Set();
      wanted.set(from, names);
      const bindings = isImport ? statement.importClause?.namedBindings : statement.exportClause;
      if (bindings === undefined || !('elements' in bindings)) names.add('*');
      else
        for (const { name, propertyName } of bindings.elements) {
          names.add((propertyName ?? name).text);
          if (isImport && counts.get(name.text) === 1) unused.push(`${file}: ${name.text}`);
        }
    }
  }
  return { unused, wanted };
}

t.test('nothing is imported or exported that nobody uses', async (t) => {
  const { unused, wanted } = imported();
  for (const [file, source] of sources) {
    if (entries.includes(file) || wanted.get(file)?.has('*')) continue;
    for (const statement of source.statements) {
      if (!isExported(statement)) continue;
      const declared = ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.map(({ name }) => name.getText())
        : [(statement as ts.FunctionDeclaration).name?.text ?? ''];
      const isWanted = (name: string): boolean =>
        wanted.get(file)?.has(name) === true || tests.includes(name);
      for (const name of declared) if (!isWanted(name)) unused.push(`${file}: export ${name}`);
    }
  }
  t.same(unused, []);
});

t.test('nothing is declared that nobody uses', async (t) => {
  const unused: string[] = [];
  for (const [file, source] of sources) {
    const counts = namesIn(source);
    const visit = (node: ts.Node): void => {
      const isDeclared =
        (ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node) || ts.isParameter(node)) &&
        node.name !== undefined &&
        ts.isIdentifier(node.name);
      if (isDeclared && !isExported(node) && counts.get(node.name!.getText()) === 1) {
        unused.push(`${file}:${lineOf(source, node.getStart())}: ${node.name!.getText()}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  t.same(unused, []);
});

t.test('code stays within 120 columns, without spaces behind it', async (t) => {
  const bad: string[] = [];
  for (const [file, source] of sources) {
    source.text.split('\n').forEach((line, k) => {
      if ((line.length > 120 && !/^\s*(\*|\/)/.test(line)) || /\s$/.test(line) || line.includes('\t'))
        bad.push(`${file}:${k + 1}`);
    });
  }
  t.same(bad, []);
});
