/**
 * Where lines are written to. Bytes are copied 16 at a time, so there is memory behind the limit, and behind all that is
 * copied, for so many more.
 */

const NEW_LINE: u8 = 0x0a;
const BLANK: u8 = 0x20;

let at: usize = 0;
/** Where the line at hand begins. */
let lineAt: usize = 0;
let limit: usize = 0;

export function openOutput(from: usize, to: usize): void {
  at = from;
  lineAt = from;
  limit = to;
}

export function end(): usize {
  return at;
}

/** Forgets the line at hand. */
export function rollBack(): void {
  at = lineAt;
}

/** Copies what stands elsewhere; false if there is no room. */
// @ts-expect-error: decorator
@inline
export function copy(from: usize, length: usize): bool {
  if (at + length >= limit) return false;
  for (let k: usize = 0; k < length; k += 16) v128.store(at + k, v128.load(from + k));
  at += length;
  return true;
}

/** Writes blanks; false if there is no room. */
// @ts-expect-error: decorator
@inline
export function blanks(count: u32): bool {
  const to = at + <usize>count;
  if (to >= limit) return false;
  for (let k = at; k < to; k += 16) v128.store(k, i8x16.splat(BLANK));
  at = to;
  return true;
}

/** Ends a line; false if there is no room. @param trims whether the blanks at its end are no part of it */
export function finish(trims: bool): bool {
  if (at + 1 >= limit) return false;
  while (trims && at > lineAt && load<u8>(at - 1) == BLANK) at--;
  store<u8>(at++, NEW_LINE);
  lineAt = at;
  return true;
}
