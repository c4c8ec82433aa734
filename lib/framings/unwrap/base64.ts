/** Records as base64, maybe of gzip: messages of Pub/Sub and Kinesis, CloudWatch's subscriptions. */

import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';

/** How base64 of an object, a list, a time, or gzip begins; what is shorter holds no record. */
const begins = /^(?:ey|ew|W[3yw]|MjA|G1s|H4sI)[\w+/-]{28,}={0,2}$/;
/** Of what may be unpacked: a longer one is no message. */
const MOST = 8 << 20;

/** The text; undefined if it is no base64 of one. */
export function textOfBase64(text: string): string | undefined {
  if (!begins.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const whole = bytes[0] === 0x1f ? unpacked(bytes) : bytes;
  return whole !== undefined && isUtf8(whole) ? whole.toString() : undefined;
}

function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST });
  } catch {
    return undefined;
  }
}
