/** Whether bytes are UTF-8, by the table of well-formed sequences of the Unicode standard. */

// @ts-ignore: decorator
@inline
function continues(p: usize): bool {
  return (load<u8>(p) & 0xc0) == 0x80;
}

/** Behind the sequence of two to four bytes that begins at `p`; 0 if it is malformed. */
export function sequenceEnd(p: usize): usize {
  const lead = <u32>load<u8>(p);
  if (lead < 0xe0) return lead >= 0xc2 && continues(p + 1) ? p + 2 : 0;
  const second = <u32>load<u8>(p, 1);
  if (!continues(p + 1) || !continues(p + 2)) return 0;
  if (lead < 0xf0) {
    // overlong, or a surrogate
    return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ? 0 : p + 3;
  }
  // overlong, or beyond U+10FFFF
  if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) return 0;
  return lead <= 0xf4 && continues(p + 3) ? p + 4 : 0;
}

/** A sequence that the end cuts off is none, even if what lies behind the end would complete it. */
export function isUtf8(start: usize, end: usize): bool {
  let p = start;
  while (p < end) {
    if (load<u8>(p) < 0x80) {
      p++;
      continue;
    }
    p = sequenceEnd(p);
    if (p == 0) return false;
  }
  return p == end;
}
