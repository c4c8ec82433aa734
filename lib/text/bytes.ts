export const LF = 0x0a;
export const CR = 0x0d;

/** Below this many bytes a loop is faster than a call; found by measuring. */
const WORTH_A_CALL = 40;

/**
 * Copies bytes out of shared memory or into it. `set` does that byte by byte where addresses are not aligned alike, at
 * 2 GB/s; filling a span with a pattern of its own length is one copy by the system's means, at 10 and more.
 */
export function copyBytes(to: Buffer, at: number, from: Uint8Array): void {
  if (from.length > 0) to.fill(from, at, at + from.length);
}

/** Copies `source` from `start` to `end` to the place `at`, where there must be room. Gives the place behind it. */
export function copySpan(source: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  const length = end - start;
  if (length >= WORTH_A_CALL) to.set(source.subarray(start, end), at);
  else for (let k = 0; k < length; k++) to[at + k] = source[start + k]!;
  return at + length;
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Without LF or CR LF at the end. */
export function withoutLineEnd<T extends Uint8Array>(line: T): T {
  let end = line.length;
  if (line[end - 1] === LF) end--;
  if (line[end - 1] === CR) end--;
  return line.subarray(0, end) as T;
}

/** Whether there is nothing but NULs: what a file has where it was truncated under its writer's hands. */
export function isHole(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return bytes.length > 0;
}
