/** RFC 3339 to milliseconds since the epoch: to the last bit what lib/text/time.ts gives, which says why. */
import { COLON, COMMA, DOT, isDigit, MINUS, PLUS, SPACE, ZERO } from './ascii';
import { powerOfTen } from './numbers';

/** Bytes of `YYYY-MM-DDThh:mm`, which neighbouring records share. */
const PREFIX: usize = 16;
const SHORTEST: usize = 20;
const MINUTE: f64 = 60000;
const DAY: f64 = 86400000;

/** As in lib/text/time.ts, which a test of the two holds it to. */
const FIRST_TIME: f64 = -62135596800000;
const BEHIND_LAST_TIME: f64 = 253402300800000;

/** NaN for what is no time of the years 1 to 9999. */
export function boundedTime(ms: f64): f64 {
  return ms >= FIRST_TIME && ms < BEHIND_LAST_TIME ? ms : NaN;
}

let lastPrefix: v128 = i8x16.splat(-1);
let lastBase: f64 = NaN;

// @ts-ignore: decorator
@inline
function digitAt(p: usize): i32 {
  return <i32>load<u8>(p) - 0x30;
}

/** Two digits as a number; more than any field allows if one of them is none. */
// @ts-ignore: decorator
@inline
function twoDigits(p: usize): i32 {
  return isDigit(load<u8>(p)) && isDigit(load<u8>(p, 1)) ? digitAt(p) * 10 + digitAt(p + 1) : 1000;
}

function daysInMonth(year: i32, month: i32): i32 {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days since the epoch of a date of the proleptic Gregorian calendar. */
function daysSinceEpoch(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = (y >= 0 ? y : y - 399) / 400;
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

function parsePrefix(p: usize): f64 {
  const high = twoDigits(p);
  const low = twoDigits(p + 2);
  const month = twoDigits(p + 5);
  const day = twoDigits(p + 8);
  const hour = twoDigits(p + 11);
  const minute = twoDigits(p + 14);
  if (load<u8>(p, 4) != MINUS || load<u8>(p, 7) != MINUS || load<u8>(p, 13) != COLON) return NaN;
  const middle = <u32>load<u8>(p, 10);
  if ((middle | 0x20) != 0x74 && middle != SPACE) return NaN;
  if (high > 99 || low > 99 || month < 1 || month > 12 || hour > 23 || minute > 59) return NaN;
  const year = high * 100 + low;
  if (day < 1 || day > daysInMonth(year, month)) return NaN;
  return <f64>daysSinceEpoch(year, month, day) * DAY + <f64>(hour * 60 + minute) * MINUTE;
}

/** The offset from UTC that fills [p, end); NaN for anything else. */
function parseOffset(p: usize, end: usize): f64 {
  if (p >= end) return NaN;
  const sign = <u32>load<u8>(p);
  if ((sign | 0x20) == 0x7a) return end == p + 1 ? 0 : NaN;
  if ((sign != PLUS && sign != MINUS) || end != p + 6 || load<u8>(p, 3) != COLON) return NaN;
  const hours = twoDigits(p + 1);
  const minutes = twoDigits(p + 4);
  if (hours > 23 || minutes > 59) return NaN;
  const offset = <f64>(hours * 60 + minutes) * MINUTE;
  return sign == MINUS ? -offset : offset;
}

const ZEROS: u64 = 0x3030303030303030;
const NINES: u64 = 0x0f0f0f0f0f0f0f0f;

/** How many of eight characters, from the first on, are digits. */
// @ts-ignore: decorator
@inline
function digitCount(word: u64): i32 {
  const values = word ^ ZEROS;
  // a byte above 9 carries into its upper half, or is there already
  const strangers = ((values + 0x0606060606060606) | values) & 0xf0f0f0f0f0f0f0f0;
  return <i32>(ctz(strangers) >> 3);
}

/** The number that the first `count` of eight characters write: halves are joined three times, pairs first. */
// @ts-ignore: decorator
@inline
function leadingDigits(word: u64, count: i32): u64 {
  if (count == 0) return 0;
  let v = ((word ^ ZEROS) << (<u64>(8 - count) << 3)) & NINES;
  v = (v * 2561) >> 8;
  v = ((v & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return ((v & 0x0000ffff0000ffff) * 42949672960001) >> 32;
}

/** NaN for what is no timestamp. */
export function parseTimestamp(start: usize, length: usize): f64 {
  if (length < SHORTEST) return NaN;
  const prefix = v128.load(start);
  if (v128.any_true(v128.xor(prefix, lastPrefix))) {
    const base = parsePrefix(start);
    if (isNaN(base)) return base;
    lastPrefix = prefix;
    lastBase = base;
  }
  const end = start + length;
  const seconds = twoDigits(start + PREFIX + 1);
  if (load<u8>(start, PREFIX) != COLON || seconds > 60) return NaN;
  let p = start + PREFIX + 3;
  let fraction: f64 = 0;
  const mark = <u32>load<u8>(p);
  if (mark == DOT || mark == COMMA) {
    const first = ++p;
    const word = load<u64>(p);
    let count = digitCount(word);
    let digits = leadingDigits(word, count);
    p += <usize>count;
    if (count == 8) {
      if (isDigit(load<u8>(p))) {
        digits = digits * 10 + <u64>(<u32>load<u8>(p) - ZERO);
        count = 9;
      }
      while (isDigit(load<u8>(p))) p++;
    }
    // digits that stand behind the string, which no timestamp does, make it end beyond `end`
    if (p == first) return NaN;
    // one division of two exact integers
    fraction = <f64>(digits * 1000) / powerOfTen(count);
  }
  return boundedTime(lastBase + <f64>(seconds * 1000) - parseOffset(p, end) + fraction);
}
