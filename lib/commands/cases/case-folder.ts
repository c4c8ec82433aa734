import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MirrormonError } from '../../errors.ts';

/** What standard output must be with -o json, and with -o logs, beside the files in expected/. */
export const outputFormats = ['json', 'logs'] as const;

/** One way to call the program for a case. */
export interface Call {
  readonly args: readonly string[];
  /** What standard output is compared with, by its path in the case's folder. */
  readonly stdout: string;
}

/** A folder with inputs, how they are read, and what must come out. */
export interface CaseFolder {
  /** As a user names it: the path of its folder. */
  readonly folder: string;
  /** It has a `command` of its own: then every byte of everything that comes out counts. */
  readonly command: boolean;
}

/**
 * Every folder with a `command` or an `input.*` in these folders, at any depth, in order.
 * @throws {MirrormonError} USAGE for what is no folder
 */
export function findCases(folders: readonly string[]): CaseFolder[] {
  return folders.flatMap((folder) => {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new MirrormonError('USAGE', 'there is no such folder', {
        where: folder,
        hint: 'name folders of cases, or folders with such folders in them',
      });
    }
    return casesIn(folder.replace(/(?<=.)[/\\]+$/, ''));
  });
}

function casesIn(folder: string): CaseFolder[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const command = files.includes('command');
  if (command || files.some(isInput)) return [{ folder, command }];
  const inner = entries.filter((entry) => entry.isDirectory() && entry.name !== 'expected');
  return inner
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => casesIn(join(folder, name)));
}

const isInput = (name: string): boolean => name.startsWith('input.');

/** Whether it belongs to what is expected, and not to what the program is given. */
export const isExpectation = (name: string): boolean => /^expected(\.(json|logs))?$/.test(name);

/** How the program is called: as `command` says, or once for each format of standard output that is expected. */
export function callsOf({ folder, command }: CaseFolder, readFile: (path: string) => string): Call[] {
  if (command) {
    const args = readFile(join(folder, 'command')).trimEnd().split('\n');
    return [{ args, stdout: 'expected/stdout' }];
  }
  const names = readdirSync(folder).sort();
  const config = names.find((name) => /^config\.ya?ml$/.test(name));
  const args = [...(config === undefined ? [] : ['-c', config]), ...names.filter(isInput)];
  const expected = outputFormats.filter((format) => names.includes(`expected.${format}`));
  const printed = expected.map((format) => ({
    args: [...args, '-o', format],
    stdout: `expected.${format}`,
  }));
  if (printed.length > 0) return printed;
  if (config !== undefined && existsSync(join(folder, 'expected'))) {
    return [{ args, stdout: 'expected/stdout' }];
  }
  // nothing is expected yet: what --update writes
  return [{ args: [...args, '-o', 'json'], stdout: 'expected.json' }];
}
