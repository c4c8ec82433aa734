/**
 * Points in time: RFC 3339 text to and from milliseconds since the epoch. A double holds today's dates to a quarter of
 * a microsecond, so microseconds come back exactly, and what lies below them is noise.
 */

/** The years 1 to 9999, which RFC 3339 and every sink can write: the first millisecond, and the one behind the last. */
export const FIRST_TIME = -62_135_596_800_000;
export const BEHIND_LAST_TIME = 253_402_300_800_000;

/** A point in time of the years 1 to 9999, in milliseconds since the epoch; NaN for any other number. */
export function boundedTime(ms: number): number {
  return ms >= FIRST_TIME && ms < BEHIND_LAST_TIME ? ms : Number.NaN;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Milliseconds around the epoch whose years have four digits. */
const LAST_TIME = 62_167_219_200_000;
/** Digits of `YYYY-MM-DDThh:mm`: what neighbouring records nearly always share. */
const PREFIX = 16;
/** Digits of a second's fraction that count; a double could not hold more. */
const FRACTION_DIGITS = 9;
const POWERS_OF_TEN = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

let lastPrefix = '';
let lastBase = Number.NaN;

/** Days since the epoch of a date of the proleptic Gregorian calendar (years counted from March, in eras of 400). */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Two digits as a number; NaN if one of them is none (or the text has ended). */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Milliseconds of `YYYY-MM-DDThh:mm` (also `t` or a space in the middle), NaN if it is no such date. */
function parsePrefix(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':') return Number.NaN;
  if (text[10] !== 'T' && text[10] !== 't' && text[10] !== ' ') return Number.NaN;
  // Written so that a NaN fails every comparison.
  if (!(month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59)) return Number.NaN;
  if (!(year >= 0 && day <= daysInMonth(year, month))) return Number.NaN;
  return daysSinceEpoch(year, month, day) * DAY + (hour * 60 + minute) * MINUTE;
}

/** The offset from UTC in milliseconds that ends the text at `at`, NaN if anything else stands there. */
function parseOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === 0x5a || sign === 0x7a) return text.length === at + 1 ? 0 : Number.NaN;
  if ((sign !== 0x2b && sign !== 0x2d) || text.length !== at + 6 || text[at + 3] !== ':') return Number.NaN;
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 4);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  const offset = (hours * 60 + minutes) * MINUTE;
  return sign === 0x2d ? -offset : offset;
}

function skipDigits(text: string, from: number): number {
  let at = from;
  for (let c = text.charCodeAt(at); c >= 0x30 && c <= 0x39; c = text.charCodeAt(at)) at++;
  return at;
}

/** Milliseconds of a second's fraction, whose digits stand from `from` to `end`. */
function parseFraction(text: string, from: number, end: number): number {
  let digits = 0;
  for (let at = from; at < end; at++) digits = digits * 10 + text.charCodeAt(at) - 48;
  // One division of two exact integers: correctly rounded, so equal times give equal bits.
  return (digits * 1000) / POWERS_OF_TEN[end - from]!;
}

/**
 * Milliseconds since the epoch of an RFC 3339 timestamp of the years 1 to 9999, NaN for anything else. The zone is required; `t`, `z` and a
 * space instead of `T` are taken, and ISO 8601's comma before the fraction. Digits of that beyond the ninth are read and
 * ignored. A leap second (`:60`), which the epoch does not count, is the one behind it.
 */
export function parseTimestamp(text: string): number {
  if (text.length < PREFIX + 4) return Number.NaN;
  if (!text.startsWith(lastPrefix) || lastPrefix === '') {
    const base = parsePrefix(text);
    if (Number.isNaN(base)) return base;
    lastPrefix = text.slice(0, PREFIX);
    lastBase = base;
  }
  const seconds = twoDigits(text, PREFIX + 1);
  if (text.charCodeAt(PREFIX) !== 0x3a || !(seconds <= 60)) return Number.NaN;

  let at = PREFIX + 3;
  let fraction = 0;
  const mark = text.charCodeAt(at);
  if (mark === 0x2e || mark === 0x2c) {
    const end = skipDigits(text, at + 1);
    if (end === at + 1) return Number.NaN;
    fraction = parseFraction(text, at + 1, Math.min(end, at + 1 + FRACTION_DIGITS));
    at = end;
  }
  // The fraction comes last: all before it is exact, so only one sum is rounded.
  return boundedTime(lastBase + seconds * 1000 - parseOffset(text, at) + fraction);
}

const SECONDS_PLACE = 'YYYY-MM-DDThh:mm:'.length;

