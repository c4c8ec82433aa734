/**
 * Which measurements a record gives, by its kind: what the host compiled from catalogue, rules and systems (see
 * ../../aggregation/write-plan.ts), and the loop that carries it out. It stops where only the host can go on: at a number
 * that it must read, and where there is no room for what the next record gives.
 */
import { reserve } from '../arena';
import { entryOf } from '../asked-fields';
import { hashOfText } from '../dictionaries/text-hash';
import { valueLength, valueText } from '../dictionaries/symbols';
import { numberIn } from '../number-columns';
import { ALL_MEASURED, entryType, KIND, LENGTH, MEASURED, MOST_ROWS, OFFSET, TOUCHED, WINDOW } from '../slot';
import { NUMBER } from '../json/values';
import { xxh64 } from './record-hash';
import { samplesHaveRoom } from './samples';
import { countRecord, numberOfTable, seriesHaveRoom, seriesIn, spillHasRoom, takeRecord } from './series-tables';
import { countSession, sessionsHaveRoom } from './sessions';
import { ticksHaveRoom, turnToTick } from './ticks';

/** What `measure` ended with. */
export const DONE: u32 = 0;
/** It needs the number of the measurement that it stands at. */
const NEEDS_NUMBER: u32 = 1;
/** It needs room: the partials are to be taken. */
export const NEEDS_ROOM: u32 = 2;

const KINDS: u32 = 256;
/** Measurements of one kind of record, at most. */
const MOST_OF_A_KIND: u32 = 64;

/** A measurement: what is done; the table, or for sessions 1 or -1; the field of the value, or the session's id. */
const COUNT: u32 = 0;
const VALUE: u32 = 1;
const SESSION: u32 = 2;
const WHAT: usize = 0;
const TABLE: usize = 4;
const FIELD: usize = 8;
/** What a value must not be less than, to be measured as it stands. */
const LEAST: usize = 16;
const MEASUREMENT_BYTES: usize = 24;
const KIND_BYTES: usize = 8;

let kinds: usize = 0;
/** By kind, whether somebody wants its records when they are measured: a byte. */
let wanted: usize = 0;
let times: usize = 0;
/** Pairs that the samples of one record may need room for. */
let pairsOfRecord: usize = 0;

let ended: u32 = DONE;
let endedTable: usize = 0;
/** Of the row at hand. */
let recordHash: u64 = 0;
let isHashed: bool = false;

/** @param pairs that the samples of one record may need room for */
export function openMeasurements(pairs: usize): void {
  kinds = reserve(<usize>KINDS * KIND_BYTES);
  wanted = reserve(<usize>KINDS);
  times = reserve(<usize>MOST_ROWS << 3);
  pairsOfRecord = pairs;
}

function add(kind: u32, what: u32, table: usize, field: u32, least: f64): void {
  const place = kinds + <usize>kind * KIND_BYTES;
  if (load<u32>(place) == 0) store<u32>(place, <u32>reserve(<usize>MOST_OF_A_KIND * MEASUREMENT_BYTES));
  const count = load<u32>(place, 4);
  if (count == MOST_OF_A_KIND) unreachable();
  const measurement = <usize>load<u32>(place) + <usize>count * MEASUREMENT_BYTES;
  store<u32>(measurement, what, WHAT);
  store<u32>(measurement, <u32>table, TABLE);
  store<u32>(measurement, field, FIELD);
  store<f64>(measurement, least, LEAST);
  store<u32>(place, count + 1, 4);
}

/** Every record of the kind counts in a table. */
export function addCount(kind: u32, table: usize): void {
  add(kind, COUNT, table, 0, 0);
}

/** Every record of the kind gives a table the number of a field. */
export function addValue(kind: u32, table: usize, field: u32, least: f64): void {
  add(kind, VALUE, table, field, least);
}

/** Every record of the kind begins (1) or ends (-1) the session that a field names. */
export function addSession(kind: u32, by: i32, field: u32): void {
  add(kind, SESSION, <usize>by, field, 0);
}

/** Where the host writes the rows' times to, in milliseconds since the epoch, none of them NaN. */
export function timesOfRows(): usize {
  return times;
}

/** By kind, whether records that are measured are still wanted: for the host to write. */
export function wantedKinds(): usize {
  return wanted;
}

/** Whether anything is left to do with a row. */
// @ts-ignore: decorator
@inline
export function isWanted(slot: usize, row: u32): bool {
  if (load<u8>(slot + <usize>row, MEASURED) != ALL_MEASURED) return true;
  return load<u8>(wanted + <usize>load<u8>(slot + <usize>row, KIND)) != 0;
}

