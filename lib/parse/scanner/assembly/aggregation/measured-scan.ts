/**
 * Records that are measured as they are scanned: their measurements are carried out at once, and those that nobody wants
 * then are counted and let go of, so that no row is made of them. What the scan cannot decide stays a row, for the main
 * thread to go on with in the order of the input: records without a time, or with one that no clock has reached yet, and
 * where `measure` stopped.
 */
import { beginAgain } from '../json/row-entries';
import { CLOCK, MEASURED, TIME, TOUCHED } from '../slot';
import { DONE, isWanted, measure, measureEnded, NEEDS_ROOM } from './measurements';
import { noteRecord, notesLackRoom } from './session-notes';

let isMeasuring: bool = false;
let horizon: f64 = 0;
let orderOfWindow: f64 = 0;
let newest: f64 = -Infinity;
let dismissed: u32 = 0;
let touchedCount: u32 = 0;
let lacksRoom: bool = false;

/**
 * What the next scan does.
 * @param until times from here on are left to the main thread
 * @param order of the slot's window among all that is measured, from 1 on
 */
export function measureInScan(measures: bool, until: f64, order: f64): void {
  isMeasuring = measures;
  horizon = until;
  orderOfWindow = order;
}

/** Begins a scan. */
export function beginMeasured(): void {
  newest = -Infinity;
  dismissed = 0;
  touchedCount = 0;
  lacksRoom = false;
}

/** Records that were let go of, and how many of them touched a series. */
export function dismissedRecords(): u32 {
  return dismissed;
}

export function dismissedMeasured(): u32 {
  return touchedCount;
}

/** The newest time up to the horizon; -Infinity if there was none. */
export function newestTime(): f64 {
  return newest;
}

/** Whether some record found no room for what it gives. */
export function scanLacksRoom(): bool {
  return lacksRoom;
}

/** Whether the record in this row, all columns of which are written, stays. */
// @ts-ignore: decorator
@inline
export function staysBehindScan(slot: usize, row: u32, isSettled: bool): bool {
  store<u8>(slot + <usize>row, 0, MEASURED);
  store<u8>(slot + <usize>row, 0, TOUCHED);
  return isMeasuring ? measureRecord(slot, row, isSettled) : true;
}

function measureRecord(slot: usize, row: u32, isSettled: bool): bool {
  const time = load<f64>(slot + (<usize>row << 3), TIME);
  store<f64>(slot + (<usize>row << 3), newest, CLOCK);
  if (!isSettled || !(time <= horizon)) return true;
  if (time > newest) newest = time;
  measure(slot, row, row + 1, slot + TIME, NaN, false, orderOfWindow);
  if (measureEnded() == NEEDS_ROOM) lacksRoom = true;
  if (measureEnded() != DONE || isWanted(slot, row)) return true;
  if (!noteRecord(slot, row, time)) {
    if (notesLackRoom()) lacksRoom = true;
    return true;
  }
  dismissed++;
  touchedCount += <u32>load<u8>(slot + <usize>row, TOUCHED);
  beginAgain();
  return false;
}
