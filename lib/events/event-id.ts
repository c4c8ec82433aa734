import { createHash } from 'node:crypto';

/**
 * The source_event_id of a report in one subscription: a hash of what tells it apart, written as a UUID of version 8
 * (RFC 9562: bits of one's own), so that the same input gives the same ids.
 * @param time the report's, in milliseconds since the epoch
 */
export function eventId(seed: number, subscription: string, source: string, time: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, subscription, source, time]))
    .digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
