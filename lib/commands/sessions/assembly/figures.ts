/** Times and numbers as texts, which begin with their length: each is written over the one before. */

const text: usize = memory.data(64, 16);
const ZERO: u32 = 0x30;
const MINUS: u8 = 0x2d;
const COLON: u8 = 0x3a;
const POINT: u8 = 0x2e;
const BLANK: u8 = 0x20;
const T: u8 = 0x54;
const UTC: u8 = 0x5a;

const DAY_SECONDS: u64 = 86_400;
const DATE_BYTES: usize = 10;
/** `YYYY-MM-DD` of a day; neighbouring times nearly always share it. */
const date: usize = memory.data(16, 16);
let dateDay: u64 = u64.MAX_VALUE;

let to: usize = 0;

// @ts-expect-error: decorator
@inline
export function beginText(): void {
  to = text + 4;
}

/** Gives the text. */
// @ts-expect-error: decorator
@inline
export function endText(): usize {
  store<u32>(text, <u32>(to - text - 4));
  return text;
}

// @ts-expect-error: decorator
@inline
export function letter(code: u8): void {
  store<u8>(to++, code);
}

// @ts-expect-error: decorator
@inline
export function twoDigits(number: u32): void {
  const tens = number / 10;
  store<u16>(to, <u16>((ZERO + tens) | ((ZERO + number - 10 * tens) << 8)));
  to += 2;
}

export function digits(number: u32): void {
  let count: usize = 1;
  for (let rest = number; rest >= 10; rest /= 10) count++;
  let rest = number;
  for (let at = to + count; at > to; rest /= 10) store<u8>(--at, <u8>(ZERO + (rest % 10)));
  to += count;
}

/** A fraction of so many digits without the zeros at its end, behind a point if anything is left of it. */
export function fraction(number: u32, count: usize): void {
  if (number == 0) return;
  store<u8>(to, POINT);
  let rest = number;
  for (let at = to + count; at > to; rest /= 10) store<u8>(at--, <u8>(ZERO + (rest % 10)));
  to += count + 1;
  while (<u32>load<u8>(to - 1) == ZERO) to--;
}

export function decimal(thousandths: u32): usize {
  beginText();
  digits(thousandths / 1000);
  fraction(thousandths % 1000, 3);
  return endText();
}

/** RFC 3339 to the microsecond. @param ms of the years 1970 to 9999 */
export function timestamp(ms: f64): usize {
  let seconds = floor(ms / 1000);
  const exact = ((ms - seconds * 1000) / 1000) * 1e6;
  let micros = floor(exact);
  if (exact - micros >= 0.5) micros += 1;
  if (micros == 1e6) {
    seconds += 1;
    micros = 0;
  }
  beginText();
  const ofDay = dateOf(<u64>seconds);
  letter(T);
  hoursAndMinutes(ofDay);
  letter(COLON);
  twoDigits(ofDay % 60);
  fraction(<u32>micros, 6);
  letter(UTC);
  return endText();
}

/** To the minute, as people write it. */
export function minute(ms: f64): usize {
  beginText();
  const ofDay = dateOf(<u64>floor(ms / 1000));
  letter(BLANK);
  hoursAndMinutes(ofDay);
  return endText();
}

function hoursAndMinutes(ofDay: u32): void {
  twoDigits(ofDay / 3600);
  letter(COLON);
  twoDigits((ofDay / 60) % 60);
}

/** Writes a date, and gives the seconds of its day. */
function dateOf(seconds: u64): u32 {
  const day = seconds / DAY_SECONDS;
  if (day != dateDay) makeDate(day);
  v128.store(to, v128.load(date));
  to += DATE_BYTES;
  return <u32>(seconds - day * DAY_SECONDS);
}

/** The proleptic Gregorian calendar: years counted from March, in eras of 400. */
function makeDate(day: u64): void {
  dateDay = day;
  const days = <u32>day + 719_468;
  const era = days / 146_097;
  const dayOfEra = days - era * 146_097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const fromMarch = (5 * dayOfYear + 2) / 153;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const before = to;
  to = date;
  twoDigits(year / 100);
  twoDigits(year % 100);
  letter(MINUS);
  twoDigits(month);
  letter(MINUS);
  twoDigits(dayOfYear - (153 * fromMarch + 2) / 5 + 1);
  to = before;
}
