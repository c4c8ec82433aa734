/**
 * The one walker over the bytes of JSON: where values stand, without decoding them. It is for what JSON.parse loses
 * (the digits of a number beyond 2^53, the first of two equal keys) and for records that are changed while every other
 * byte of them stays as it was. Valid JSON is assumed; of anything else the answer is arbitrary, but it comes, and it
 * lies within the bytes that were given.
 */
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

export interface Span {
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
}

/** One member of an object: its key with the quotes, and its value. */
export interface Member {
  readonly key: Span;
  readonly value: Span;
}

/** JSON's white space, which is less than JavaScript's. */
export function isSpace(c: number | undefined): boolean {
  return c === 0x20 || c === 0x09 || c === 0x0a || c === 0x0d;
}

export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isSpace(bytes[i])) i++;
  return i;
}

/** Behind the string whose opening quote stands at `at`; `end` if it is not closed before. */
export function skipString(bytes: Uint8Array, at: number, end: number): number {
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
export function skipValue(bytes: Uint8Array, at: number, end: number): number {
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

/**
 * Whether the bytes from `start` to `end` nest deeper than `limit` anywhere, valid JSON or not; every parser must agree
 * on it. The depth begins at 0 with the first byte. Outside of strings `{` and `[` raise it and `}` and `]` lower it,
 * below 0 too; a quote begins a string, which ends at the next quote that no backslash escapes (in a string a backslash
 * takes the next byte with it, whatever that is; outside it means nothing). The record is too deep if the depth ever
 * exceeds the limit. Where it can, the caller saves the scan: a record of at most `limit` bytes cannot be too deep.
 */
export function nestsDeeperThan(limit: number, bytes: Uint8Array, start: number, end: number): boolean {
  let depth = 0;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === QUOTE) i = skipString(bytes, i, end) - 1;
    else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      if (++depth > limit) return true;
    } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      depth--;
    }
  }
  return false;
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

/** The members of the object in `bytes` from `start` to `end`, in order; none if it is no object. */
export function members(bytes: Uint8Array, start = 0, end = bytes.length): Member[] {
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

/** The text of a string, such as a key, from its opening quote to behind its closing one. */
export function stringAt(bytes: Uint8Array, { start, end }: Span): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start + 1, end - start - 2).toString();
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

const encodedPaths = new WeakMap<readonly string[], readonly Uint8Array[]>();

function encoded(path: readonly string[]): readonly Uint8Array[] {
  let keys = encodedPaths.get(path);
  if (keys === undefined) {
    keys = path.map((key) => Buffer.from(key));
    encodedPaths.set(path, keys);
  }
  return keys;
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
  return escaped ? stringAt(bytes, { start, end }) === text : equal;
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
function lastOf(bytes: Uint8Array, at: number, end: number, key: Uint8Array, text: string): Span | undefined {
  let found: Span | undefined;
  eachMember(bytes, at, end, (keyStart, keyEnd, start, valueEnd) => {
    if (isKey(bytes, keyStart, keyEnd, key, text)) found = { start, end: valueEnd };
  });
  return found;
}

/**
 * The value at `path` of the object in `bytes` from `start` to `end`, as JSON.parse would find it: of equal keys the
 * last one counts. undefined if there is none.
 */
export function locate(
  bytes: Uint8Array,
  start: number,
  end: number,
  path: readonly string[],
): Span | undefined {
  const keys = encoded(path);
  let span: Span = { start: skipSpace(bytes, start, end), end };
  for (let depth = 0; depth < path.length; depth++) {
    const next = lastOf(bytes, span.start, span.end, keys[depth]!, path[depth]!);
    if (next === undefined) return undefined;
    span = next;
  }
  return span;
}

/** The record without the whitespace around its values, so that it fits on one line. */
export function toOneLine(record: Buffer): Buffer {
  const line = Buffer.allocUnsafe(record.length);
  let length = 0;
  for (let position = 0; position < record.length; ) {
    if (isSpace(record[position])) {
      position++;
      continue;
    }
    const end = record[position] === QUOTE ? skipString(record, position, record.length) : position + 1;
    length += record.copy(line, length, position, end);
    position = end;
  }
  return line.subarray(0, length);
}

/** Whether bytes end with an object that is whole, whatever stands before its first brace. */
export function endsObject(bytes: Uint8Array): boolean {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1])) end--;
  if (bytes[end - 1] !== CLOSE_BRACE) return false;
  const { buffer, byteOffset } = bytes;
  try {
    JSON.parse(Buffer.from(buffer, byteOffset, end).toString('utf8', bytes.indexOf(OPEN_BRACE)));
    return true;
  } catch {
    return false;
  }
}
