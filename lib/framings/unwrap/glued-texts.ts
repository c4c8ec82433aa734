/** Text records of one line, whose line ends became other control bytes. */

import { BACKSLASH, QUOTE } from '../../text/json.ts';
import { isLevel, SPACE, TIME_LENGTH, timeEnd } from '../../tracing/text/line-bytes.ts';

const Z = 0x5a;
const FORM_FEED = 0x0c;
/** What stands between two records on a line is shorter. */
const TAIL = 16;

/** The first text record of a line, and what else is on it. */
export function firstText(whole: Buffer): { readonly first: Buffer; readonly rest: Buffer | undefined } {
  const line = withoutFill(whole);
  const glued = gluedAt(line);
  if (glued < 0) return { first: line, rest: undefined };
  const first = line.subarray(0, glued);
  return { first: first.subarray(0, lengthOfLine(first)), rest: line.subarray(glued) };
}

/** Without NULs and form feeds at its end, which are none of a record. */
function withoutFill(line: Buffer): Buffer {
  let end = line.length;
  while (line[end - 1] === 0 || line[end - 1] === FORM_FEED) end--;
  return line.subarray(0, end);
}

/** Without what stands between lines that were joined: control bytes and blanks. */
function lengthOfLine(line: Buffer): number {
  const tail = line.toString('latin1', Math.max(0, line.length - TAIL));
  return line.length - (/[\0-\x20]+$/.exec(tail)?.[0].length ?? 0);
}

/**
 * Where another record begins in the line behind its beginning, outside of quotes: its line end became another control byte.
 * -1 if none does. Behind anything else it is the text of the record: whoever writes a message must not write records.
 */
function gluedAt(line: Buffer): number {
  for (let z = line.indexOf(Z, 1); z >= 0; z = line.indexOf(Z, z + 1)) {
    if (line[z + 1] !== SPACE || !isLevel(line, z + 2) || line[z + 7] !== SPACE) continue;
    const start = timeStart(line, z);
    if (start < 1 || line[start - 1]! >= SPACE) continue;
    if (timeEnd(line, start) === z + 1 && !isQuoted(line, start)) return start;
  }
  return -1;
}

/** Where the time begins, if one does, whose Z stands at `z`. */
function timeStart(line: Uint8Array, z: number): number {
  let at = z - 1;
  while (at > 0 && line[at]! >= 0x30 && line[at]! <= 0x39) at--;
  return (line[at] === 0x2e ? at : z) - TIME_LENGTH;
}

function isQuoted(line: Uint8Array, end: number): boolean {
  let isOpen = false;
  for (let at = 0; at < end; at++) {
    if (line[at] === BACKSLASH) at++;
    else if (line[at] === QUOTE) isOpen = !isOpen;
  }
  return isOpen;
}
