/**
 * Walks over JSON that is known to be valid, by its bytes: where values lie, without decoding them. It is how events
 * that came in are changed while every other byte of them, above all every digit, stays as it was.
 */
export interface Member {
  /** The key, unescaped. */
  readonly key: string;
  /** Where the key's opening quote stands. */
  readonly keyStart: number;
  readonly valueStart: number;
  /** One past the value's last byte. */
  readonly valueEnd: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export function skipSpace(json: Uint8Array, at: number): number {
  let position = at;
  while (isSpace(json[position])) position++;
  return position;
}

/** One past the closing quote of the string that opens at `at`. */
export function skipString(json: Uint8Array, at: number): number {
  let position = at + 1;
  while (position < json.length && json[position] !== QUOTE) position += json[position] === BACKSLASH ? 2 : 1;
  return position + 1;
}

/** One past the last byte of the value that begins at `at`. */
function skipValue(json: Uint8Array, at: number): number {
  const first = json[at];
  if (first === QUOTE) return skipString(json, at);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipContainer(json, at);
  let position = at;
  while (position < json.length && !endsScalar(json[position]!)) position++;
  return position;
}

function endsScalar(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isSpace(byte);
}

function skipContainer(json: Uint8Array, at: number): number {
  let depth = 0;
  let position = at;
  while (position < json.length) {
    const byte = json[position]!;
    if (byte === QUOTE) {
      position = skipString(json, position);
      continue;
    }
    position++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) break;
  }
  return position;
}

/** The members of the object whose brace stands at `at`, in their order; empty if no object stands there. */
export function members(json: Buffer, at: number): Member[] {
  const found: Member[] = [];
  if (json[at] !== OPEN_BRACE) return found;
  let position = skipSpace(json, at + 1);
  while (json[position] === QUOTE) {
    const keyEnd = skipString(json, position);
    const valueStart = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const valueEnd = skipValue(json, valueStart);
    found.push({ key: unquote(json, position, keyEnd), keyStart: position, valueStart, valueEnd });
    position = skipSpace(json, valueEnd);
    if (json[position] === COMMA) position = skipSpace(json, position + 1);
  }
  return found;
}

function unquote(json: Buffer, from: number, to: number): string {
  const text = json.toString('utf8', from + 1, to - 1);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}
