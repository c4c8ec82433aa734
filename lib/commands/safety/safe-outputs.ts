import {
  accessSync,
  type BigIntStats,
  constants,
  existsSync,
  fstatSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { HandlerConfig } from '../../config.ts';
import { MirrormonError, systemReason } from '../../errors.ts';
import { backupTime } from '../../handlers/file/backup-names.ts';
import { expandGlob, isGlob } from '../../inputs/glob.ts';
import type { RunOptions } from '../invocation.ts';
import type { Io } from '../io.ts';
import { type Content, canBeOurs } from './existing-content.ts';

/** A file that a run would write to. */
export interface Output {
  /** What the user wrote it behind: an option, or the place of a handler. */
  readonly what: string;
  readonly path: string;
  readonly content: Content;
  /** What stood there is lost, as of a ledger; a handler's file is appended to. */
  readonly replaces: boolean;
  /** Backups of it are made beside it, and removed. */
  readonly rolls: boolean;
}

/** Everything that a run of these options and handlers writes to files. */
export function outputsOf(
  { deadLetters, ledger, partial, state }: Pick<RunOptions, 'deadLetters' | 'ledger' | 'partial' | 'state'>,
  handlers: readonly HandlerConfig[],
): Output[] {
  const outputs: Output[] = [];
  for (const { type, path, format, name } of handlers) {
    if (path === undefined) continue;
    if (type === 'report') {
      outputs.push({ what: 'the report', path, content: 'report', replaces: true, rolls: false });
    }
    if (type !== 'file') continue;
    const content = format === 'logs' ? 'logs' : 'events';
    outputs.push({ what: `the path of handler ${name}`, path, content, replaces: false, rolls: true });
  }
  const option = (what: string, path: string | undefined, content: Content): void => {
    if (path !== undefined) outputs.push({ what, path, content, replaces: true, rolls: false });
  };
  option('--dead-letters', deadLetters, 'dead-letters');
  option('--ledger', ledger, 'ledger');
  option('--partial', partial, 'state');
  option('--state', state, 'state');
  return outputs;
}

interface Reading {
  readonly files: readonly string[];
  /** Configuration files: they are read, too. */
  readonly config: readonly string[];
  readonly io: Pick<Io, 'stdin' | 'stdout' | 'stderr'>;
  /** Whether something is written to standard output. */
  readonly writesStdout: boolean;
}

/**
 * Refuses outputs that would destroy something: an input (standard input and configuration included), another output,
 * the backups of either, or an existing file that mirrormon has plainly not written, unless `force`; and those of which
 * only the end of the run would tell that they cannot be written. Files are the same by device and inode, whatever their
 * names. Call it before anything is opened for writing.
 * @throws {MirrormonError} USAGE; HANDLER_OPEN where it cannot be written
 */
export async function refuseUnsafeOutputs(
  outputs: readonly Output[],
  reading: Reading,
  force: boolean,
): Promise<void> {
  const stderr = identityOfDescriptor(reading.io.stderr);
  if (outputs.length === 0 && !reading.writesStdout && stderr === undefined) return;
  for (const output of outputs) {
    refuseNoName(output);
    if (output.content === 'report') refuseOtherFormat(output);
  }
  const taken = await identitiesRead(reading);
  const told = stderr === undefined ? undefined : taken.get(stderr);
  if (told !== undefined)
    throw refusal('standard error', told, 'what is told would stand among what is read');
  if (reading.writesStdout) {
    const stdout = identityOfDescriptor(reading.io.stdout);
    const input = stdout === undefined ? undefined : taken.get(stdout);
    if (input !== undefined) throw refusal('standard output', input, 'it would feed on itself without end');
    if (stdout !== undefined) taken.set(stdout, 'where standard output goes');
  }
  for (const output of outputs) {
    const { what, path } = output;
    for (const { identity, name } of filesOf(output)) {
      const owner = taken.get(identity);
      const via = name === path ? path : `${path}, whose backup ${name}`;
      if (owner !== undefined) throw refusal(`${what}, ${via},`, owner, 'it would be destroyed');
    }
    const own = targetOf(path);
    if (own !== undefined) taken.set(own, `${path}, the file of ${what}`);
  }
  refuseShadowedBackups(outputs);
  for (const output of outputs) if (writtenAtEnd.includes(output.content)) refuseUnwritable(output);
  if (!force) for (const output of outputs) refuseStrangers(output);
}

/** The same for a command that writes its answer to standard output and nothing else. */
export function refuseUnsafeAnswer(files: readonly string[], config: readonly string[], io: Reading['io']) {
  return refuseUnsafeOutputs([], { files, config, io, writesStdout: true }, true);
}

function refusal(what: string, owner: string, why: string): MirrormonError {
  return new MirrormonError('USAGE', `${what} is ${owner}: ${why}`, { hint: 'name another file' });
}

/** Other programs write to standard output then; here it is the run's data's, and a file of that name helps nobody. */
function refuseNoName({ what, path }: Output): void {
  if (path === '') {
    throw new MirrormonError('USAGE', `${what}: the name of a file is empty`, {
      hint: 'is a variable of the shell not set?',
    });
  }
  if (path !== '-') return;
  throw new MirrormonError('USAGE', `${what}: - is no name of a file`, {
    hint: 'name a file, or say /dev/stdout or /dev/stderr; a file that is called - is ./-',
  });
}

/** Names that promise what a page is not, and what would make that. */
const otherFormats: readonly (readonly [name: RegExp, instead: string])[] = [
  [/\.(pdf|png|jpe?g|svg|docx?)$/i, 'name it .html, and print it from a browser'],
  [
    /\.(csv|json|ndjson|md|txt|tsv|xlsx?)$/i,
    'name it .html; mirrormon usage --format has json, csv and markdown',
  ],
  [/\.(gz|zst|xz|bz2|zip)$/i, 'name it .html, and pack it afterwards'],
];

function refuseOtherFormat({ what, path }: Output): void {
  const instead = otherFormats.find(([name]) => name.test(path))?.[1];
  if (instead === undefined) return;
  throw new MirrormonError('USAGE', `${what}, ${path}, is a page of HTML, whatever its name`, {
    hint: instead,
  });
}

/** What is written when all was read, which may have taken hours. */
const writtenAtEnd: readonly Content[] = ['ledger', 'report', 'state', 'samples'];

function refuseUnwritable({ what, path }: Output): void {
  const reason = unwritableFor(path);
  if (reason === undefined) return;
  throw new MirrormonError('HANDLER_OPEN', `cannot be written: ${reason}`, {
    where: `${what}, ${path}`,
    hint: 'name a file in a folder that exists and may be written to',
  });
}

/** Why no file can be made or replaced there, as far as that shows before. */
function unwritableFor(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return 'it is a folder';
    if (stats === undefined) accessSync(dirname(path), constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return systemReason(error);
  }
}

/** Regular files that are read, by identity, with what the user calls them. */
async function identitiesRead({ files, config, io }: Reading): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const add = (identity: string | undefined, name: string): void => {
    if (identity !== undefined && !found.has(identity)) found.set(identity, name);
  };
  for (const file of config) add(identityOf(file), `the configuration ${file}`);
  for (const file of files.length === 0 ? ['-'] : files) {
    if (file === '-') add(identityOfDescriptor(io.stdin), 'standard input');
    else if (isGlob(file) && identityOf(file) === undefined) {
      // what is no pattern is told by whoever reads it
      const matches = await expandGlob(file).catch(() => []);
      for (const { name } of matches) add(identityOf(name), `the input ${name}`);
    } else add(identityOf(file), `the input ${file}`);
  }
  return found;
}

