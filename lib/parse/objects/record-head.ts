/** What every record is asked for: its time and its level. */
import { levels } from '../../batch/batch.ts';
import { boundedTime, parseTimestamp } from '../../text/time.ts';
import type { Rows } from './object-rows.ts';
import { isObject } from './path.ts';
import { shadowedIn } from './shadowed.ts';

const levelIds = new Map<string, number>(levels.map((name, index) => [name, index]));

/** Index into `levels` of the value of `level`, in any case; 0 if it is none that is known. */
export function levelOf(level: unknown): number {
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
 * Milliseconds since the epoch of the value of `timestamp`: RFC 3339, or OpenZiti's version 2 {seconds, nanos} with at
 * least one of the two. NaN where there is no such thing, and beyond the years 1 to 9999.
 */
export function timeOf(timestamp: unknown): number {
  if (typeof timestamp === 'string') return parseTimestamp(timestamp);
  if (!isObject(timestamp)) return Number.NaN;
  const { seconds, nanos } = timestamp;
  if (seconds === undefined && nanos === undefined) return Number.NaN;
  return boundedTime(part(seconds) * 1000 + part(nanos) / 1e6);
}

/** Time and level of every row. */
export function readHeads(rows: Rows): { time: Float64Array; level: Uint8Array } {
  const count = rows.objects.length;
  const time = new Float64Array(count);
  const level = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    time[row] = timeOf(headValue(rows, row, 'timestamp'));
    level[row] = levelOf(headValue(rows, row, 'level'));
  }
  return { time, level };
}

function headValue(rows: Rows, row: number, key: 'timestamp' | 'level'): unknown {
  const shadowed = shadowedIn(rows, row, key);
  return shadowed === undefined ? rows.objects[row]![key] : shadowed.value;
}
