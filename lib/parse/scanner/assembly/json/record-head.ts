/** What every record is asked for: its time and its level; the rules of lib/parse/objects/record-head.ts. */
import { reserve } from '../arena';
import { exactNumber } from './numbers';
import { countingEntry, recordEntry } from './row-entries';
import { entryIsEscaped, entryLength, entryStart, entryType } from '../slot';
import { unescape } from './strings';
import { boundedTime, parseTimestamp } from './timestamps';
import { NUMBER, OBJECT, STRING } from './values';

/** Both little-endian, in lower case. */
const INFO: u32 = 0x6f666e69;
const WARN: u32 = 0x6e726177;
const TRAC: u32 = 0x63617274;
const DEBU: u32 = 0x75626564;
const ERRO: u32 = 0x6f727265;
const LOWER: u32 = 0x20202020;

let timestampKey: u32 = 0;
let secondsKey: u32 = 0;
let nanosKey: u32 = 0;
let levelKey: u32 = 0;
/** Decoded text of a timestamp or level that has escapes. */
let plain: usize = 0;

export function openHead(timestamp: u32, seconds: u32, nanos: u32, level: u32, longestLine: usize): void {
  timestampKey = timestamp;
  secondsKey = seconds;
  nanosKey = nanos;
  levelKey = level;
  plain = reserve(longestLine + 64);
}

let textAt: usize = 0;

/** Length of the entry's text, which textAt then points to. */
function textOf(entry: usize): usize {
  textAt = entryStart(entry);
  const length = entryLength(entry);
  if (!entryIsEscaped(entry)) return length;
  const end = unescape(textAt, textAt + length, plain);
  textAt = plain;
  return end - plain;
}

let settled: bool = true;

/** Whether recordTime's last result is final; if not, the host must read the object. */
export function timeIsSettled(): bool {
  return settled;
}

/** Milliseconds since the epoch of the record read last, NaN if it has no time. */
export function recordTime(): f64 {
  settled = true;
  const entry = countingEntry(timestampKey);
  if (entry == 0) return NaN;
  const type = entryType(entry);
  if (type == STRING) {
    const length = textOf(entry);
    return parseTimestamp(textAt, length);
  }
  if (type != OBJECT) return NaN;
  // what the entries have of its inside belongs to the last one
  if (entry != recordEntry(timestampKey)) {
    settled = false;
    return NaN;
  }
  const seconds = recordEntry(secondsKey);
  const nanos = recordEntry(nanosKey);
  if (seconds == 0 && nanos == 0) return NaN;
  return boundedTime(part(seconds) * 1000 + part(nanos) / 1e6);
}

function part(entry: usize): f64 {
  if (entry == 0) return 0;
  if (entryType(entry) != NUMBER) return NaN;
  const value = exactNumber(entryStart(entry), entryStart(entry) + entryLength(entry));
  if (isNaN(value)) settled = false;
  return value;
}

/** Index into `levels` of lib/batch/batch.ts; 0 if the record has no level that is known. */
export function recordLevel(): u32 {
  const entry = countingEntry(levelKey);
  if (entry == 0 || entryType(entry) != STRING) return 0;
  const length = textOf(entry);
  if (length != 4 && length != 5) return 0;
  const word = load<u32>(textAt) | LOWER;
  if (length == 4) return word == INFO ? 3 : word == WARN ? 4 : 0;
  const last = <u32>load<u8>(textAt, 4) | 0x20;
  if (last == 0x65) return word == TRAC ? 1 : 0; // e
  if (last == 0x67) return word == DEBU ? 2 : 0; // g
  return last == 0x72 && word == ERRO ? 5 : 0; // r
}
