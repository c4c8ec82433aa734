/**
 * The series of metrics, a table for each, by the id of their labels. What a series has is what came since its partial
 * was taken: marks by tick, and of histograms the exact sum, buckets and sample too. The host reads it here (see
 * ../../aggregation/taken-partials.ts) and adds it to what is known.
 */
import { reserve } from '../arena';
import { FULL, size, textOf, textLength } from '../dictionaries/dictionary';
import { countInBucket } from './buckets';
import { addToSum, SUM_BYTES } from './exact-sums';
import { uniformOf, xxh64 } from './record-hash';
import { beginSample, clearSamples, HAS_NEWEST, PAIR_COUNT, SAMPLE_BYTES, settleSample, takeValue } from './samples';
import { dictionaryOfLabels, labelsHaveRoom, labelsOf, labelWidth } from './series-labels';
import {
  beginTicks,
  clearMarks,
  clearTicks,
  FIRST_TIME,
  LAST_TIME,
  logPending,
  MARKS,
  markTick,
  TICKS_BYTES,
} from './ticks';

/** A table: its labels, whether meters are kept; of histograms the bounds, the sample's size and rules; */
const LABELS: usize = 0;
const HAS_METERS: usize = 4;
const BOUNDS: usize = 8;
const BOUND_COUNT: usize = 12;
const IS_HISTOGRAM: usize = 16;
const KEEP: usize = 20;
const IS_NEWEST: usize = 24;
const SERIES: usize = 28;
const STRIDE: usize = 32;
/** what stands between the labels' values in the text that the series is hashed by, a place and a length for each. */
const BETWEEN: usize = 36;
const DECAY: usize = 40;
const TABLE_BYTES: usize = 48;

/** A series: its marks, when it was first met (0: never); of histograms the hash of its name and labels, and the rest. */
const ORDER: usize = TICKS_BYTES;
const COUNTER_BYTES: usize = ORDER + 8;
const KEY: usize = COUNTER_BYTES;
const SUM: usize = KEY + 8;
const SAMPLE: usize = SUM + SUM_BYTES;
const BUCKETS: usize = SAMPLE + SAMPLE_BYTES;

/** The log of ticks calls a series by the number of its table, and below it the id of its labels. */
const NAME_SHIFT: u32 = 24;

/** Values that do not fit an exact sum: the series and the value. */
const SPILT_BYTES: usize = 16;
const MOST_SPILT: u32 = 4096;

let tables: usize = 0;
let count: u32 = 0;
let capacity: u32 = 0;
let seed: u64 = 0;
let keyText: usize = 0;
let spilt: usize = 0;
let spiltCount: u32 = 0;
/** For the labels of one more series in every table. */
let hasRoom: bool = true;

/** @param most tables; @param series of one table; @param runSeed of the random numbers */
export function openSeriesTables(most: u32, series: u32, longestKey: usize, runSeed: u64): void {
  tables = reserve(<usize>most * TABLE_BYTES + 16);
  capacity = series;
  seed = runSeed;
  keyText = reserve(longestKey);
  spilt = reserve(<usize>MOST_SPILT * SPILT_BYTES);
}

/** A table of counters. */
export function newCounters(labels: usize): usize {
  return newTable(labels, COUNTER_BYTES, true);
}

/**
 * A table of histograms. Gives it with room for the upper bounds, `boundsOf`, which the host fills.
 * @param keep values of a sample, the newest not counted if that is apart
 * @param decay alpha, per millisecond
 */
export function newHistograms(labels: usize, meters: bool, bounds: u32, keep: u32, newest: bool, decay: f64): usize {
  const table = newTable(labels, (BUCKETS + ((<usize>bounds + 1) << 2) + 7) & ~7, meters);
  store<u32>(table, 1, IS_HISTOGRAM);
  store<u32>(table, <u32>reserve((<usize>bounds << 3) + 8), BOUNDS);
  store<u32>(table, bounds, BOUND_COUNT);
  store<u32>(table, keep, KEEP);
  store<u32>(table, newest ? 1 : 0, IS_NEWEST);
  store<f64>(table, decay, DECAY);
  return table;
}