export function measureEnded(): u32 {
  return ended;
}

/** The number of the table whose value it ended for. */
export function measuredTable(): u32 {
  return numberOfTable(endedTable);
}

/**
 * Measures what is left to measure of the rows from `from` on.
 * @param timesAt by row milliseconds since the epoch, none of them NaN
 * @param given the number that it ended for; NaN if it is to be left out
 * @param isGiven whether there is such a number
 * @param order of the slot's window among all that is measured, from 1 on
 * @returns the row that it ended at: `to`, or see measureEnded
 */
export function measure(slot: usize, from: u32, to: u32, timesAt: usize, given: f64, isGiven: bool, order: f64): u32 {
  let isNumberGiven = isGiven;
  for (let row = from; row < to; row++) {
    const kind = <usize>load<u8>(slot + <usize>row, KIND);
    const place = kinds + kind * KIND_BYTES;
    const count = load<u32>(place, 4);
    const first = <u32>load<u8>(slot + <usize>row, MEASURED);
    if (first >= count) {
      // what is not told yet may become a kind that is measured
      if (kind != 0) store<u8>(slot + <usize>row, ALL_MEASURED, MEASURED);
      continue;
    }
    if (!hasRoom(count)) return stop(slot, row, first, NEEDS_ROOM);
    const time = load<f64>(timesAt + (<usize>row << 3));
    turnToTick(time);
    isHashed = false;
    for (let k = first; k < count; k++) {
      const measurement = <usize>load<u32>(place) + <usize>k * MEASUREMENT_BYTES;
      const what = load<u32>(measurement, WHAT);
      if (what == SESSION) {
        session(slot, row, measurement, time);
        continue;
      }
      const table = <usize>load<u32>(measurement, TABLE);
      let value: f64 = 1;
      if (what == VALUE) {
        value = isNumberGiven ? given : plainNumber(slot, row, measurement);
        if (isNaN(value)) {
          if (!isNumberGiven) {
            endedTable = table;
            return stop(slot, row, k, NEEDS_NUMBER);
          }
          isNumberGiven = false;
          continue;
        }
        isNumberGiven = false;
      }
      const series = seriesIn(table, slot, row, order + <f64>load<u32>(slot + (<usize>row << 2), OFFSET));
      if (series == 0) return stop(slot, row, k, NEEDS_ROOM);
      if (what == COUNT) countRecord(series, time);
      else takeRecord(table, series, time, hashOfRow(slot, row), value);
      store<u8>(slot + <usize>row, 1, TOUCHED);
    }
    store<u8>(slot + <usize>row, ALL_MEASURED, MEASURED);
  }
  ended = DONE;
  return to;
}

/** The value of a measurement; NaN if it is no number that can be read and measured as it stands. */
// @ts-ignore: decorator
@inline
function plainNumber(slot: usize, row: u32, measurement: usize): f64 {
  const entry = entryOf(slot, row, load<u32>(measurement, FIELD));
  const value = entry != 0 && entryType(entry) == NUMBER ? numberIn(entry) : NaN;
  return value >= load<f64>(measurement, LEAST) ? value : NaN;
}

function stop(slot: usize, row: u32, measurement: u32, why: u32): u32 {
  ended = why;
  store<u8>(slot + <usize>row, measurement, MEASURED);
  return row;
}

// @ts-ignore: decorator
@inline
function hasRoom(measurements: u32): bool {
  return (
    seriesHaveRoom() &&
    ticksHaveRoom(measurements) &&
    samplesHaveRoom(pairsOfRecord) &&
    spillHasRoom(measurements) &&
    sessionsHaveRoom()
  );
}

function session(slot: usize, row: u32, measurement: usize, time: f64): void {
  const length = valueLength(entryOf(slot, row, load<u32>(measurement, FIELD)));
  if (length < 0) return;
  const hash = hashOfText(valueText(), length);
  countSession(hash, <i32>load<u32>(measurement, TABLE), time);
}

/** Computed for the first sample that asks. */
function hashOfRow(slot: usize, row: u32): u64 {
  if (!isHashed) {
    const place = slot + (<usize>row << 2);
    recordHash = xxh64(slot + WINDOW + <usize>load<u32>(place, OFFSET), load<u32>(place, LENGTH), 0);
    isHashed = true;
  }
  return recordHash;
}
