/**
 * Marks counted by tick: what meters are made of. Of every series the marks of the tick at hand are one number; when
 * a mark of another tick comes, that number goes to a log that all series share. Whole numbers have no order, so the logs
 * of several threads make one, and whoever reads them closes the ticks of each series in their order (lib/math/meters.ts).
 */
import { reserve } from '../arena';

/** Of a series: the tick at hand, its marks, and what the log calls it. */
const TICK: usize = 0;
const PENDING: usize = 4;
const NAME: usize = 8;
/** Marks since the partial was taken. */
export const MARKS: usize = 12;
/** The earliest and the latest of their times, in milliseconds since the epoch. */
export const FIRST_TIME: usize = 16;
export const LAST_TIME: usize = 24;
export const TICKS_BYTES: usize = 32;

/** An entry: what the log calls the series, the tick, its marks. */
const ENTRY_BYTES: usize = 12;
const TICK_MS: f64 = 5000;

/** Where the log's end is kept, and how far it may go. */
const LOG_TOP: usize = 0;
const LOG_END: usize = 4;
const LOG_START: usize = 8;
const LOG_HEAD: usize = 64;

/** The log at hand, and the other one, which may be read meanwhile. */
let log: usize = 0;
let other: usize = 0;
let tick: i32 = 0;
let tickFrom: f64 = 1;
let tickTo: f64 = 0;

/** @param entries that the log has room for */
export function openTicks(entries: u32): void {
  other = newLog(entries);
  log = newLog(entries);
}

function newLog(entries: u32): usize {
  const bytes = <usize>entries * ENTRY_BYTES;
  const at = reserve(LOG_HEAD + bytes);
  store<u32>(at, <u32>(at + LOG_HEAD), LOG_START);
  store<u32>(at, <u32>(at + LOG_HEAD), LOG_TOP);
  store<u32>(at, <u32>(at + LOG_HEAD + bytes), LOG_END);
  return at;
}

/** Goes on with the other log, which is empty; this one stays as it is until the next turn. */
export function turnTicks(): void {
  const full = log;
  log = other;
  other = full;
  clearTicks();
}

/** Empties the log; the series' own numbers are their tables' to clear. */
export function clearTicks(): void {
  store<u32>(log, load<u32>(log, LOG_START), LOG_TOP);
}

/** Where the log begins, and how many entries it has. */
export function tickLog(): usize {
  return <usize>load<u32>(log, LOG_START);
}

export function loggedTicks(): u32 {
  return <u32>((<usize>load<u32>(log, LOG_TOP) - <usize>load<u32>(log, LOG_START)) / ENTRY_BYTES);
}

/** In zeroed memory. */
export function beginTicks(series: usize, name: u32): void {
  store<u32>(series, name, NAME);
}

/** Begins a new partial. */
export function clearMarks(series: usize): void {
  store<u32>(series, 0, PENDING);
  store<u32>(series, 0, MARKS);
}

/** Moves the marks of the tick at hand to the log, if there is room. */
export function logPending(series: usize): void {
  if (load<u32>(series, PENDING) != 0 && ticksHaveRoom(1)) closeTick(series);
}

/** Whether the log has room for so many more entries. */
// @ts-ignore: decorator
@inline
export function ticksHaveRoom(entries: u32): bool {
  return <usize>load<u32>(log, LOG_TOP) + <usize>entries * ENTRY_BYTES <= <usize>load<u32>(log, LOG_END);
}

/** Makes the tick of a time the one of the marks that follow: neighbouring records share it. */
// @ts-ignore: decorator
@inline
export function turnToTick(time: f64): void {
  if (time >= tickFrom && time < tickTo) return;
  findTick(time);
}

function findTick(time: f64): void {
  tick = <i32>Math.min(Math.max(Math.floor(time / TICK_MS), -2147483648), 2147483647);
  tickFrom = <f64>tick * TICK_MS;
  tickTo = tickFrom + TICK_MS;
}

/** A mark of the series at `series`, at a time whose tick it is. */
// @ts-ignore: decorator
@inline
export function markTick(series: usize, time: f64): void {
  const marks = load<u32>(series, MARKS);
  store<u32>(series, marks + 1, MARKS);
  if (load<i32>(series, TICK) == tick && marks != 0) {
    store<u32>(series, load<u32>(series, PENDING) + 1, PENDING);
    if (time > load<f64>(series, LAST_TIME)) store<f64>(series, time, LAST_TIME);
    else if (time < load<f64>(series, FIRST_TIME)) store<f64>(series, time, FIRST_TIME);
    return;
  }
  markOther(series, time, marks);
}

function markOther(series: usize, time: f64, marks: u32): void {
  if (marks == 0) {
    store<f64>(series, time, FIRST_TIME);
    store<f64>(series, time, LAST_TIME);
  } else {
    closeTick(series);
    if (time > load<f64>(series, LAST_TIME)) store<f64>(series, time, LAST_TIME);
    else if (time < load<f64>(series, FIRST_TIME)) store<f64>(series, time, FIRST_TIME);
  }
  store<i32>(series, tick, TICK);
  store<u32>(series, 1, PENDING);
}

/** Moves the marks of the tick at hand to the log. */
function closeTick(series: usize): void {
  if (load<u32>(series, PENDING) == 0) return;
  const entry = <usize>load<u32>(log, LOG_TOP);
  store<u32>(entry, load<u32>(series, NAME));
  store<i32>(entry, load<i32>(series, TICK), 4);
  store<u32>(entry, load<u32>(series, PENDING), 8);
  store<u32>(log, <u32>(entry + ENTRY_BYTES), LOG_TOP);
  store<u32>(series, 0, PENDING);
}