/** An output's file, or where it would be, and its backups. */
function filesOf({ path, rolls }: Output): { identity: string; name: string }[] {
  const target = targetOf(path);
  if (target === undefined) return [];
  const own = { identity: target, name: path };
  if (!rolls) return [own];
  const folder = dirname(path);
  const backups = namesIn(folder).filter((name) => backupTime(path, name) !== undefined);
  return [
    own,
    ...backups.flatMap((name) => {
      const full = join(folder, name);
      const identity = identityOf(full);
      return identity === undefined ? [] : [{ identity, name: full }];
    }),
  ];
}

/** A file that has the name of another one's backup would be removed as such. */
function refuseShadowedBackups(outputs: readonly Output[]): void {
  for (const rolling of outputs.filter(({ rolls }) => rolls)) {
    const other = outputs.find(
      ({ path }) =>
        path !== rolling.path &&
        dirname(placeOf(path)) === dirname(placeOf(rolling.path)) &&
        backupTime(rolling.path, basename(path)) !== undefined,
    );
    if (other === undefined) continue;
    const message = `${other.path}, the file of ${other.what}, has the name of a backup of ${rolling.path}`;
    throw new MirrormonError('USAGE', `${message}: it would be removed as one`, {
      hint: 'name another file',
    });
  }
}

function refuseStrangers({ what, path, content, replaces }: Output): void {
  if (identityOf(path) === undefined || canBeOurs(path, content)) return;
  const doing = replaces ? 'would be overwritten' : 'would be appended to';
  throw new MirrormonError(
    'USAGE',
    `${what}, ${path}, exists, was plainly not written by mirrormon, and ${doing}`,
    { hint: 'name another file, or say --force' },
  );
}

/** Of a regular file that exists. Pipes and devices hold nothing that could be destroyed. */
function identityOf(path: string): string | undefined {
  try {
    return identity(statSync(path, { bigint: true }));
  } catch {
    return undefined;
  }
}

function identityOfDescriptor(stream: object): string | undefined {
  const { fd } = stream as { readonly fd?: unknown };
  if (typeof fd !== 'number' || fd < 0) return undefined;
  try {
    return identity(fstatSync(fd, { bigint: true }));
  } catch {
    return undefined;
  }
}

function identity(stats: BigIntStats): string | undefined {
  return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
}

/** What an output leads to: a file that is there, or the place of one to be made; undefined for pipes and devices. */
function targetOf(path: string): string | undefined {
  return existsSync(path) ? identityOf(path) : placeOf(path);
}

/** Where a file would be made: its path, with the links of its folder resolved. */
function placeOf(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
