const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const LF = 0x0a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

function isSpace(c: number): boolean {
  return c === 0x20 || c === 0x09 || c === 0x0d;
}

/**
 * Tells one record a line from documents over several lines, or several in one, by the first object, which begins at
 * `start`. A line that is cut off or otherwise wrong must not look like a document that goes on: what comes behind its
 * line feed has to fit what stood before.
 */
export function firstValue(bytes: Uint8Array, start: number, final: boolean): 'ndjson' | 'json' | undefined {
  const open: number[] = [];
  let before = 0;
  for (let i = start; i < bytes.length; i++) {
    const c = bytes[i]!;
    if (isSpace(c)) continue;
    if (c === LF) {
      const next = nextLine(bytes, i);
      if (next < 0) return final ? 'ndjson' : undefined;
      return goesOn(before, bytes[next]!, open[open.length - 1]) ? 'json' : 'ndjson';
    }
    if (c === QUOTE) {
      i = stringEnd(bytes, i);
      // A raw line feed cannot stand in a string: the line is cut off, and such a line is one of many.
      if (bytes[i] === LF) return 'ndjson';
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

/** At the closing quote, at a line feed before it, or at the end of the bytes. */
function stringEnd(bytes: Uint8Array, at: number): number {
  let i = at + 1;
  while (i < bytes.length && bytes[i] !== QUOTE && bytes[i] !== LF) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i;
}

/** The value is closed on the line that it began in: does another one follow there? */
function behindValue(bytes: Uint8Array, at: number, final: boolean): 'ndjson' | 'json' | undefined {
  let i = at;
  while (i < bytes.length && isSpace(bytes[i]!)) i++;
  if (i === bytes.length) return final ? 'ndjson' : undefined;
  return bytes[i] === OPEN_BRACE || bytes[i] === OPEN_BRACKET ? 'json' : 'ndjson';
}

/** The first byte behind blank space and line feeds, -1 if there is none. */
function nextLine(bytes: Uint8Array, at: number): number {
  let i = at;
  while (i < bytes.length && (isSpace(bytes[i]!) || bytes[i] === LF)) i++;
  return i < bytes.length ? i : -1;
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
