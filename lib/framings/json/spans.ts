import { QUOTE, type Span, skipString } from '../../text/json.ts';

const isSpace = flags(' \t\r\n');
const isSeparator = flags(' \t\r\n,:');
const endsScalar = flags(' \t\r\n,:{}[]"');

function flags(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const c of characters) table[c.charCodeAt(0)] = 1;
  return table;
}

function skip(bytes: Uint8Array, table: Uint8Array): number {
  let i = 0;
  while (i < bytes.length && table[bytes[i]!] === 1) i++;
  return i;
}

/** How many bytes of white space and separators a text begins with. */
export function leadOf(bytes: Uint8Array): number {
  return skip(bytes, isSeparator);
}

const isBracket = flags('{}[]');

/**
 * The first string, number or literal of a text that is known to begin with one, separators aside. Nothing where a
 * bracket stands: the scalar was glued to the one before it (`12true{`) and went with that.
 */
export function scalarAt(bytes: Uint8Array, base: number): Span {
  const start = skip(bytes, isSeparator);
  if (start === bytes.length || isBracket[bytes[start]!] === 1)
    return { start: base + start, end: base + start };
  let end = start + 1;
  if (bytes[start] === QUOTE) end = skipString(bytes, start, bytes.length);
  else while (end < bytes.length && endsScalar[bytes[end]!] === 0) end++;
  return { start: base + start, end: base + end };
}

/** A text without the separators around it. */
export function trimmed(bytes: Uint8Array, base: number): Span {
  const start = skip(bytes, isSeparator);
  let end = bytes.length;
  while (end > start && (isSpace[bytes[end - 1]!] === 1 || bytes[end - 1] === 0x2c)) end--;
  return { start: base + start, end: base + end };
}
