/**
 * Where a record begins behind what was put before it on its line. `kubectl logs` writes `[pod/name/container] ` with
 * --prefix and an RFC 3339 time and a space with --timestamps, in this order, also one of them, or none; other tools
 * write other things.
 */

import { PREFIX_ROOM } from '../batch/framer.ts';
import { CLOSE_BRACKET, COLON, OPEN_BRACE, QUOTE, skipSpace, skipString } from '../text/json.ts';
import type { LinePrefix } from './line-framer.ts';

const SPACE = 0x20;
const POD = Buffer.from('[pod/');

/** `0` stands for any digit in this picture of a time. */
const TIME = Buffer.from('0000-00-00T00:00:00');

function isDigit(c: number | undefined): boolean {
  return c !== undefined && c >= 0x30 && c <= 0x39;
}

function matches(bytes: Uint8Array, at: number, end: number, picture: Uint8Array): boolean {
  if (end - at < picture.length) return false;
  for (let k = 0; k < picture.length; k++) {
    const wanted = picture[k];
    const c = bytes[at + k];
    if (wanted === 0x30 ? !isDigit(c) : c !== wanted) return false;
  }
  return true;
}

/** Behind `[pod/name/container] ` at `start`, or `start` if that does not stand there. */
export function behindSource(bytes: Uint8Array, start: number, end: number): number {
  if (!matches(bytes, start, end, POD)) return start;
  for (let i = start + POD.length; i + 1 < end; i++) {
    const c = bytes[i];
    if (c === CLOSE_BRACKET) return bytes[i + 1] === SPACE ? i + 2 : start;
    if (c === SPACE) return start;
  }
  return start;
}

/** Behind an RFC 3339 time (in its form; its figures are not checked) and a space at `start`, or `start`. */
export function behindTime(bytes: Uint8Array, start: number, end: number): number {
  if (!matches(bytes, start, end, TIME)) return start;
  let i = start + TIME.length;
  if (bytes[i] === 0x2e) {
    const first = ++i;
    while (i < end && isDigit(bytes[i])) i++;
    if (i === first) return start;
  }
  if (bytes[i] === 0x5a) i += 1;
  else if (matches(bytes, i, end, PLUS) || matches(bytes, i, end, MINUS)) i += PLUS.length;
  else return start;
  // Of an empty line only the time is left, without the space.
  if (i === end) return end;
  return i < end && bytes[i] === SPACE ? i + 1 : start;
}

const PLUS = Buffer.from('+00:00');
const MINUS = Buffer.from('-00:00');

/** Behind what kubectl put before a line. */
export const kubectlPrefix: LinePrefix = (bytes, start, lineEnd) => {
  const end = Math.min(lineEnd, start + PREFIX_ROOM);
  return behindTime(bytes, behindSource(bytes, start, end), end);
};

/**
 * Where the record begins in a line: at its first byte if that is a brace, else behind any text before the first `{"`,
 * else behind what kubectl puts before lines. The scanner has the same rule (assembly/json/record-lines.ts).
 */
export const anyPrefix: LinePrefix = (bytes, start, lineEnd) => {
  if (start < lineEnd && bytes[start] === OPEN_BRACE) return start;
  const end = Math.min(lineEnd, start + PREFIX_ROOM);
  const first = firstObject(bytes, start, end);
  return first < end ? first : kubectlPrefix(bytes, start, lineEnd);
};

/** The first `{"` from `start` on; `end` if there is none. */
export function firstObject(bytes: Uint8Array, start: number, end: number): number {
  for (
    let at = bytes.indexOf(OPEN_BRACE, start);
    at >= 0 && at + 1 < end;
    at = bytes.indexOf(OPEN_BRACE, at + 1)
  ) {
    if (bytes[at + 1] === QUOTE) return at;
  }
  return end;
}

/** Whether what begins there with `{"` goes on with a key and its colon. */
export function beginsMember(bytes: Uint8Array, at: number): boolean {
  const behindKey = skipString(bytes, at + 1, bytes.length);
  return bytes[skipSpace(bytes, behindKey, bytes.length)] === COLON;
}
