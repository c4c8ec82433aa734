/** Below this many bytes a loop is faster than a call; found by measuring. */
const WORTH_A_CALL = 40;

/** Copies `source` from `start` to `end` to the place `at`, where there must be room. Gives the place behind it. */
export function copySpan(source: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  const length = end - start;
  if (length >= WORTH_A_CALL) to.set(source.subarray(start, end), at);
  else for (let k = 0; k < length; k++) to[at + k] = source[start + k]!;
  return at + length;
}
