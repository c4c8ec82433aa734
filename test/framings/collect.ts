import fc from 'fast-check';
import type { Framer } from '../../lib/batch/framer.ts';

export interface Collected {
  /** Each record: its place and its bytes as latin1. */
  readonly records: readonly (readonly [offset: number, bytes: string])[];
  /** Each dead letter: place, length, reason, and the bytes that were kept, as latin1. */
  readonly rejected: readonly (readonly [offset: number, length: number, reason: string, bytes: string])[];
  readonly consumed: number;
  /** Rows of each run of frames. */
  readonly rows: readonly number[];
}

/**
 * Runs bytes through a framer, cut into chunks of these sizes (the last one over and over).
 * @param cut whether reading was stopped behind them
 */
export function collect(
  framer: Framer,
  input: string | Uint8Array,
  sizes: readonly number[] = [1 << 20],
  cut = false,
): Collected {
  const bytes = Buffer.from(input);
  const records: [number, string][] = [];
  const rejected: [number, number, string, string][] = [];
  const rows: number[] = [];
  let consumed = 0;
  const take = (frames: ReturnType<Framer['push']>): void => {
    for (const { bytes, base, count, offset, length, ...rest } of frames) {
      for (let i = 0; i < count; i++) {
        const text = Buffer.from(bytes.subarray(offset[i]!, offset[i]! + length[i]!)).toString('latin1');
        records.push([base + offset[i]!, text]);
      }
      for (const dead of rest.rejected) {
        rejected.push([dead.offset, dead.length, dead.reason, Buffer.from(dead.bytes).toString('latin1')]);
      }
      rows.push(count);
      consumed += rest.consumed;
    }
  };
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = Math.max(1, sizes[Math.min(k, sizes.length - 1)]!);
    take(framer.push(bytes.subarray(at, at + size)));
    at += size;
  }
  take(framer.end(cut));
  return { records, rejected, consumed, rows };
}

/** Ways to cut an input: byte by byte, in the middle of things, at once. */
export const anyChunks = fc.oneof(
  fc.constant([1]),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
  fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 }),
);

/** Without `rows`, which depends on how the input was cut. */
export function content({ records, rejected, consumed }: Collected): object {
  return { records, rejected, consumed };
}
