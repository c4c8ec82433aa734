/** Text records of one line, whose line ends became other control bytes. */

import type { Input } from '../../batch/batch.ts';
import { BACKSLASH, QUOTE } from '../../text/json.ts';
import { printable } from '../../text/printable.ts';
import { thousands } from '../../text/thousands.ts';
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
    const start = headerStart(line, z);
    if (start > 0 && line[start - 1]! < SPACE && !isQuoted(line, start)) return start;
  }
  return -1;
}

/** Where a record seems to begin whose time's Z stands at `z`; -1 if none does. */
function headerStart(line: Buffer, z: number): number {
  if (line[z + 1] !== SPACE || !isLevel(line, z + 2) || line[z + 7] !== SPACE) return -1;
  const start = timeStart(line, z);
  return start >= 0 && timeEnd(line, start) === z + 1 ? start : -1;
}

/** Behind the Z of a record's own time, whatever its layout and colours. */
const BEHIND_OWN_TIME = 34;
const TARGET_ROOM = 64;
const target = /^[A-Za-z_][\w:./-]*(?:: |\{)/;
const escapedEnd = /\\[nrt]$/;

/**
 * Whether the text of a record holds what looks like the beginning of another one, behind a blank or an escaped line end. It
 * counts as one record all the same, but lines that have lost their ends look like that, too.
 */
export function seemsToHoldAnother(text: Buffer): boolean {
  for (let z = text.indexOf(Z, BEHIND_OWN_TIME); z >= 0; z = text.indexOf(Z, z + 1)) {
    const start = headerStart(text, z);
    if (start < 2) continue;
    const isApart = text[start - 1] === SPACE || escapedEnd.test(text.toString('latin1', start - 2, start));
    if (isApart && target.test(text.toString('latin1', z + 8, z + 8 + TARGET_ROOM))) return true;
  }
  return false;
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

/** Text records that hold what looks like the beginning of another one: counted, to be told of once. */
export class HeldRecords {
  private count = 0;
  private first = '';

  /** What is to be told of those of an input. */
  of(input: Input): (offset: number) => void {
    return (offset) => {
      if (this.count++ > 0) return;
      const place = input.placeOf?.(offset) ?? { name: input.name, offset };
      const name = place.name === '-' ? 'standard input' : printable(place.name);
      this.first = `byte ${thousands(place.offset)} of ${name}`;
    };
  }

  tell(warn: (message: string) => void): void {
    const { count, first } = this;
    if (count === 0) return;
    const [which, they] =
      count === 1 ? ['text record holds', 'it counts'] : ['text records hold', 'each counts'];
    const where = count === 1 ? `at ${first}` : `the first at ${first}`;
    warn(
      `${thousands(count)} ${which} what looks like the beginning of another, ${where}: ${they} as one, since a message may hold anything; if line ends were lost, put them back first`,
    );
  }
}
