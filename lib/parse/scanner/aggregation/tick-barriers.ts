import { LF } from '../../../text/bytes.ts';

/**
 * Where records are measured as they are scanned, the ticks that they log are taken at places of the input: so what
 * comes of late marks is the same for any number of threads and however the input came. Measured: what so many bytes
 * log is taken before the threads have done what they were given meanwhile.
 */
const BYTES_BETWEEN_BARRIERS = 2 ** 26;

/** The place behind which the lines come that begin there or later. */
export function nextBarrier(lineStart: number): number {
  return (Math.floor(lineStart / BYTES_BETWEEN_BARRIERS) + 1) * BYTES_BETWEEN_BARRIERS;
}

/**
 * Where bytes are to be cut so that the last line before the next barrier ends the first part; 0 if its end is not there.
 * @param lineStart of the line at hand
 * @param offset of the bytes, at or behind it
 */
export function cutAtBarrier(lineStart: number, offset: number, bytes: Buffer): number {
  return cutBefore(nextBarrier(lineStart), offset, bytes);
}

/** The same of another place of the input. */
export function cutBefore(place: number, offset: number, bytes: Buffer): number {
  if (offset + bytes.length < place) return 0;
  return bytes.indexOf(LF, Math.max(0, place - 1 - offset)) + 1;
}
