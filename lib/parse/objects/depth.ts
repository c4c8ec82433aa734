const QUOTE = 0x22;
const BACKSLASH = 0x5c;

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
    if (c === QUOTE) {
      for (i++; i < end && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
    } else if (c === 0x7b || c === 0x5b) {
      if (++depth > limit) return true;
    } else if (c === 0x7d || c === 0x5d) {
      depth--;
    }
  }
  return false;
}
