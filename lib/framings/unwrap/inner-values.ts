/** What objects of no certain shape hold records in: keys, and texts that stand for others. */

import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';

/** Keys of what holds a line, or a record. */
export const innerKeys = [
  'message',
  'msg',
  'log',
  'body',
  'text',
  'line',
  'event',
  '@message',
  '@rawstring',
  '_line',
  'raw',
  'data',
  'value',
  'payload',
  'record',
  'json',
  'content',
  // of those that parse what they collect: OpenShift, Fluent Bit; and where the line stands deeper
  'structured',
  'log_processed',
  'parsed',
  'properties',
  'map',
  // of syslog-ng, GELF, whose short one may be cut, VictoriaLogs, promtail's pack, and Azure's Container Insights
  'MESSAGE',
  'full_message',
  'short_message',
  '_msg',
  '_entry',
  'LogMessage',
  'LogEntry',
  // of queues: SQS, SNS, Kinesis, CloudWatch's subscriptions
  'Body',
  'Message',
  'Sns',
  'kinesis',
  'awslogs',
];

/** How base64 of an object, a list, a time, or gzip begins; what is shorter holds no record. */
const begins = /^(?:ey|ew|W[3yw]|MjA|G1s|H4sI)[\w+/-]{28,}={0,2}$/;
/** Of what may be unpacked: a longer one is no message. */
const MOST = 8 << 20;

/** What base64 stands for, maybe of gzip, as in messages of queues; undefined if it is none of a text. */
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
