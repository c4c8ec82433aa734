/**
 * Lines and what stands before a record in one: the rules of lib/framings/, line-framer.ts and prefix.ts. One CR
 * before the LF is no part of the record; a line of nothing but spaces, tabs and CR is none.
 */
import { CLOSE_BRACKET, CR, DOT, isDigit, OPEN_BRACE, SPACE, TAB, ZERO } from './ascii';

/** The longest prefix that is looked for before a record. */
const PREFIX_ROOM: usize = 512;

/** `0` stands for any digit in these pictures. */
const POD = memory.data<u8>([0x5b, 0x70, 0x6f, 0x64, 0x2f]); // [pod/
const POD_LENGTH: usize = 5;
// 0000-00-00T00:00:00
const TIME = memory.data<u8>([
  0x30, 0x30, 0x30, 0x30, 0x2d, 0x30, 0x30, 0x2d, 0x30, 0x30, 0x54, 0x30, 0x30, 0x3a, 0x30, 0x30, 0x3a, 0x30, 0x30,
]);
const TIME_LENGTH: usize = 19;
const EAST = memory.data<u8>([0x2b, 0x30, 0x30, 0x3a, 0x30, 0x30]); // +00:00
const WEST = memory.data<u8>([0x2d, 0x30, 0x30, 0x3a, 0x30, 0x30]); // -00:00
const ZONE_LENGTH: usize = 6;

/** End of the record in a line: its LF, or the CR before that. */
// @ts-ignore: decorator
@inline
export function withoutCr(start: usize, lf: usize): usize {
  return lf > start && load<u8>(lf - 1) == CR ? lf - 1 : lf;
}

export function isBlank(start: usize, end: usize): bool {
  for (let p = start; p < end; p++) {
    const c = <u32>load<u8>(p);
    if (c != SPACE && c != TAB && c != CR) return false;
  }
  return true;
}

function matches(p: usize, end: usize, picture: usize, length: usize): bool {
  if (p + length > end) return false;
  for (let k: usize = 0; k < length; k++) {
    const wanted = <u32>load<u8>(picture + k);
    const c = <u32>load<u8>(p + k);
    if (wanted == ZERO ? !isDigit(c) : c != wanted) return false;
  }
  return true;
}

/** Behind `[pod/name/container] `, or `start` if that does not stand there. */
function behindSource(start: usize, end: usize): usize {
  if (!matches(start, end, POD, POD_LENGTH)) return start;
  for (let p = start + POD_LENGTH; p + 1 < end; p++) {
    const c = <u32>load<u8>(p);
    if (c == CLOSE_BRACKET) return load<u8>(p, 1) == SPACE ? p + 2 : start;
    if (c == SPACE) return start;
  }
  return start;
}

/** Behind an RFC 3339 time, by its form, and a space; `start` if that does not stand there. */
function behindTime(start: usize, end: usize): usize {
  if (!matches(start, end, TIME, TIME_LENGTH)) return start;
  let p = start + TIME_LENGTH;
  if (p < end && load<u8>(p) == DOT) {
    const first = ++p;
    while (p < end && isDigit(load<u8>(p))) p++;
    if (p == first) return start;
  }
  if (p < end && load<u8>(p) == 0x5a) p++;
  else if (matches(p, end, EAST, ZONE_LENGTH) || matches(p, end, WEST, ZONE_LENGTH)) p += ZONE_LENGTH;
  else return start;
  if (p == end) return end;
  return load<u8>(p) == SPACE ? p + 1 : start;
}

/** Behind what kubectl put before the line from `start` to `end`. */
function behindKubectl(start: usize, end: usize): usize {
  return behindTime(behindSource(start, end), end);
}

/** The first `{"` from `start` on; `end` if there is none. Memory behind `end` may be looked at. */
function firstObject(start: usize, end: usize): usize {
  const brace = i8x16.splat(0x7b);
  const quote = i8x16.splat(0x22);
  for (let p = start; p < end; p += 16) {
    const found = i8x16.bitmask(v128.and(i8x16.eq(v128.load(p), brace), i8x16.eq(v128.load(p, 1), quote)));
    if (found != 0) {
      const at = p + <usize>ctz(found);
      return at + 1 < end ? at : end;
    }
  }
  return end;
}

/**
 * Where the record begins in the line from `start` to `lineEnd`: at its first byte if that is a brace, else behind any
 * text before the first `{"`, else behind what kubectl puts before lines.
 */
export function behindPrefix(start: usize, lineEnd: usize): usize {
  if (start < lineEnd && load<u8>(start) == OPEN_BRACE) return start;
  const end = start + PREFIX_ROOM < lineEnd ? start + PREFIX_ROOM : lineEnd;
  const first = firstObject(start, end);
  if (first < end) return first;
  return behindKubectl(start, end);
}
