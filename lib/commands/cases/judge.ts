import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CaseFolder, outputFormats } from './case-folder.ts';
import { compareFiles } from './compare-files.ts';
import { type CaseOutput, filesBelow, type Program, runCase } from './run-case.ts';
import { Tolerance } from './tolerance.ts';

/** What became of a case. */
export interface Verdict {
  readonly folder: string;
  readonly seconds: number;
  /** What differs, for people; it passes where nothing does. */
  readonly differences: readonly string[];
  /** What --update has written anew, by path. */
  readonly renewed: readonly string[];
}

/**
 * Runs a case and compares what comes out with what is expected, or makes it what is expected.
 * @throws {MirrormonError} USAGE where its tolerance.json is none
 */
export async function judge(
  folder: CaseFolder,
  program: Program,
  { update, now = () => performance.now() }: { readonly update: boolean; readonly now?: () => number },
): Promise<Verdict> {
  const started = now();
  const tolerance = await toleranceOf(folder);
  const expected = await expectedOf(folder);
  const output = await runCase(folder, program);
  const actual = folder.command ? output.files : relevant(output, expected);
  const failure = folder.command ? [] : failureOf(output, expected);
  const renews = update && failure.length === 0;
  const found = failure.length > 0 ? failure : compare(expected, actual, tolerance);
  const differences = renews ? [] : found;
  const renewed = renews ? await renew(folder, expected, actual, tolerance) : [];
  return { folder: folder.folder, seconds: (now() - started) / 1000, differences, renewed };
}

async function toleranceOf({ folder, command }: CaseFolder): Promise<Tolerance | undefined> {
  const path = join(folder, 'tolerance.json');
  if (existsSync(path)) return Tolerance.parse(await readFile(path, 'utf8'), path);
  return command ? undefined : new Tolerance();
}

async function expectedOf({ folder, command }: CaseFolder): Promise<Map<string, Buffer>> {
  const within = existsSync(join(folder, 'expected')) ? await filesBelow(join(folder, 'expected')) : [];
  const printed = command ? [] : outputFormats.map((format) => `expected.${format}`);
  const paths = [
    ...printed.filter((path) => existsSync(join(folder, path))),
    ...within.map((path) => `expected/${path}`),
  ];
  return new Map(
    await Promise.all(
      paths.map(async (path): Promise<[string, Buffer]> => [path, await readFile(join(folder, path))]),
    ),
  );
}

/** Without a `command`, messages and statuses count where they are expected, and files where any are. */
function relevant({ files }: CaseOutput, expected: ReadonlyMap<string, Buffer>): Map<string, Buffer> {
  const names = [...expected.keys()];
  const wantsFiles = names.length === 0 || names.some((path) => path.startsWith('expected/'));
  return new Map(
    [...files].filter(([path]) => {
      if (path === 'expected/stderr' || path === 'expected/status') return expected.has(path);
      return wantsFiles || !path.startsWith('expected/');
    }),
  );
}

function failureOf({ status, stderr }: CaseOutput, expected: ReadonlyMap<string, Buffer>): string[] {
  if (status === 0 || expected.has('expected/status')) return [];
  return [`mirrormon ended with status ${status}:\n${stderr.trimEnd().replace(/^/gm, '  ')}`];
}

function compare(
  expected: ReadonlyMap<string, Buffer>,
  actual: ReadonlyMap<string, Buffer>,
  tolerance: Tolerance | undefined,
): string[] {
  if (expected.size === 0) return ['nothing is expected; --update writes what comes out'];
  const differences: string[] = [];
  for (const path of [...new Set([...expected.keys(), ...actual.keys()])].sort()) {
    const [wanted, came] = [expected.get(path), actual.get(path)];
    if (wanted === undefined) differences.push(`${path}: written, but not expected`);
    else if (came === undefined) differences.push(`${path}: expected, but not written`);
    else {
      const found = compareFiles(wanted, came, path === 'expected.logs' ? undefined : tolerance);
      differences.push(...found.map((difference) => `${path}: ${difference}`));
    }
  }
  if (differences.length > 0) return differences;
  return (tolerance?.complaints() ?? []).map((complaint) => `tolerance.json: ${complaint}`);
}

/** Writes what differs, and nothing else: what is within the tolerance stays as it is. */
async function renew(
  { folder }: CaseFolder,
  expected: ReadonlyMap<string, Buffer>,
  actual: ReadonlyMap<string, Buffer>,
  tolerance: Tolerance | undefined,
): Promise<string[]> {
  const renewed: string[] = [];
  for (const path of new Set([...expected.keys(), ...actual.keys()])) {
    const [wanted, came] = [expected.get(path), actual.get(path)];
    const isSame =
      wanted !== undefined &&
      came !== undefined &&
      compareFiles(wanted, came, path === 'expected.logs' ? undefined : tolerance).length === 0;
    if (isSame) continue;
    const file = join(folder, path);
    if (came === undefined) await rm(file);
    else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, came);
    }
    renewed.push(path);
  }
  return renewed;
}
