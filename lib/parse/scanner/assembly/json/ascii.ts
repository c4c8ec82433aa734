/** Bytes that mean something in JSON. */
export const TAB: u32 = 0x09;
export const LF: u32 = 0x0a;
export const CR: u32 = 0x0d;
export const SPACE: u32 = 0x20;
export const QUOTE: u32 = 0x22;
export const PLUS: u32 = 0x2b;
export const COMMA: u32 = 0x2c;
export const MINUS: u32 = 0x2d;
export const DOT: u32 = 0x2e;
export const ZERO: u32 = 0x30;
export const COLON: u32 = 0x3a;
export const OPEN_BRACKET: u32 = 0x5b;
export const BACKSLASH: u32 = 0x5c;
export const CLOSE_BRACKET: u32 = 0x5d;
export const OPEN_BRACE: u32 = 0x7b;
export const CLOSE_BRACE: u32 = 0x7d;

// @ts-ignore: decorator
@inline
export function isDigit(c: u32): bool {
  return c - ZERO < 10;
}

/** Behind JSON's whitespace. LF is not among it: records are lines. */
// @ts-ignore: decorator
@inline
export function skipSpace(at: usize): usize {
  let p = at;
  let c = <u32>load<u8>(p);
  while (c == SPACE || c == TAB || c == CR) c = <u32>load<u8>(++p);
  return p;
}

/** Place of the next LF; there must be one. */
export function nextLf(at: usize): usize {
  let p = at;
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0x0a)));
    if (found != 0) return p + <usize>ctz(found);
    p += 16;
  }
}
