import { Buffer } from 'node:buffer';
import type { Batch } from './batch.ts';

/** A record's JSON as it came, or as its framing made it; made anew for records that never were bytes. */
export function recordJson(batch: Batch, row: number): string {
  const length = batch.length[row]!;
  if (length === 0) return JSON.stringify(batch.object(row));
  return Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset + batch.offset[row]!, length).toString();
}
