/**
 * Where a value stands in the bytes of a JSON text that is known to be valid: for what JSON.parse loses, such as the
 * digits of a number beyond 2^53.
 */
import type { Path } from '../batch/wants.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

export interface Span {
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
}

const encodedPaths = new WeakMap<Path, readonly Uint8Array[]>();

function encoded(path: Path): readonly Uint8Array[] {
  let keys = encodedPaths.get(path);
  if (keys === undefined) {
    keys = path.map((key) => Buffer.from(key));
    encodedPaths.set(path, keys);
  }
  return keys;
}

function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end) {
    const c = bytes[i]!;
    if (c !== 0x20 && c !== 0x09 && c !== 0x0a && c !== 0x0d) break;
    i++;
  }
  return i;
}

/** Behind the string whose opening quote stands at `at`. */
function skipString(bytes: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  while (i < end) {
    const c = bytes[i]!;
    if (c === QUOTE) return i + 1;
    i += c === BACKSLASH ? 2 : 1;
  }
  return end;
}

function skipContainer(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  let i = at;
  while (i < end) {
    const c = bytes[i]!;
    if (c === QUOTE) {
      i = skipString(bytes, i, end);
      continue;
    }
    i++;
    if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++;
    else if ((c === CLOSE_BRACE || c === CLOSE_BRACKET) && --depth === 0) break;
  }
  return i;
}

/** Behind the value that starts at `at`. */
function skipValue(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first === QUOTE) return skipString(bytes, at, end);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipContainer(bytes, at, end);
  let i = at;
  while (i < end) {
    const c = bytes[i]!;
    if (c === COMMA || c === CLOSE_BRACE || c === CLOSE_BRACKET || c <= 0x20) break;
    i++;
  }
  return i;
}

/** Whether the key whose quotes stand at `start` and `end - 1` is this one, escapes considered. */
function isKey(bytes: Uint8Array, start: number, end: number, key: Uint8Array, text: string): boolean {
  const length = end - start - 2;
  let escaped = false;
  let equal = length === key.length;
  for (let i = 0; i < length; i++) {
    const c = bytes[start + 1 + i]!;
    if (c === BACKSLASH) escaped = true;
    if (equal && c !== key[i]) equal = false;
  }
  if (!escaped) return equal;
  const token = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return JSON.parse(token.toString()) === text;
}

/** One member of an object: its key with the quotes, and its value. */
export interface Member {
  readonly key: Span;
  readonly value: Span;
}

/** Calls `visit` for each member of the object that starts at `at`, in order, equal keys included. */
function eachMember(
  bytes: Uint8Array,
  at: number,
  end: number,
  visit: (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void,
): void {
  if (bytes[at] !== OPEN_BRACE) return;
  let i = skipSpace(bytes, at + 1, end);
  while (i < end && bytes[i] === QUOTE) {
    const keyStart = i;
    const keyEnd = skipString(bytes, i, end);
    i = skipSpace(bytes, keyEnd, end);
    if (bytes[i] !== COLON) break;
    const start = skipSpace(bytes, i + 1, end);
    const valueEnd = skipValue(bytes, start, end);
    visit(keyStart, keyEnd, start, valueEnd);
    i = skipSpace(bytes, valueEnd, end);
    if (bytes[i] === COMMA) i = skipSpace(bytes, i + 1, end);
  }
}

/** The members of the object in `bytes` from `start` to `end`, in order. Valid JSON is assumed, as in `locate`. */
export function members(bytes: Uint8Array, start: number, end: number): Member[] {
  const found: Member[] = [];
  eachMember(bytes, skipSpace(bytes, start, end), end, (keyStart, keyEnd, valueStart, valueEnd) => {
    found.push({ key: { start: keyStart, end: keyEnd }, value: { start: valueStart, end: valueEnd } });
  });
  return found;
}

/** The elements of the array in `bytes` from `start` to `end`, in order; none if it is no array. */
export function elements(bytes: Uint8Array, start: number, end: number): Span[] {
  const found: Span[] = [];
  let i = skipSpace(bytes, start, end);
  if (bytes[i] !== OPEN_BRACKET) return found;
  i = skipSpace(bytes, i + 1, end);
  while (i < end && bytes[i] !== CLOSE_BRACKET) {
    const valueEnd = skipValue(bytes, i, end);
    found.push({ start: i, end: valueEnd });
    i = skipSpace(bytes, valueEnd, end);
    if (bytes[i] !== COMMA) break;
    i = skipSpace(bytes, i + 1, end);
  }
  return found;
}

/** The first member of that key in the object from `start` to `end`, if it has the key more than once. */
export function firstOfSeveral(bytes: Uint8Array, start: number, end: number, key: string): Span | undefined {
  const encodedKey = Buffer.from(key);
  let first: Span | undefined;
  let count = 0;
  eachMember(bytes, skipSpace(bytes, start, end), end, (keyStart, keyEnd, valueStart, valueEnd) => {
    if (!isKey(bytes, keyStart, keyEnd, encodedKey, key)) return;
    if (count++ === 0) first = { start: valueStart, end: valueEnd };
  });
  return count > 1 ? first : undefined;
}

/** The last member of that key in the object that starts at `start`. */
function member(bytes: Uint8Array, at: number, end: number, key: Uint8Array, text: string): Span | undefined {
  let found: Span | undefined;
  eachMember(bytes, at, end, (keyStart, keyEnd, start, valueEnd) => {
    if (isKey(bytes, keyStart, keyEnd, key, text)) found = { start, end: valueEnd };
  });
  return found;
}

/**
 * The value at `path` of the object in `bytes` from `start` to `end`, as JSON.parse would find it: of equal keys the
 * last one counts. undefined if there is none. Valid JSON is assumed; of anything else the answer is arbitrary, but it
 * comes.
 */
export function locate(bytes: Uint8Array, start: number, end: number, path: Path): Span | undefined {
  const keys = encoded(path);
  let span: Span = { start: skipSpace(bytes, start, end), end };
  for (let depth = 0; depth < path.length; depth++) {
    const next = member(bytes, span.start, span.end, keys[depth]!, path[depth]!);
    if (next === undefined) return undefined;
    span = next;
  }
  return span;
}
