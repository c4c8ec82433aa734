/** Whether bytes are UTF-8. Only asked of records that have a high bit at all. */

// @ts-ignore: decorator
@inline
function continues(p: usize): bool {
  return (load<u8>(p) & 0xc0) == 0x80;
}

/**
 * The table of well-formed sequences of the Unicode standard. A sequence that the end cuts off is none, even if what
 * lies behind the end would complete it.
 */
export function isUtf8(start: usize, end: usize): bool {
  let p = start;
  while (p < end) {
    if (p + 16 <= end && i8x16.bitmask(v128.load(p)) == 0) {
      p += 16;
      continue;
    }
    const lead = <u32>load<u8>(p);
    if (lead < 0x80) {
      p++;
    } else if (lead < 0xe0) {
      if (lead < 0xc2 || !continues(p + 1)) return false;
      p += 2;
    } else if (lead < 0xf0) {
      const second = <u32>load<u8>(p, 1);
      if (!continues(p + 1) || !continues(p + 2)) return false;
      // overlong, or a surrogate
      if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)) return false;
      p += 3;
    } else {
      const second = <u32>load<u8>(p, 1);
      if (lead > 0xf4 || !continues(p + 1) || !continues(p + 2) || !continues(p + 3)) return false;
      // overlong, or beyond U+10FFFF
      if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return false;
      p += 4;
    }
  }
  return p == end;
}
