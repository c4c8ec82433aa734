/** A batch: the records of a slot's window, line after line, those that are none set apart with the reason. */
import { LF, nextLf, OPEN_BRACE, QUOTE, skipSpace } from './json/ascii';
import { beginMeasured, staysBehindScan } from './aggregation/measured-scan';
import { kindOfRecord } from './aggregation/record-kinds';
import { nestsDeeperThan } from './json/depth';
import { recordLevel, recordTime, timeIsSettled } from './json/record-head';
import { behindPrefix, isBlank, withoutCr } from './json/record-lines';
import {
  beginEntries,
  dropEntries,
  keepEntries,
  recordEntries,
  recordEntriesEnd,
  recordFamilies,
} from './json/row-entries';
import { readRecord } from './json/record';
import { forgetShapes } from './json/shape-table';
import { shapesAreFull } from './json/shapes';
import {
  END,
  entriesEnd,
  entriesOf,
  ENTRY_BYTES,
  FAMILIES,
  FIRST,
  KIND,
  LENGTH,
  LEVEL,
  MOST_ROWS,
  OFFSET,
  REJECTED,
  TIME,
  UNSETTLED,
  WINDOW,
} from './slot';
import { stringEnd } from './json/strings';
import { keyCount } from './json/trie';
import { isUtf8 } from './json/utf8';
import { maxDepth, valueEnd } from './json/values';

/** Places in `rejectionReasons` of lib/errors.ts. */
const TOO_LONG: u32 = 0;
const INVALID_UTF8: u32 = 2;
const TOO_DEEP: u32 = 3;
const INVALID_JSON: u32 = 4;
const NOT_AN_OBJECT: u32 = 5;

/** Bits of the mode of a scan; above them, by eight bits, stands a family's bit: see `scan`. */
const PREFIXES: u32 = 1;
const STOPS: u32 = 2;
const FAMILY_SHIFT: u32 = 8;

let longest: usize = 0;
let prefixed: bool = false;
let stops: bool = false;
let wrapperFamily: u32 = 0;
let stopped: bool = false;
let rejectedCount: i32 = 0;
let unsettledCount: i32 = 0;
let untoldCount: i32 = 0;
let consumed: usize = 0;

/** @param longestRecord bytes, line end and prefix not counted */
export function openBatches(longestRecord: usize): void {
  longest = longestRecord;
}

export function rejected(): i32 {
  return rejectedCount;
}

export function unsettled(): i32 {
  return unsettledCount;
}

/** Rows whose kind nothing told. */
export function untold(): i32 {
  return untoldCount;
}

/** Bytes of the window that the last scan dealt with. */
export function scanned(): usize {
  return consumed;
}

/** Whether the last scan ended before a line that is for others to understand. */
export function hasStopped(): bool {
  return stopped;
}

/**
 * Scans whole lines, of which the last ends with LF at `end` - 1, both counted from the window's start. Gives the number
 * of rows; the batch ends where it is full, with at least one line.
 *
 * `mode` tells by its bits whether records may stand behind a prefix (1), and whether to stop (2) before the first line
 * that is no record, or has no time, or no level and a key of the family whose number plus one stands in the bits from
 * 8 on: it may be another framing's. Then the batch may be empty.
 */
export function scan(slot: usize, start: usize, end: usize, mode: u32): i32 {
  if (shapesAreFull()) forgetShapes();
  prefixed = (mode & PREFIXES) != 0;
  stops = (mode & STOPS) != 0;
  wrapperFamily = (mode >> FAMILY_SHIFT) == 0 ? 0 : 1 << ((mode >> FAMILY_SHIFT) - 1);
  stopped = false;
  rejectedCount = 0;
  unsettledCount = 0;
  untoldCount = 0;
  beginMeasured();
  const window = slot + WINDOW;
  const stop = window + end;
  beginEntries(slot, entriesOf(slot));
  const lastEntry = entriesEnd(slot) - <usize>keyCount() * ENTRY_BYTES;
  let row = 0;
  let line = window + start;
  while (line < stop && row + rejectedCount < MOST_ROWS && recordEntriesEnd() <= lastEntry) {
    const record = prefixed ? prefixEnd(line) : line;
    const next = readRecord(record);
    if (next == 0) {
      line = setApart(slot, line, record);
      if (stopped) break;
      continue;
    }
    const length = withoutCr(record, next - 1) - record;
    if (length > longest) {
      dropEntries();
      reject(slot, record, length, TOO_LONG);
    } else {
      if (stops && mayWrap()) {
        dropEntries();
        stopped = true;
        break;
      }
      if (keepRow(slot, row, record, length)) row++;
    }
    line = next;
  }
  consumed = line - window;
  return row;
}

