/**
 * JSON strings: where one ends, and what its escapes mean.
 *
 * A string is scanned 16 bytes at a time for what can end a run: a quote, a backslash, a control byte, or a byte with
 * its high bit set, which begins a sequence of UTF-8 that is to be looked at. Valid JSON has such bytes in strings only,
 * so a record all of whose strings are UTF-8 is UTF-8.
 */
import { BACKSLASH, QUOTE } from './ascii';
import { sequenceEnd } from './utf8';

let backslash: bool = false;

/** Whether the last stringEnd met an escape. */
export function wasEscaped(): bool {
  return backslash;
}

/** A bit for each of 16 bytes where a string cannot simply go on. */
// @ts-ignore: decorator
@inline
export function stops(v: v128): u32 {
  return <u32>(
    i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))),
        // signed: bytes with the high bit are negative
        i8x16.lt_s(v, i8x16.splat(0x20)),
      ),
    )
  );
}

/** Place of the closing quote of the string whose inside is read on from `at`; 0 if it is malformed. */
export function stringEnd(at: usize): usize {
  backslash = false;
  let p = at;
  while (true) {
    const found = stops(v128.load(p));
    if (found == 0) {
      p += 16;
      continue;
    }
    p += <usize>ctz(found);
    const c = <u32>load<u8>(p);
    if (c == QUOTE) return p;
    if (c >= 0x80) {
      do p = sequenceEnd(p);
      while (p != 0 && load<u8>(p) >= 0x80);
    } else {
      if (c != BACKSLASH) return 0;
      backslash = true;
      p = escapeEnd(p);
    }
    if (p == 0) return 0;
  }
}

/** Behind the escape whose backslash stands at `at`; 0 if it is none. */
function escapeEnd(at: usize): usize {
  switch (<u32>load<u8>(at, 1)) {
    case 0x75: // u
      return isHex(load<u8>(at, 2)) && isHex(load<u8>(at, 3)) && isHex(load<u8>(at, 4)) && isHex(load<u8>(at, 5))
        ? at + 6
        : 0;
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 2;
    default:
      return 0;
  }
}

// @ts-ignore: decorator
@inline
function isHex(c: u32): bool {
  return c - 0x30 < 10 || (c | 0x20) - 0x61 < 6;
}

// @ts-ignore: decorator
@inline
function hexValue(c: u32): u32 {
  return c - 0x30 < 10 ? c - 0x30 : (c | 0x20) - 0x57;
}

function fourHex(at: usize): u32 {
  return (
    (hexValue(load<u8>(at)) << 12) |
    (hexValue(load<u8>(at, 1)) << 8) |
    (hexValue(load<u8>(at, 2)) << 4) |
    hexValue(load<u8>(at, 3))
  );
}

/**
 * Writes the text that a valid string of bytes [start, end) means to `to`, never longer than they are, and returns its
 * end. The text is WTF-8: a lone surrogate, which JSON.parse keeps, becomes three bytes, and equal texts equal bytes.
 */
export function unescape(start: usize, end: usize, to: usize): usize {
  let p = start;
  let out = to;
  while (p < end) {
    const c = <u32>load<u8>(p);
    if (c != BACKSLASH) {
      store<u8>(out++, c);
      p++;
      continue;
    }
    const letter = <u32>load<u8>(p, 1);
    p += 2;
    if (letter != 0x75) {
      store<u8>(out++, meaningOf(letter));
      continue;
    }
    let code = fourHex(p);
    p += 4;
    if ((code & 0xfc00) == 0xd800 && p + 6 <= end && load<u8>(p) == 0x5c && load<u8>(p, 1) == 0x75) {
      const low = fourHex(p + 2);
      if ((low & 0xfc00) == 0xdc00) {
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
        p += 6;
      }
    }
    out = writeCode(code, out);
  }
  return out;
}

function meaningOf(letter: u32): u32 {
  switch (letter) {
    case 0x62:
      return 0x08;
    case 0x66:
      return 0x0c;
    case 0x6e:
      return 0x0a;
    case 0x72:
      return 0x0d;
    case 0x74:
      return 0x09;
    default:
      return letter;
  }
}

function writeCode(code: u32, to: usize): usize {
  if (code < 0x80) {
    store<u8>(to, code);
    return to + 1;
  }
  if (code < 0x800) {
    store<u8>(to, 0xc0 | (code >> 6));
    store<u8>(to, 0x80 | (code & 63), 1);
    return to + 2;
  }
  if (code < 0x10000) {
    store<u8>(to, 0xe0 | (code >> 12));
    store<u8>(to, 0x80 | ((code >> 6) & 63), 1);
    store<u8>(to, 0x80 | (code & 63), 2);
    return to + 3;
  }
  store<u8>(to, 0xf0 | (code >> 18));
  store<u8>(to, 0x80 | ((code >> 12) & 63), 1);
  store<u8>(to, 0x80 | ((code >> 6) & 63), 2);
  store<u8>(to, 0x80 | (code & 63), 3);
  return to + 4;
}
