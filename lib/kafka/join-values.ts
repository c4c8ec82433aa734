import { asBuffer, LF } from '../text/bytes.ts';
import { OPEN_BRACE, OPEN_BRACKET } from '../text/json.ts';
import { CorruptBatch, type RecordBatch, RecordCursor } from './record-batches.ts';
import type { RecordPlaces } from './record-places.ts';

const SPACE = 0x20;
const NO_VALUE = -1;

/** Offsets from `from` on, below `to`. */
export interface OffsetRange {
  readonly from: number;
  readonly to: number;
}

export interface Joined {
  /** The values, an LF behind each. */
  readonly bytes: Buffer;
  /** Records without a value: deletions in compacted topics. */
  readonly tombstones: number;
}

/** What stands beside a value. */
export interface RecordParts {
  readonly offset: number;
  readonly time: number;
  readonly key: Buffer | undefined;
  readonly headers: readonly (readonly [name: string, value: Buffer | undefined])[];
}

/**
 * Moves the values of a batch's records together in its own memory, with an LF behind each: a value is preceded by at
 * least six bytes, so there is room. What is JSON and has line ends in it becomes one line; one at its end stays.
 * @param range records outside are left out: batches are fetched whole
 * @param places is added to; its starts count from `base`
 * @throws {CorruptBatch}
 */
export function joinValues(
  { records, baseOffset, count, baseTime, appendTime }: RecordBatch,
  range: OffsetRange,
  places: RecordPlaces,
  base: number,
): Joined {
  const cursor = new RecordCursor(records, 0);
  let to = 0;
  let tombstones = 0;
  let nextLf = -1;
  for (let k = 0; k < count; k++) {
    const end = cursor.recordEnd(baseOffset);
    cursor.at++;
    const delta = cursor.varint();
    const time = appendTime ?? baseTime + delta;
    const offset = baseOffset + cursor.varint();
    const keyLength = cursor.varint();
    if (keyLength > 0) cursor.at += keyLength;
    const length = cursor.varint();
    const start = cursor.at;
    if (Math.min(keyLength, length) < NO_VALUE || start + Math.max(length, 0) > end)
      throw new CorruptBatch('a record is longer than it says', offset);
    cursor.at = end;
    if (offset < range.from || offset >= range.to) continue;
    if (length === NO_VALUE) {
      tombstones++;
      continue;
    }
    const behind = start + length;
    if (nextLf < start) nextLf = indexOrEnd(records, start);
    places.add(base + to, offset, time);
    records.copyWithin(to, start, behind);
    if (nextLf < behind - 1) joinLines(records, to, to + length - 1);
    to += length;
    records[to++] = LF;
  }
  return { bytes: records.subarray(0, to), tombstones };
}

/** As `joinValues`; into memory of its own, with what `rewrite` makes of each value. */
export function rewriteValues(
  { records, baseOffset, count, baseTime, appendTime }: RecordBatch,
  range: OffsetRange,
  places: RecordPlaces,
  base: number,
  rewrite: (value: Buffer, parts: RecordParts) => Buffer,
): Joined {
  const cursor = new RecordCursor(records, 0);
  const pieces: Buffer[] = [];
  const lf = Buffer.from([LF]);
  let to = 0;
  let tombstones = 0;
  for (let k = 0; k < count; k++) {
    const end = cursor.recordEnd(baseOffset);
    cursor.at++;
    const delta = cursor.varint();
    const time = appendTime ?? baseTime + delta;
    const offset = baseOffset + cursor.varint();
    const key = cursor.bytesUntil(end, offset);
    const value = cursor.bytesUntil(end, offset);
    const headers = headersAt(cursor, end, offset);
    cursor.at = end;
    if (offset < range.from || offset >= range.to) continue;
    if (value === undefined) {
      tombstones++;
      continue;
    }
    places.add(base + to, offset, time);
    joinLines(value, 0, value.length);
    const made = rewrite(value, { offset, time, key, headers });
    pieces.push(made, lf);
    to += made.length + 1;
  }
  return { bytes: Buffer.concat(pieces, to), tombstones };
}

function headersAt(cursor: RecordCursor, end: number, offset: number): RecordParts['headers'] {
  const count = cursor.varint();
  const headers: [string, Buffer | undefined][] = [];
  for (let k = 0; k < count && cursor.at < end; k++) {
    const name = cursor.bytesUntil(end, offset);
    headers.push([name?.toString() ?? '', cursor.bytesUntil(end, offset)]);
  }
  return headers;
}

function indexOrEnd(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(LF, from);
  return at < 0 ? bytes.length : at;
}

/** A JSON text has line ends between its tokens only, where a space does as well. Other texts keep theirs. */
function joinLines(bytes: Uint8Array, start: number, end: number): void {
  if (bytes[start] !== OPEN_BRACE && bytes[start] !== OPEN_BRACKET) return;
  const buffer = asBuffer(bytes);
  for (let at = buffer.indexOf(LF, start); at >= 0 && at < end; at = buffer.indexOf(LF, at + 1)) {
    buffer[at] = SPACE;
  }
}
