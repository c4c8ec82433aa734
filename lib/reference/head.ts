/** What every record is asked for: its time and its level. */
import { levels } from '../batch.ts';
import { parseTimestamp } from '../time.ts';
import { isObject, type JsonObject } from './path.ts';

const levelIds = new Map<string, number>(levels.map((name, index) => [name, index]));

/** Index into `levels` of a record's `level`, in any case; 0 if it has none that is known. */
export function levelOf(record: JsonObject): number {
  const level = record.level;
  if (typeof level !== 'string') return 0;
  const known = levelIds.get(level);
  if (known !== undefined) return known;
  // Upper case must come from ASCII letters: that of a dotless i, for one, is an I.
  return /^[a-z]{4,5}$/i.test(level) ? (levelIds.get(level.toUpperCase()) ?? 0) : 0;
}

/** A part of OpenZiti's {seconds, nanos}; protobuf's JSON leaves a part out if it is zero. */
function part(value: unknown): number {
  if (value === undefined) return 0;
  return typeof value === 'number' ? value : Number.NaN;
}

/**
 * Milliseconds since the epoch of a record's `timestamp`: RFC 3339, or OpenZiti's version 2 {seconds, nanos} with at
 * least one of the two. NaN where there is no such thing.
 */
export function timeOf(record: JsonObject): number {
  const timestamp = record.timestamp;
  if (typeof timestamp === 'string') return parseTimestamp(timestamp);
  if (!isObject(timestamp)) return Number.NaN;
  const { seconds, nanos } = timestamp;
  if (seconds === undefined && nanos === undefined) return Number.NaN;
  return part(seconds) * 1000 + part(nanos) / 1e6;
}
