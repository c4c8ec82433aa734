import { CorruptBatch, type RecordBatch, RecordCursor } from './record-batches.ts';

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
    const length = cursor.varint();
    const end = cursor.at + length;
    if (length < 6 || end > records.length)
      throw new CorruptBatch('a record batch has fewer records than it says', baseOffset);
    cursor.at++;
    cursor.varint(); // its time
    const offset = baseOffset + cursor.varint();
    const key = bytesAt(cursor, end, offset);
    const value = bytesAt(cursor, end, offset);
    cursor.at = end;
    if (offset >= from) yield { offset, key, value };
  }
}

function bytesAt(cursor: RecordCursor, end: number, offset: number): Buffer | undefined {
  const length = cursor.varint();
  if (length < 0) return undefined;
  const start = cursor.at;
  cursor.at += length;
  if (cursor.at > end) throw new CorruptBatch('a record is longer than it says', offset);
  return cursor.bytes.subarray(start, cursor.at);
}
