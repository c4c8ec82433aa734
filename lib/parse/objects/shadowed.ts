import type { ShadowedKey } from '../../batch/wants.ts';
import { firstOfSeveral } from '../../text/json.ts';
import type { Rows } from './object-rows.ts';
import { isObject, type JsonObject } from './path.ts';

/** A value that JSON.parse has lost, and its text as it stands in the record. */
export interface Shadowed {
  readonly value: unknown;
  readonly text: string;
}

/** Whether the record has its event's fields at the top level; see Field.shadowed. */
function isFlattened(record: JsonObject): boolean {
  return Object.hasOwn(record, 'level') && !isObject(record.fields);
}

/** The first value of a top-level key that a flattened record has more than once; undefined for any other record. */
export function shadowedIn(rows: Rows, row: number, key: ShadowedKey): Shadowed | undefined {
  const record = rows.objects[row]!;
  if (rows.bytes.length === 0 || !isFlattened(record) || !Object.hasOwn(record, key)) return undefined;
  const start = rows.offset[row]!;
  const span = firstOfSeveral(rows.bytes, start, start + rows.length[row]!, key);
  if (span === undefined) return undefined;
  const { buffer, byteOffset } = rows.bytes;
  const text = Buffer.from(buffer, byteOffset + span.start, span.end - span.start).toString();
  return { value: JSON.parse(text), text };
}
