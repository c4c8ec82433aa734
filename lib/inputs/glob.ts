import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { MirrormonError } from '../errors.ts';

/** Patterns that the braces of one may stand for. */
const MOST_CHOICES = 1024;

export function isGlob(name: string): boolean {
  return /[*?[\]{}]/.test(name);
}

/** A file that a pattern names. */
export interface Match {
  readonly name: string;
  /** Device and inode. */
  readonly identity: string;
}

/** What a pattern fits and nobody can read. */
export interface LeftOut {
  readonly path: string;
  readonly why: 'it leads nowhere' | 'its name is not UTF-8' | 'the folder may not be read';
}

/**
 * The files that a pattern names, by name: `*` and `?` within a path's part, `[a-z]`, `[!a-z]`, `{a,b}`, and `**` for
 * any depth of folders. Hidden entries need a pattern that begins with a dot; folders are never among the result. `**`
 * does not go through links to folders, as in bash, so it comes to an end; a file that several paths lead to is given
 * once. Stops with what it has when the signal aborts. Fails with INPUT_UNREADABLE for a pattern that means nothing.
 * @param leaveOut is told of what fits and cannot be read
 */
export async function expandGlob(
  pattern: string,
  signal?: AbortSignal,
  leaveOut?: (left: LeftOut) => void,
): Promise<Match[]> {
  const walk = new Walk(signal, leaveOut);
  for (const plain of expandBraces(pattern)) {
    const parts = plain.split('/').filter((part) => part !== '');
    await walk.through(
      plain.startsWith('/') ? '/' : '',
      parts.map((part) => partOf(part, pattern)),
    );
  }
  const byIdentity = new Map<string, Match>();
  for (const match of walk.found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!byIdentity.has(match.identity)) byIdentity.set(match.identity, match);
  }
  return [...byIdentity.values()];
}

/** One part of a path: any depth of folders, names that match, or one name. */
type Part = '**' | RegExp | string;

class Walk {
  readonly found: Match[] = [];
  private readonly signal: AbortSignal | undefined;

  private readonly leaveOut: ((left: LeftOut) => void) | undefined;

  constructor(signal: AbortSignal | undefined, leaveOut: ((left: LeftOut) => void) | undefined) {
    this.signal = signal;
    this.leaveOut = leaveOut;
  }

  async through(folder: string, parts: readonly Part[]): Promise<void> {
    const [part, ...rest] = parts;
    if (part === undefined || this.signal?.aborted) return;
    if (part === '**') {
      await this.through(folder, rest.length === 0 ? [/^[^.]/s] : rest);
      for (const entry of await this.entries(folder)) {
        if (entry.isDirectory() && !entry.name.startsWith('.'))
          await this.through(`${folder}${entry.name}/`, parts);
      }
      return;
    }
    for (const name of typeof part === 'string' ? [part] : await this.names(folder, part)) {
      if (rest.length > 0) await this.through(`${folder}${name}/`, rest);
      else await this.take(folder + name, typeof part !== 'string');
    }
  }

  /** @param isListed its folder has it */
  private async take(path: string, isListed: boolean): Promise<void> {
    if (this.signal?.aborted) return;
    const stats: BigIntStats | undefined = await stat(path, { bigint: true }).catch(() => undefined);
    if (stats === undefined && isListed) {
      this.leaveOut?.({ path, why: path.includes('\ufffd') ? 'its name is not UTF-8' : 'it leads nowhere' });
    }
    if (stats !== undefined && !stats.isDirectory()) {
      this.found.push({ name: path, identity: `${stats.dev}:${stats.ino}` });
    }
  }

  /** A folder that cannot be read has none. */
  private entries(folder: string) {
    return readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(({ code }) => {
      if (code === 'EACCES' || code === 'EPERM')
        this.leaveOut?.({ path: folder, why: 'the folder may not be read' });
      return [];
    });
  }

  private async names(folder: string, wanted: RegExp): Promise<string[]> {
    return (await this.entries(folder)).map(({ name }) => name).filter((name) => wanted.test(name));
  }
}

function partOf(part: string, pattern: string): Part {
  if (part === '**' || !isGlob(part)) return part;
  const hidden = part.startsWith('.') ? '' : '(?!\\.)';
  const body = part.replace(/\[([!^]?)(\]?[^\]]*)\]|[\s\S]/g, (token, negated?: string, set?: string) => {
    if (set !== undefined) return `[${negated ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
    if (token === '*') return '.*';
    return token === '?' ? '.' : token.replace(/[\\^$.|+()[\]{}/-]/g, '\\$&');
  });
  try {
    return new RegExp(`^${hidden}${body}$`, 's');
  } catch {
    throw unusable(pattern, `'${part}' holds a range that is upside down`);
  }
}

/** `a{b,c}d` is abd and acd; braces nest; without a comma they stand for themselves. */
function expandBraces(pattern: string): string[] {
  const plain: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(next);
    if (match === null) plain.push(next);
    else {
      const [, before, choices, after] = match as unknown as [string, string, string, string];
      open.push(...choices.split(',').map((choice) => before + choice + after));
    }
    if (plain.length + open.length > MOST_CHOICES) {
      throw unusable(pattern, `its braces stand for more than ${MOST_CHOICES} patterns`);
    }
  }
  return plain;
}

function unusable(pattern: string, what: string): MirrormonError {
  return new MirrormonError('INPUT_UNREADABLE', `this pattern cannot be used: ${what}`, {
    where: pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern,
  });
}
