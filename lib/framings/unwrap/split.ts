/**
 * A line that begins like JSON and is no JSON: several records without a line feed between them, or a record that was
 * cut off or damaged, maybe with whole ones behind it. Whole objects are found, and all else is left between them.
 */
import { BACKSLASH, QUOTE } from '../../text/json.ts';
import { firstObject } from '../prefix.ts';
import { isDocument } from './documents.ts';
import { isObject, parsedOf } from './json-object.ts';
import { isRecord, shapeOf } from './shapes.ts';

export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Whether it is an object; else nothing in it is. */
  readonly whole: boolean;
}

/** Places where an object might begin that are tried: no line may cost more than so many times its length. */
const MOST_TRIES = 64;
/** What tools write behind a record: brackets and colours that they began before it, a time as AWS' last column. */
const endOfLine = /^(?:[\s\],]|\x1b\[[\d;]*[mK])*(?:\t[12]\d{9,18}\s*)?$/;

export function piecesOf(line: Buffer): Piece[] {
  const pieces: Piece[] = [];
  let settled = 0;
  let at = firstObject(line, 0, line.length);
  for (let tries = 0; at < line.length && tries < MOST_TRIES; tries++) {
    const end = objectEnd(line, at);
    const isNext = isBlank(line, settled, at);
    if (end < 0 || !isWhole(line, at, end, isNext)) {
      at = firstObject(line, at + 1, line.length);
      continue;
    }
    addRest(line, settled, at, pieces);
    pieces.push({ start: at, end, whole: true });
    settled = end;
    at = firstObject(line, end, line.length);
  }
  if (settled === 0 || !endOfLine.test(line.toString('latin1', settled)))
    addRest(line, settled, line.length, pieces);
  return pieces;
}

/** What stands between objects, blanks, commas, NULs and marks at its ends aside. */
function addRest(line: Buffer, from: number, to: number, pieces: Piece[]): void {
  let start = from;
  let end = to;
  while (start < end && isSeparator(line[start]!)) start++;
  while (end > start && isSeparator(line[end - 1]!)) end--;
  if (end > start) pieces.push({ start, end, whole: false });
}

function isSeparator(c: number): boolean {
  return c <= 0x20 || c === 0x2c || c === 0xef || c === 0xbb || c === 0xbf;
}

/** An object amid what is damaged may be a part of that: there it must be a record, or wrap one. */
function isWhole(line: Buffer, start: number, end: number, isNext: boolean): boolean {
  const value = parsedOf(line.toString('utf8', start, end));
  return isObject(value) && (isNext || isRecord(value) || shapeOf(value) !== undefined || isDocument(value));
}

function isBlank(line: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isSeparator(line[at]!)) return false;
  return true;
}

/** Behind the brace that closes the one at `start`; -1 if there is none. */
function objectEnd(line: Buffer, start: number): number {
  let depth = 0;
  for (let i = start; i < line.length; i++) {
    const c = line[i]!;
    if (c === QUOTE) {
      for (i++; i < line.length && line[i] !== QUOTE; i++) if (line[i] === BACKSLASH) i++;
    } else if (c === 0x7b) depth++;
    else if (c === 0x7d && --depth === 0) return i + 1;
  }
  return -1;
}
