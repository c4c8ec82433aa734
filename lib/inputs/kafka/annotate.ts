import type { RecordParts } from '../../kafka/join-values.ts';
import { CLOSE_BRACE, OPEN_BRACE } from '../../text/json.ts';

/** The field that holds what Kafka knows of a record, where somebody asks for it. */
export const KAFKA_FIELD = 'kafka';

/**
 * The record with `kafka: {topic, partition, offset, timestamp, key, headers}` as its last member. Keys and headers are
 * taken as UTF-8; of headers of the same name the last counts. What is no object stays as it is.
 */
export function annotated(value: Buffer, topic: string, partition: number, parts: RecordParts): Buffer {
  const end = value.lastIndexOf(CLOSE_BRACE);
  if (value[0] !== OPEN_BRACE || end < 0) return value;
  const { offset, time, key, headers } = parts;
  const about = {
    topic,
    partition,
    offset,
    timestamp: time,
    ...(key && { key: key.toString() }),
    headers: Object.fromEntries(headers.map(([name, text]) => [name, text?.toString() ?? null])),
  };
  const isEmpty = /^\{\s*$/.test(value.toString('latin1', 0, end));
  const member = `${isEmpty ? '' : ','}"${KAFKA_FIELD}":${JSON.stringify(about)}`;
  return Buffer.concat([value.subarray(0, end), Buffer.from(member), value.subarray(end)]);
}
