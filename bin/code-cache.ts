/**
 * Keeps what V8 compiled of the program's own files, since compiling them anew is a sixth of a short run. Node does it
 * where it can (22.8 and later); before that V8's cached data is kept here, a file for each script. It goes into the
 * package's folder or, where that is not ours to write, into the user's cache: never where others could put code. Where
 * neither can be written nothing is kept, and that is no error. NODE_DISABLE_COMPILE_CACHE=1 switches it off.
 *
 * Kept is what the first run has compiled, so each command has a folder of its own: `check` calls little of what a log
 * needs, and a run over one with the code that `check` had kept took a sixth longer, every time.
 */
import { accessSync, constants, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/** Bytes before the data: what it was made of, padded. */
const HEADER = 96;

/**
 * A worker is ended without a word: what it has compiled is kept once it has done some work, and before the run changes
 * V8's flags (lib/commands/engine-flags.ts). Milliseconds.
 */
const WORKER_SETTLES = 30;

interface Compiled {
  readonly file: string;
  readonly header: string;
  readonly script: Script;
}

/** The private part of CommonJS that compiles a module; the same since Node 0.x, and used before 22.8 only. */
interface Compiling {
  _compile(this: NodeJS.Module, content: string, filename: string): unknown;
}

/** The folder of runs that begin with no command's name. */
const RUN = 'run';

/**
 * @param own the folder whose scripts are kept: dist/cli of the package
 * @param commands their names
 */
export function keepCode(own: string, commands: readonly string[]): void {
  if (process.env.NODE_DISABLE_COMPILE_CACHE || process.env.NODE_COMPILE_CACHE) return;
  const first = process.argv[2] ?? RUN;
  const folder = writableFolder(own, commands.includes(first) ? first : RUN);
  if (folder === undefined) return;
  const { enableCompileCache } = Module as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache !== undefined) enableCompileCache(folder);
  else keepByHand(own, folder);
}

function writableFolder(own: string, command: string): string | undefined {
  const user = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  for (const parent of [join(own, '..', '..', '.cache'), join(user, 'mirrormon')]) {
    const folder = join(parent, command);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // the next one, or none
    }
  }
  return undefined;
}

function keepByHand(own: string, folder: string): void {
  const fresh: Compiled[] = [];
  const prototype = Module.prototype as unknown as Compiling;
  const compile = prototype._compile;
  prototype._compile = function (content, filename) {
    if (!filename.startsWith(own)) return compile.call(this, content, filename);
    const file = join(folder, `${isMainThread ? 'main' : 'worker'}-${basename(filename, '.js')}.v8`);
    const header = headerOf(filename);
    const cachedData = kept(file, header);
    const source = Module.wrap(content.replace(/^#!/, '//'));
    const script = new Script(source, { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) fresh.push({ file, header, script });
    const run = script.runInThisContext() as (...args: unknown[]) => unknown;
    return run.call(
      this.exports,
      this.exports,
      Module.createRequire(filename),
      this,
      filename,
      dirname(filename),
    );
  };
  const keep = () => {
    for (const compiled of fresh.splice(0)) write(compiled);
  };
  process.on('exit', keep);
  if (!isMainThread) setTimeout(keep, WORKER_SETTLES).unref();
}

/**
 * V8 itself only compares lengths, so a script must be known to be the same: by the time of its inode's last change,
 * which no installer can set.
 */
function headerOf(filename: string): string {
  const { size, ctimeMs, ino } = statSync(filename);
  return `${runtime()} ${size} ${ctimeMs} ${ino}`.padEnd(HEADER);
}

/** Also V8's flags, as they are now. */
function runtime(): string {
  return `${process.version} ${process.arch} ${cachedDataVersionTag()}`;
}

function kept(file: string, header: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    return bytes.toString('latin1', 0, HEADER) === header ? bytes.subarray(HEADER) : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing where V8's flags are no longer those that the next run begins with: it would be refused. */
function write({ file, header, script }: Compiled): void {
  if (!header.startsWith(runtime())) return;
  try {
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, Buffer.concat([Buffer.from(header, 'latin1'), script.createCachedData()]), {
      mode: 0o600,
    });
    renameSync(unfinished, file);
  } catch {
    // a full disk is no reason to fail
  }
}