function prefixEnd(line: usize): usize {
  if (load<u8>(line) == OPEN_BRACE) return line;
  return behindPrefix(line, withoutCr(line, nextLf(line)));
}

let time: f64 = NaN;

/** Whether the record read last has no time of its own, or looks like one that holds another. */
// @ts-ignore: decorator
@inline
function mayWrap(): bool {
  time = recordTime();
  if (isNaN(time) && timeIsSettled()) return true;
  return (recordFamilies() & wrapperFamily) != 0 && recordLevel() == 0;
}

/** Writes a row of the record; false if it was measured and nobody wants it. */
function keepRow(slot: usize, row: i32, record: usize, length: usize): bool {
  const place = slot + (<usize>row << 2);
  store<f64>(slot + (<usize>row << 3), stops ? time : recordTime(), TIME);
  const isSettled = timeIsSettled();
  store<u32>(place, <u32>(record - slot - WINDOW), OFFSET);
  store<u32>(place, <u32>length, LENGTH);
  store<u32>(place, <u32>recordEntries(), FIRST);
  store<u32>(place, <u32>recordEntriesEnd(), END);
  store<u32>(place, recordFamilies(), FAMILIES);
  const level = recordLevel();
  const kind = kindOfRecord(level);
  store<u8>(slot + <usize>row, level, LEVEL);
  store<u8>(slot + <usize>row, kind, KIND);
  if (!staysBehindScan(slot, row, isSettled)) return false;
  if (!isSettled) store<u32>(slot + (<usize>(unsettledCount++) << 2), row, UNSETTLED);
  if (kind == 0) untoldCount++;
  keepEntries();
  return true;
}

/** Deals with what is no record: a blank line is skipped, anything else rejected or left. Gives the next line. */
function setApart(slot: usize, line: usize, record: usize): usize {
  const lf = nextLf(record);
  const end = withoutCr(record, lf);
  const length = end - record;
  if (length > longest) reject(slot, record, length, TOO_LONG);
  else if (stops && !isBlank(record, end)) {
    stopped = true;
    return line;
  } else if (!isBlank(record, end)) reject(slot, record, length, reasonOf(record, end));
  return lf + 1;
}

/** The first reason that applies, in the order of lib/errors.ts. */
function reasonOf(record: usize, end: usize): u32 {
  if (!isUtf8(record, end)) return INVALID_UTF8;
  if (nestsDeeperThan(<i32>maxDepth(), record, end)) return TOO_DEEP;
  return isOtherValue(record) ? NOT_AN_OBJECT : INVALID_JSON;
}

/** Whether the line is valid JSON whose root is no object. */
function isOtherValue(record: usize): bool {
  let p = skipSpace(record);
  if (load<u8>(p) == QUOTE) {
    p = stringEnd(p + 1);
    if (p != 0) p++;
  } else {
    p = valueEnd(p, 0);
  }
  return p != 0 && load<u8>(skipSpace(p)) == LF;
}

function reject(slot: usize, record: usize, length: usize, reason: u32): void {
  const place = slot + <usize>(rejectedCount++) * 12;
  store<u32>(place, <u32>(record - slot - WINDOW), REJECTED);
  store<u32>(place, <u32>length, REJECTED + 4);
  store<u32>(place, reason, REJECTED + 8);
}
