import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { type Call, type CaseFolder, callsOf, isExpectation } from './case-folder.ts';

/** How the program is started. */
export interface Program {
  /** Its file, run by this Node. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What came out of a case: files by their path in its folder, as they are expected there. */
export interface CaseOutput {
  readonly files: ReadonlyMap<string, Buffer>;
  /** Of the first call that did not end with 0. */
  readonly status: number;
  readonly stderr: string;
}

/** Settings of the environment must not change what a case gives; where things are may. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'XDG_CACHE_HOME', 'SystemRoot', 'NODE_DISABLE_COMPILE_CACHE'];

/** The last line of standard error tells how long it took. */
const CLOSING_LINE = /^mirrormon: [\d,]+ records read, .*\n/m;

/** Calls the program as a case wants it, each time in a fresh copy of its folder. */
export async function runCase(folder: CaseFolder, program: Program): Promise<CaseOutput> {
  const files = new Map<string, Buffer>();
  let failed: { status: number; stderr: string } | undefined;
  let said = '';
  for (const one of callsOf(folder, (path) => readFileSync(path, 'utf8'))) {
    const { status, stderr } = await call(folder, one, program, files);
    said += stderr;
    if (status !== 0) failed ??= { status, stderr };
  }
  const { status, stderr } = failed ?? { status: 0, stderr: said };
  if (stderr !== '') files.set('expected/stderr', Buffer.from(stderr));
  if (status !== 0) files.set('expected/status', Buffer.from(`${status}\n`));
  return { files, status, stderr };
}

/** Calls it once, and keeps what it prints and writes. */
async function call(
  { folder, command }: CaseFolder,
  { args, stdout }: Call,
  program: Program,
  files: Map<string, Buffer>,
): Promise<{ status: number; stderr: string }> {
  const work = await mkdtemp(join(tmpdir(), 'mirrormon-case-'));
  try {
    for (const name of await readdir(folder)) {
      if (!isExpectation(name)) await cp(join(folder, name), join(work, name), { recursive: true });
    }
    await makeFolders(join(folder, 'expected'), work);
    const given = new Set(await filesBelow(work));
    const stdin = command && given.has('stdin') ? await readFile(join(work, 'stdin')) : '';
    const run = await start(args, stdin, work, program);
    // handlers write elsewhere, and then nothing is no output
    const isAnswer = !stdout.startsWith('expected/') || existsSync(join(folder, stdout));
    if (isAnswer || run.stdout.length > 0) files.set(stdout, run.stdout);
    for (const file of await filesBelow(work)) {
      const bytes = given.has(file) ? undefined : await readFile(join(work, file));
      if (bytes !== undefined && bytes.length > 0) files.set(`expected/${file}`, bytes);
    }
    return { status: run.status, stderr: run.stderr.replace(CLOSING_LINE, '') };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Handlers write into folders that are there: those that files are expected in. */
async function makeFolders(expected: string, work: string): Promise<void> {
  if (!existsSync(expected)) return;
  for (const entry of await readdir(expected, { recursive: true, withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name).slice(expected.length + 1);
    await mkdir(join(work, path), { recursive: true });
  }
}

/** Paths of all files in a folder, with / between their parts. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(folder.length + 1)
        .replaceAll(sep, '/'),
    )
    .sort();
}

interface Run {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

async function start(
  args: readonly string[],
  stdin: string | Uint8Array,
  cwd: string,
  { file, env }: Program,
): Promise<Run> {
  const kept = Object.fromEntries(inherited.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const child = spawn(process.execPath, [file, ...args], { cwd, env: kept });
  const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (bytes: Buffer) => output[name].push(bytes));
  }
  // a program that does not read all of its input closes it early, which is its right
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      const stderr = Buffer.concat(output.stderr).toString();
      const ended = signal === null ? stderr : `${stderr}${basename(file)} was ended by ${signal}\n`;
      resolve({ status: status ?? 1, stdout: Buffer.concat(output.stdout), stderr: ended });
    });
  });
}
