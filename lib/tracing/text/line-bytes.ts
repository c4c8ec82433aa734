/** What lines of the text layouts are made of, in bytes. */

export const SPACE = 0x20;
export const ESCAPE = 0x1b;
const EQUALS = 0x3d;
const COLON = 0x3a;

const tableOf = (member: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, c) => Number(member.test(String.fromCharCode(c))));
const isDigit = tableOf(/[0-9]/);
const opensName = tableOf(/[A-Za-z_]/);
export const inName = tableOf(/[\w.$-]/);
/** What stands for itself in any value, and ends none. */
export const isPlain = tableOf(/[^\0-\x20"'()[\]{}\\]/);
/** What a target is made of, mostly. */
export const inTarget = tableOf(/[\w./-]/);

/** `0` stands for any digit. */
const PICTURE = Buffer.from('0000-00-00T00:00:00', 'latin1');
/** Of a time without fraction and zone. */
export const TIME_LENGTH = PICTURE.length;
const levels: ReadonlySet<string> = new Set(['TRACE', 'DEBUG', ' INFO', ' WARN', 'ERROR']);
const levelWords: ReadonlySet<number> = new Set([...levels].map((level) => wordAt(Buffer.from(level), 1)));

function wordAt(source: Uint8Array, at: number): number {
  return (source[at]! << 24) | (source[at + 1]! << 16) | (source[at + 2]! << 8) | source[at + 3]!;
}

/** Behind the RFC 3339 time at `start`; -1 if there is none. */
export function timeEnd(source: Uint8Array, start: number): number {
  for (let k = 0; k < PICTURE.length; k++) {
    const c = source[start + k]!;
    if (PICTURE[k] === 0x30 ? isDigit[c] !== 1 : c !== PICTURE[k]) return -1;
  }
  let i = start + PICTURE.length;
  if (source[i] === 0x2e) {
    const first = ++i;
    while (isDigit[source[i]!] === 1) i++;
    if (i === first || i > first + 9) return -1;
  }
  if (source[i] === 0x5a) return i + 1;
  const isOffset =
    (source[i] === 0x2b || source[i] === 0x2d) &&
    isDigit[source[i + 1]!] === 1 &&
    isDigit[source[i + 2]!] === 1 &&
    source[i + 3] === COLON &&
    isDigit[source[i + 4]!] === 1 &&
    isDigit[source[i + 5]!] === 1;
  return isOffset ? i + 6 : -1;
}

/** Whether a level stands at `at`, in its five columns. */
export function isLevel(source: Uint8Array, at: number): boolean {
  const first = source[at];
  if (!levelWords.has(wordAt(source, at + 1))) return false;
  switch (source[at + 1]) {
    case 0x49: // INFO
    case 0x57: // WARN
      return first === SPACE;
    case 0x52: // TRACE, ERROR
      return source[at + 2] === 0x41 ? first === 0x54 : first === 0x45;
    default:
      return first === 0x44;
  }
}

/** Behind the time at `start` if a level follows it as in a record without ANSI; else -1. */
export function plainTimeEnd(source: Uint8Array, start: number): number {
  const end = timeEnd(source, start);
  const begins = end > 0 && source[end] === SPACE && isLevel(source, end + 1) && source[end + 6] === SPACE;
  return begins ? end : -1;
}

/** The `=` behind the name of a field at `at`; -1 if none stands there. */
export function nameEnd(source: Uint8Array, at: number, end: number): number {
  if (at >= end || opensName[source[at]!] !== 1) return -1;
  let i = at + 1;
  while (i < end && inName[source[i]!] === 1) i++;
  return i < end && source[i] === EQUALS ? i : -1;
}

/** Behind the number at `start`, as field-value.ts reads one: no plus, no zeros before it, a small e; -1 if there is none. */
export function numberEnd(source: Uint8Array, start: number, end: number): number {
  const isNegative = source[start] === 0x2d;
  let i = isNegative ? start + 1 : start;
  if (i >= end || isDigit[source[i]!] !== 1) return -1;
  if (source[i] === 0x30) i++;
  else while (i < end && isDigit[source[i]!] === 1) i++;
  const isZero = source[i - 1] === 0x30 && i === start + (isNegative ? 2 : 1);
  if (i === end) return isZero && isNegative ? -1 : end;
  if (source[i] === 0x2e) {
    const first = ++i;
    while (i < end && isDigit[source[i]!] === 1) i++;
    if (i === first) return -1;
  }
  if (i < end && source[i] === 0x65) {
    if (source[++i] === 0x2d) i++;
    const first = i;
    while (i < end && isDigit[source[i]!] === 1) i++;
    if (i === first) return -1;
  }
  return i;
}
