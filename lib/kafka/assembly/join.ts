/**
 * Joins the values of a batch's records, an LF behind each: what lib/kafka/join-values.ts does, which is the tests'
 * oracle, but to where the values are read. That may have less room than they take: what is left goes to the next.
 */
const LF: u8 = 0x0a;
const SPACE: u8 = 0x20;
const OPEN_BRACE: u8 = 0x7b;
const OPEN_BRACKET: u8 = 0x5b;
const SHORTEST_RECORD: i64 = 6;
const NO_VALUE: i64 = -1;

/** What is wrong with a batch: it has fewer records than it says; a record is longer than it says. */
const FEWER_RECORDS: u32 = 1;
const LONGER_RECORD: u32 = 2;

/** Where the next record begins, and how many are to come. */
let at: usize = 0;
let left: u32 = 0;
let firstOffset: f64 = 0;
let firstTime: f64 = 0;
/** NaN unless the broker gave it. */
let timeOfAll: f64 = 0;
let lowest: f64 = 0;
let highest: f64 = 0;

/** Of the record that was looked at last. */
let offset: f64 = 0;
let time: f64 = 0;
/** Its value as far as it was not written yet, and whether that is JSON. */
let value: usize = 0;
let valueEnd: usize = 0;
let isOpen: bool = false;
let isJson: bool = false;

export let records: u32 = 0;
export let tombstones: u32 = 0;
export let valueBytes: u32 = 0;
/** The offset of what is wrong. */
export let wrongAt: f64 = 0;

/**
 * Takes a batch, of which records at offsets from `from` on, below `to`, are wanted, and counts them.
 * Gives 0, or what is wrong with it.
 */
export function begin(
  batch: usize,
  length: usize,
  count: u32,
  baseOffset: f64,
  baseTime: f64,
  appendTime: f64,
  from: f64,
  to: f64,
): u32 {
  firstOffset = baseOffset;
  firstTime = baseTime;
  timeOfAll = appendTime;
  lowest = from;
  highest = to;
  records = 0;
  tombstones = 0;
  valueBytes = 0;
  isOpen = false;
  at = batch;
  for (left = count; left > 0; left--) {
    const wrong = look(batch + length);
    if (wrong != 0) return wrong;
    if (offset < lowest || offset >= highest) continue;
    if (valueEnd < value) {
      tombstones++;
      continue;
    }
    records++;
    valueBytes += <u32>(valueEnd - value);
  }
  at = batch;
  left = count;
  return 0;
}

/** Whether all values were written. */
export function isDone(): bool {
  return left == 0 && !isOpen;
}

/**
 * Writes values to `to`, as much as there is room for, and of at most so many records where each begins, counted from
 * `base`, its offset and its time. Gives the bytes written; `records` are those that were begun.
 */
export function fill(to: usize, room: usize, most: u32, starts: usize, offsets: usize, times: usize, base: u32): u32 {
  const end = to + room;
  let out = to;
  records = 0;
  while (true) {
    if (isOpen) {
      const length = min(valueEnd - value, end - out);
      if (isJson) copyLine(out, value, length);
      else copy(out, value, length);
      value += length;
      out += length;
      // one that stands at the end stays
      if (isJson && value == valueEnd && length > 0) store<u8>(out - 1, load<u8>(value - 1));
      if (out == end) break;
      store<u8>(out++, LF);
      isOpen = false;
    }
    if (records == most || !turnToNext()) break;
    const k = <usize>records;
    records++;
    store<u32>(starts + (k << 2), base + <u32>(out - to));
    store<f64>(offsets + (k << 3), offset);
    store<f64>(times + (k << 3), time);
  }
  return <u32>(out - to);
}

/** The next record that has a value and is wanted. */
function turnToNext(): bool {
  while (left > 0) {
    left--;
    look(usize.MAX_VALUE);
    if (valueEnd < value || offset < lowest || offset >= highest) continue;
    const first = load<u8>(value);
    isJson = valueEnd > value && (first == OPEN_BRACE || first == OPEN_BRACKET);
    isOpen = true;
    return true;
  }
  return false;
}

/** Looks at the record at hand, and turns to the one behind it. Its value ends before it begins if there is none. */
function look(stop: usize): u32 {
  wrongAt = firstOffset;
  if (at >= stop) return FEWER_RECORDS;
  const size = varint();
  if (size < SHORTEST_RECORD || at > stop || size > <i64>(stop - at)) return FEWER_RECORDS;
  const end = at + <usize>size;
  at++;
  const delta = varint();
  time = isNaN(timeOfAll) ? firstTime + <f64>delta : timeOfAll;
  offset = firstOffset + <f64>varint();
  wrongAt = offset;
  const keyLength = varint();
  if (keyLength > 0) {
    if (at > end || keyLength > <i64>(end - at)) return LONGER_RECORD;
    at += <usize>keyLength;
  }
  const length = varint();
  if (at > end || length > <i64>(end - at) || min(keyLength, length) < NO_VALUE) return LONGER_RECORD;
  value = at;
  valueEnd = length < 0 ? at - 1 : at + <usize>length;
  at = end;
  return 0;
}

/** A number of variable length, zigzag. */
// @ts-ignore: decorator
@inline
function varint(): i64 {
  let byte = <u64>load<u8>(at++);
  let sum = byte & 0x7f;
  for (let shift: u64 = 7; byte >= 0x80 && shift < 70; shift += 7) {
    byte = <u64>load<u8>(at++);
    sum |= (byte & 0x7f) << shift;
  }
  return <i64>(sum >> 1) ^ -(<i64>(sum & 1));
}

/** Reads and writes no byte beyond. */
// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, length: usize): void {
  if (length < 16) {
    for (let k: usize = 0; k < length; k++) store<u8>(to + k, load<u8>(from + k));
    return;
  }
  const last = length - 16;
  for (let k: usize = 0; k < last; k += 16) v128.store(to + k, v128.load(from + k));
  v128.store(to + last, v128.load(from + last));
}

/** As `copy`. A JSON text has line ends between its tokens only, where a space does as well. */
// @ts-ignore: decorator
@inline
function copyLine(to: usize, from: usize, length: usize): void {
  if (length < 16) {
    for (let k: usize = 0; k < length; k++) {
      const byte = load<u8>(from + k);
      store<u8>(to + k, byte == LF ? SPACE : byte);
    }
    return;
  }
  const last = length - 16;
  for (let k: usize = 0; k < last; k += 16) copyStep(to + k, from + k);
  copyStep(to + last, from + last);
}

// @ts-ignore: decorator
@inline
function copyStep(to: usize, from: usize): void {
  const bytes = v128.load(from);
  const ends = i8x16.eq(bytes, i8x16.splat(LF));
  v128.store(to, v128.bitselect(i8x16.splat(SPACE), bytes, ends));
}