function newTable(labels: usize, stride: usize, meters: bool): usize {
  const table = tables + <usize>(count++) * TABLE_BYTES;
  store<u32>(table, <u32>labels, LABELS);
  store<u32>(table, meters ? 1 : 0, HAS_METERS);
  store<u32>(table, <u32>reserve((<usize>capacity + 1) * stride), SERIES);
  store<u32>(table, <u32>stride, STRIDE);
  store<u32>(table, <u32>reserve(((<usize>labelWidth(labels) + 1) << 3) + 8), BETWEEN);
  return table;
}

/** Which of the tables it is, in the order in which they were made. */
export function numberOfTable(table: usize): u32 {
  return <u32>((table - tables) / TABLE_BYTES);
}

export function boundsOf(table: usize): usize {
  return <usize>load<u32>(table, BOUNDS);
}

/** The text before the k-th label's value, or behind the last one, is copied from `from`. */
export function addBetween(table: usize, k: u32, from: usize, bytes: usize): void {
  const place = <usize>load<u32>(table, BETWEEN) + (<usize>k << 3);
  const copy = reserve(bytes + 16);
  memory.copy(copy, from, bytes);
  store<u32>(place, <u32>copy);
  store<u32>(place, <u32>bytes, 4);
}

/** Where the series of a table begin, and how far one is from the next: the id of its labels is its place. */
export function seriesOf(table: usize): usize {
  return <usize>load<u32>(table, SERIES);
}

export function strideOf(table: usize): usize {
  return <usize>load<u32>(table, STRIDE);
}

/** Of the texts of its labels. */
export function dictionaryOfTable(table: usize): usize {
  return dictionaryOfLabels(load<u32>(table, LABELS));
}

/** Ids of the table's labels, 0 included. */
function idsOf(table: usize): u32 {
  return size(dictionaryOfTable(table));
}

/**
 * The series of a record's labels; 0 if there is no room for it.
 * @param order of the record among all, from 1 on
 */
// @ts-ignore: decorator
@inline
export function seriesIn(table: usize, slot: usize, row: u32, order: f64): usize {
  const id = labelsOf(load<u32>(table, LABELS), slot, row);
  if (id == FULL) return 0;
  const series = <usize>load<u32>(table, SERIES) + <usize>id * <usize>load<u32>(table, STRIDE);
  const first = load<f64>(series, ORDER);
  if (first == 0) begin(table, series, id, order);
  // a record that waited for its turn may come behind one that is later in the input
  else if (order < first) store<f64>(series, order, ORDER);
  return series;
}

function begin(table: usize, series: usize, id: u32, order: f64): void {
  store<f64>(series, order, ORDER);
  beginTicks(series, (numberOfTable(table) << NAME_SHIFT) | id);
  hasRoom = labelsHaveRoom();
  if (load<u32>(table, IS_HISTOGRAM) == 0) return;
  store<u64>(series, keyOf(table, id), KEY);
  beginSample(series + SAMPLE);
}

/** The hash of metric, label names and values; see lib/metrics/series-id.ts. */
function keyOf(table: usize, id: u32): u64 {
  const labels = <usize>load<u32>(table, LABELS);
  const width = <usize>labelWidth(labels);
  const lengths = textOf(dictionaryOfLabels(labels), id);
  let between = <usize>load<u32>(table, BETWEEN);
  let value = width == 1 ? lengths : lengths + (width << 2);
  let to = keyText;
  for (let k: usize = 0; k < width; k++) {
    to = append(to, load<u32>(between), load<u32>(between, 4));
    const bytes = width == 1 ? textLength(dictionaryOfLabels(labels), id) : <usize>load<u32>(lengths + (k << 2));
    to = append(to, value, bytes);
    value += bytes;
    between += 8;
  }
  to = append(to, load<u32>(between), load<u32>(between, 4));
  return xxh64(keyText, to - keyText, seed);
}

