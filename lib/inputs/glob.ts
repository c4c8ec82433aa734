import { readdir, stat } from 'node:fs/promises';

export function isGlob(name: string): boolean {
  return /[*?[\]{}]/.test(name);
}

/**
 * The files that a pattern names, by name: `*` and `?` within a path's part, `[a-z]`, `[!a-z]`, `{a,b}`, and `**` for
 * any depth of folders. Hidden entries need a pattern that begins with a dot; folders are never among the result.
 */
export async function expandGlob(pattern: string): Promise<string[]> {
  const found = new Set<string>();
  for (const plain of expandBraces(pattern)) {
    const parts = plain.split('/').filter((part) => part !== '');
    await walk(plain.startsWith('/') ? '/' : '', parts, found);
  }
  return [...found].sort();
}

async function walk(folder: string, parts: readonly string[], found: Set<string>): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (part === '**') {
    await walk(folder, rest.length === 0 ? ['*'] : rest, found);
    for (const name of await names(folder, /^[^.]/s)) {
      if (await isFolder(folder + name)) await walk(`${folder}${name}/`, parts, found);
    }
    return;
  }
  for (const name of isGlob(part) ? await names(folder, expression(part)) : [part]) {
    if (rest.length > 0) await walk(`${folder}${name}/`, rest, found);
    else if ((await isFolder(folder + name)) === false) found.add(folder + name);
  }
}

/** A folder that cannot be read has no matches. */
async function names(folder: string, wanted: RegExp): Promise<string[]> {
  const all = await readdir(folder === '' ? '.' : folder).catch(() => []);
  return all.filter((name) => wanted.test(name));
}

/** undefined: there is no such thing. */
async function isFolder(path: string): Promise<boolean | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isDirectory();
}

function expression(part: string): RegExp {
  const hidden = part.startsWith('.') ? '' : '(?!\\.)';
  const body = part.replace(/\[([!^]?)(\]?[^\]]*)\]|[\s\S]/g, (token, negated?: string, set?: string) => {
    if (set !== undefined) return `[${negated ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
    if (token === '*') return '.*';
    return token === '?' ? '.' : token.replace(/[\\^$.|+()[\]{}/-]/g, '\\$&');
  });
  return new RegExp(`^${hidden}${body}$`, 's');
}

/** `a{b,c}d` is abd and acd; braces nest; without a comma they stand for themselves. */
function expandBraces(pattern: string): string[] {
  const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(pattern);
  if (match === null) return [pattern];
  const [, before, choices, after] = match as unknown as [string, string, string, string];
  return choices.split(',').flatMap((choice) => expandBraces(before + choice + after));
}
