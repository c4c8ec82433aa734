import type { Path } from '../batch/wants.ts';
import { MirrormonError } from '../errors.ts';

/**
 * Reads a path to records: keys joined by dots, `hits.hits._source`; a key that holds a dot or a bracket itself stands
 * quoted in brackets, `data["a.b"].records`. Throws USAGE for anything else.
 */
export function parseRecordsPath(text: string): Path {
  const path: string[] = [];
  const part = /(?:^|(?!^)\.)([^.[\]"]+)|\[("(?:[^"\\]|\\.)*")\]/y;
  let at = 0;
  while (at < text.length) {
    part.lastIndex = at;
    const match = part.exec(text);
    const key = match === null ? undefined : (match[1] ?? unquote(match[2]!));
    if (key === undefined) throw malformed(text, at);
    path.push(key);
    at = part.lastIndex;
  }
  return path;
}

function unquote(text: string): string | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function malformed(text: string, at: number): MirrormonError {
  return new MirrormonError(
    'USAGE',
    `${JSON.stringify(text)} is no path to records from character ${at + 1} on`,
    {
      where: '--records',
      hint: 'join keys by dots, such as hits.hits._source, and write a key that has dots itself as ["a.b"]',
    },
  );
}
