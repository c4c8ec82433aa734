import { MirrormonError } from '../errors.ts';

/** In place of an element's position in a path: each of them. */
export const EACH = -1;

/** Keys of objects, and positions in arrays; a key behind an array leads into each of its elements. */
export type RecordsPath = readonly (string | number)[];

/**
 * Reads a path to records: keys joined by dots, `hits.hits._source`; a key that holds a dot or a bracket itself stands
 * quoted in brackets, `data["a.b"].records`. `[0]` is an element of an array, from 0 on, and `[]` each of them:
 * `data.result[0].values[][1]`. Throws USAGE for anything else.
 */
export function parseRecordsPath(text: string): RecordsPath {
  const path: (string | number)[] = [];
  const part = /(?:^|(?!^)\.)([^.[\]"]+)|\[("(?:[^"\\]|\\.)*")\]|\[(\d{0,9})\]/y;
  let at = 0;
  while (at < text.length) {
    part.lastIndex = at;
    const match = part.exec(text);
    const step = match === null ? undefined : stepOf(match);
    if (step === undefined) throw malformed(text, at);
    path.push(step);
    at = part.lastIndex;
  }
  return path;
}

function stepOf([, key, quoted, position]: RegExpExecArray): string | number | undefined {
  if (position !== undefined) return position === '' ? EACH : Number(position);
  return key ?? unquote(quoted!);
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
      hint: 'join keys by dots, such as hits.hits._source; write a key that has dots itself as ["a.b"], an element of an array as [0] and each as []',
    },
  );
}
