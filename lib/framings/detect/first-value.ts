import { LF } from '../../text/bytes.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  skipString,
} from '../../text/json.ts';
import { objectOf } from '../unwrap/json-object.ts';

/**
 * Tells one record a line from documents over several lines, or several in one, by the first object, which begins at
 * `start`. A line that is cut off or otherwise wrong must not look like a document that goes on: what comes behind its
 * line feed has to fit what stood before, and what comes behind that.
 */
export function firstValue(bytes: Uint8Array, start: number, final: boolean): 'ndjson' | 'json' | undefined {
  const open: number[] = [];
  let before = 0;
  for (let i = start; i < bytes.length; i++) {
    const c = bytes[i]!;
    if (c === LF) {
      const next = skipSpace(bytes, i, bytes.length);
      if (next === bytes.length) return final ? 'ndjson' : undefined;
      return goesOn(before, bytes[next]!, open[open.length - 1]) ? overLines(bytes, start, final) : 'ndjson';
    }
    if (isSpace(c)) continue;
    if (c === QUOTE) {
      const end = skipString(bytes, i, bytes.length);
      // A raw line feed cannot stand in a string: the line is cut off, and such a line is one of many.
      if (bytes.subarray(i, end).includes(LF)) return 'ndjson';
      i = end - 1;
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      open.push(c);
    } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      open.pop();
      if (open.length === 0) return behindValue(bytes, i + 1, final);
    }
    before = c;
  }
  return final ? 'ndjson' : undefined;
}

/**
 * The value seems to go on behind its line. It does until it is closed; where it is no JSON before, it is a document that
 * is damaged, or a line that was cut off where an object could begin: then other lines are objects by themselves.
 */
function overLines(bytes: Uint8Array, start: number, final: boolean): 'ndjson' | 'json' | undefined {
  const fault = faultOf(bytes, start);
  if (fault === 'none') return 'json';
  if (fault === 'open') return final ? 'json' : undefined;
  return fault === 'arrow' || hasObjectLine(bytes, start) ? 'ndjson' : final ? 'json' : undefined;
}

/**
 * Whether the value at `start` is JSON up to its end, or the end of what there is, as far as its parts' order tells. Ruby
 * writes `=>` for a colon: that is read line by line.
 */
function faultOf(bytes: Uint8Array, start: number): 'none' | 'open' | 'arrow' | 'found' {
  const open = [bytes[start]!];
  let before = bytes[start]!;
  for (let i = start + 1; i < bytes.length; i++) {
    const c = bytes[i]!;
    if (isSpace(c)) continue;
    if (!goesOn(before, c, open[open.length - 1])) {
      const isArrow = before === QUOTE && c === 0x3d && bytes[i + 1] === 0x3e;
      return isArrow ? 'arrow' : 'found';
    }
    before = c;
    if (c === QUOTE) {
      const end = skipString(bytes, i, bytes.length);
      if (bytes.subarray(i, end).includes(LF)) return 'found';
      i = end - 1;
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) open.push(c);
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      open.pop();
      if (open.length === 0) return 'none';
    } else if (c !== COMMA && c !== COLON) while (isScalar(bytes[i + 1])) i++;
  }
  return 'open';
}

/** Letters of numbers and literals. */
function isScalar(c: number | undefined): boolean {
  return c !== undefined && /[\w+.-]/.test(String.fromCharCode(c));
}

/** Whether a line behind the one at `start` is an object. */
function hasObjectLine(bytes: Uint8Array, start: number): boolean {
  for (let lf = bytes.indexOf(LF, start); lf >= 0; ) {
    const next = bytes.indexOf(LF, lf + 1);
    if (next < 0) return false;
    const line = bytes.subarray(lf + 1, next);
    if (line[0] === OPEN_BRACE && objectOf(Buffer.from(line).toString()) !== undefined) return true;
    lf = next;
  }
  return false;
}

/** The value is closed on the line that it began in: does another one follow there? */
function behindValue(bytes: Uint8Array, at: number, final: boolean): 'ndjson' | 'json' | undefined {
  let i = at;
  while (i < bytes.length && bytes[i] !== LF && isSpace(bytes[i])) i++;
  if (i === bytes.length) return final ? 'ndjson' : undefined;
  if (bytes[i] !== OPEN_BRACE && bytes[i] !== OPEN_BRACKET) return 'ndjson';
  // lines may hold several; without lines it is a document
  if (bytes.indexOf(LF, i) >= 0) return 'ndjson';
  return final ? 'json' : undefined;
}

/** Whether `next` can begin a line of a document whose line before ended in `before`, within `container`. */
function goesOn(before: number, next: number, container: number | undefined): boolean {
  const beginsValue = /[{["0-9tfn-]/.test(String.fromCharCode(next));
  switch (before) {
    case OPEN_BRACE:
      return next === QUOTE || next === CLOSE_BRACE;
    case OPEN_BRACKET:
      return beginsValue || next === CLOSE_BRACKET;
    case COLON:
      return beginsValue;
    case COMMA:
      return container === OPEN_BRACE ? next === QUOTE : beginsValue;
    default:
      return next === COMMA || next === COLON || next === CLOSE_BRACE || next === CLOSE_BRACKET;
  }
}
