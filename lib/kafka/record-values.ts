import { type RecordBatch, RecordCursor } from './record-batches.ts';

export interface KafkaRecord {
  readonly offset: number;
  readonly key: Buffer | undefined;
  /** undefined for what only says that the key is gone. */
  readonly value: Buffer | undefined;
}

/**
 * The records of a batch, from an offset on, one object each: for those that are few and large.
 * @throws {CorruptBatch}
 */
export function* recordValues(
  { records, baseOffset, count }: RecordBatch,
  from: number,
): Generator<KafkaRecord> {
  const cursor = new RecordCursor(records, 0);
  for (let k = 0; k < count; k++) {
    const end = cursor.recordEnd(baseOffset);
    cursor.at++;
    cursor.varint(); // its time
    const offset = baseOffset + cursor.varint();
    const key = cursor.bytesUntil(end, offset);
    const value = cursor.bytesUntil(end, offset);
    cursor.at = end;
    if (offset >= from) yield { offset, key, value };
  }
}