/** Seconds since the epoch of a time without a fraction that Date.parse takes, or would but for a leap second; else NaN. */
export function parseSeconds(text: string): number {
  const end = SECONDS_PLACE + 2;
  if (text.slice(SECONDS_PLACE, end) !== '60') return Date.parse(text) / 1000;
  return Date.parse(`${text.slice(0, SECONDS_PLACE)}59${text.slice(end)}`) / 1000 + 1;
}

export interface TimeParts {
  readonly seconds: number;
  /** 0 to 999,999,999 */
  readonly nanos: number;
}

/**
 * Seconds and nanoseconds since the epoch. `digits` (0 to 9) of the second's fraction are kept, rounded; the default is
 * what a double can tell apart. Throws a RangeError for NaN and infinities.
 */
export function toParts(ms: number, digits = 6): TimeParts {
  if (!Number.isFinite(ms)) throw new RangeError(`not a point in time: ${ms}`);
  let seconds = Math.floor(ms / 1000);
  const scale = POWERS_OF_TEN[digits]!;
  let fraction = Math.round(((ms - seconds * 1000) / 1000) * scale);
  if (fraction === scale && (seconds + 1) * 1000 === BEHIND_LAST_TIME) {
    // not into a year that nobody can write
    fraction = scale - 1;
  } else if (fraction === scale) {
    seconds += 1;
    fraction = 0;
  }
  return { seconds, nanos: fraction * (1e9 / scale) };
}

const DAY_SECONDS = DAY / 1000;
export const DAY_MINUTES = DAY / MINUTE;
let lastDay = Number.NaN;
let lastDate = '';

/** `YYYY-MM-DD` of a day since the epoch; neighbouring times nearly always share it. */
export function dateText(day: number): string {
  if (day !== lastDay) {
    const iso = new Date(day * DAY).toISOString();
    if (iso.length !== 24) throw new RangeError(`beyond the years that RFC 3339 can write: ${iso}`);
    lastDate = iso.slice(0, 10);
    lastDay = day;
  }
  return lastDate;
}

/** `hh:mm` of so many seconds of a day. */
function minutesText(seconds: number): string {
  return `${twoDigitText(Math.floor(seconds / 3600))}:${twoDigitText(Math.floor(seconds / 60) % 60)}`;
}

const twoDigitTexts = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** @param number 0 to 99 */
function twoDigitText(number: number): string {
  return twoDigitTexts[number]!;
}

/** Letters of a time to the minute. */
export const MINUTE_LENGTH = 'YYYY-MM-DD hh:mm'.length;

/** The minute since the epoch that a time is in; NaN where there is none that people write so. */
export function minuteOf(ms: number): number {
  return Number.isFinite(ms) && Math.abs(ms) <= LAST_TIME
    ? Math.floor(Math.floor(ms / 1000) / 60)
    : Number.NaN;
}

/** A time to the minute, in UTC, as people write it: `2024-04-01 13:37`; '' where there is none. */
export function formatMinute(ms: number): string {
  const minute = minuteOf(ms);
  if (Number.isNaN(minute)) return '';
  const day = Math.floor(minute / DAY_MINUTES);
  return `${dateText(day)} ${minutesText(60 * (minute - DAY_MINUTES * day))}`;
}

/**
 * RFC 3339 in UTC with up to `digits` digits of the second's fraction, trailing zeros cut, as Go writes it:
 * `2024-04-01T13:37:00.5Z`. Throws a RangeError for what is no date of the years 0 to 9999.
 */
export function formatTimestamp(ms: number, digits = 6): string {
  const { seconds, nanos } = toParts(ms, digits);
  const day = Math.floor(seconds / DAY_SECONDS);
  const rest = seconds - day * DAY_SECONDS;
  const whole = `${dateText(day)}T${minutesText(rest)}:${twoDigitText(rest % 60)}`;
  return `${whole}${fractionText(nanos)}Z`;
}

const threeDigitTexts = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));
/** The same without the zeros at the end. */
const trimmedTexts = Array.from(threeDigitTexts, (_, number) => String(number / 1000).slice(2));

/** `.5`: nine digits of a second's fraction without the zeros at the end; '' for none. @param nanos 0 to 999,999,999 */
function fractionText(nanos: number): string {
  if (nanos === 0) return '';
  const millis = Math.floor(nanos / 1e6);
  const below = nanos - millis * 1e6;
  if (below === 0) return `.${trimmedTexts[millis]!}`;
  const micros = Math.floor(below / 1e3);
  const rest = below - micros * 1e3;
  if (rest === 0) return `.${threeDigitTexts[millis]!}${trimmedTexts[micros]!}`;
  return `.${threeDigitTexts[millis]!}${threeDigitTexts[micros]!}${trimmedTexts[rest]!}`;
}
