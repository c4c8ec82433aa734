/** How deep bytes nest, valid JSON or not: the rule of lib/parse/objects/depth.ts, which says why it is what it is. */
import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './ascii';

export function nestsDeeperThan(limit: i32, start: usize, end: usize): bool {
  let depth = 0;
  for (let p = start; p < end; p++) {
    const c = <u32>load<u8>(p);
    if (c == QUOTE) {
      for (p++; p < end && load<u8>(p) != QUOTE; p++) if (load<u8>(p) == BACKSLASH) p++;
    } else if (c == OPEN_BRACE || c == OPEN_BRACKET) {
      if (++depth > limit) return true;
    } else if (c == CLOSE_BRACE || c == CLOSE_BRACKET) {
      depth--;
    }
  }
  return false;
}