// @ts-ignore: decorator
@inline
function append(to: usize, from: usize, bytes: usize): usize {
  memory.copy(to, from, bytes);
  return to + bytes;
}

// @ts-ignore: decorator
@inline
export function seriesHaveRoom(): bool {
  return hasRoom;
}

/** A record that counts. */
// @ts-ignore: decorator
@inline
export function countRecord(series: usize, time: f64): void {
  markTick(series, time);
}

/** A value of a record, `hash` being the record's. */
export function takeRecord(table: usize, series: usize, time: f64, hash: u64, value: f64): void {
  if (load<u32>(table, HAS_METERS) != 0) markTick(series, time);
  else noteTime(series, time);
  if (!addToSum(series + SUM, value)) spill(series, value);
  countInBucket(load<u32>(table, BOUNDS), load<u32>(table, BOUND_COUNT), series + BUCKETS, value);
  const random = uniformOf(hash, load<u64>(series, KEY));
  const newest = load<u32>(table, IS_NEWEST) != 0;
  takeValue(series + SAMPLE, value, time, random, load<f64>(table, DECAY), load<u32>(table, KEEP), newest);
}

function noteTime(series: usize, time: f64): void {
  const marks = load<u32>(series, MARKS);
  store<u32>(series, marks + 1, MARKS);
  if (marks == 0 || time < load<f64>(series, FIRST_TIME)) store<f64>(series, time, FIRST_TIME);
  if (marks == 0 || time > load<f64>(series, LAST_TIME)) store<f64>(series, time, LAST_TIME);
}

function spill(series: usize, value: f64): void {
  const place = spilt + <usize>(spiltCount++) * SPILT_BYTES;
  store<u32>(place, <u32>series);
  store<f64>(place, value, 8);
}

/** Whether one more record's values may be spilt. */
// @ts-ignore: decorator
@inline
export function spillHasRoom(values: u32): bool {
  return spiltCount + values <= MOST_SPILT;
}

export function spiltValues(): usize {
  return spilt;
}

export function spiltSize(): u32 {
  return spiltCount;
}

/** Leaves no more pairs in the samples of a table than stay. */
export function settleSamples(table: usize): void {
  if (load<u32>(table, IS_HISTOGRAM) == 0) return;
  for (let id: u32 = 1; id < idsOf(table); id++) {
    settleSample(seriesOf(table) + <usize>id * strideOf(table) + SAMPLE, load<u32>(table, KEEP));
  }
}

/** Begins new partials: the host has taken what came. */
export function clearPartials(): void {
  for (let k: u32 = 0; k < count; k++) {
    const table = tables + <usize>k * TABLE_BYTES;
    const bytes = strideOf(table);
    const histogram = load<u32>(table, IS_HISTOGRAM) != 0;
    for (let id: u32 = 1; id < idsOf(table); id++) {
      const series = seriesOf(table) + <usize>id * bytes;
      if (load<u32>(series, MARKS) == 0) continue;
      clearMarks(series);
      if (!histogram) continue;
      memory.fill(series + SUM, 0, SUM_BYTES);
      memory.fill(series + BUCKETS, 0, bytes - BUCKETS);
      // what no value may exceed stays: others have come before those beyond it
      store<u32>(series + SAMPLE, 0, PAIR_COUNT);
      store<u32>(series + SAMPLE, 0, HAS_NEWEST);
    }
  }
  clearTicks();
  spiltCount = 0;
}

/** Brings all marks to the log of ticks. */
export function logTicks(): void {
  for (let k: u32 = 0; k < count; k++) {
    const table = tables + <usize>k * TABLE_BYTES;
    for (let id: u32 = 1; id < idsOf(table); id++) logPending(seriesOf(table) + <usize>id * strideOf(table));
  }
}

/** Forgets all series. */
export function forgetSeries(): void {
  for (let k: u32 = 0; k < count; k++) {
    const table = tables + <usize>k * TABLE_BYTES;
    memory.fill(seriesOf(table), 0, <usize>idsOf(table) * strideOf(table));
  }
  clearSamples();
  clearTicks();
  spiltCount = 0;
  hasRoom = true;
}
