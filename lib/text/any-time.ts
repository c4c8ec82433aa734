/** Times as wrappings of log lines write them: RFC 3339 and what is near to it, and figures since the epoch. */
import { numberOfText } from './number.ts';
import { parseTimestamp } from './time.ts';

const MINUTE = 60_000;
/** The first instant behind the year 9999. */
const END = 253_402_300_800_000;

const written =
  /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9})\d*)?(?: ?(Z|UTC|[+-]\d\d:?\d\d)(?![\d:]))?/;
/** Half of the day, or a zone by a name whose offset is not known: without it the time would be another one. */
const unknownZone =
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)? ?(?:(?:UTC|GMT)[+-]|(?!(?:Z|UTC|GMT)\b)\[?[A-Z])/i;
const figures = /^\d{9,19}(?:\.\d+)?$/;
/** As `journalctl -o short-unix` begins a line, Fluent Bit a record of its `stdout`, and AWS' texts their columns. */
const leadingFigures = /(?:^|[[\t])([12]\d{9}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9}))(?=[ \t,])/;
/** As web servers, and fluentd's parsers of their logs, write it. */
const ofServer = /(?<!\d)(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d):?(\d\d)/;
/** As mail and HTTP do (RFC 1123). */
const ofMail = /(?<!\d)(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC|([+-]\d\d):?(\d\d))/;
/** ISO 8601 to the minute. */
const toTheMinute = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/;

/** Times of syslog and of `stern --timestamps=short`, which leave out the year. */
const ofSyslog =
  /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)/;
const ofStern = /(?<![\d-])(\d\d)-(\d\d) (\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** A clock may run ahead, and a zone that is not told may be east of here. */
const DAY = 1440 * MINUTE;
/** Between two days like 29 February. */
const MOST_YEARS = 8;

/** Milliseconds since the epoch of seconds, milliseconds, microseconds or nanoseconds: their size tells which. */
function timeOfFigure(value: number): number {
  if (!(value >= 1e8)) return Number.NaN;
  if (value < 1e11) return value * 1000;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}

/** The first date and time of day that stands in a text; without a zone it is UTC's. NaN if there is none. */
export function timeWithin(text: string): number {
  const match = written.exec(text);
  if (match === null) {
    const leading = leadingFigures.exec(text)?.[1];
    return leading === undefined ? timeOfServer(text) : timeOfFigure(Number(leading));
  }
  const [, date, time, fraction, zone = 'Z'] = match;
  const offset = zone === 'UTC' ? 'Z' : zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  return bounded(parseTimestamp(`${date}T${time}${fraction === undefined ? '' : `.${fraction}`}${offset}`));
}

function timeOfServer(text: string): number {
  const match = ofServer.exec(text) ?? ofMail.exec(text);
  if (match === null) return Number.NaN;
  const [, day = '', name = '', year, time, hours = '+00', minutes = '00'] = match;
  const month = String(months.indexOf(name) + 1).padStart(2, '0');
  return bounded(parseTimestamp(`${year}-${month}-${day.padStart(2, '0')}T${time}${hours}:${minutes}`));
}

/**
 * The first date and time of day without a year that stands in a text, in UTC, in the latest year in which it is no more
 * than a day ahead. NaN if there is none.
 * @param now milliseconds since the epoch
 */
export function timeWithoutYear(text: string, now: number): number {
  const parts = ofSyslog.exec(text) ?? ofStern.exec(text);
  if (parts === null) return Number.NaN;
  const [, month = '', day = '', time = ''] = parts;
  const named = months.indexOf(month);
  const date = `${named < 0 ? month : String(named + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
  const latest = new Date(now + DAY).getUTCFullYear();
  for (let year = latest; year > latest - MOST_YEARS; year--) {
    const found = parseTimestamp(`${year}-${date}T${time.replace(',', '.')}Z`);
    if (found <= now + DAY) return found;
  }
  return Number.NaN;
}

/** Milliseconds since the epoch of any value that stands for a time; NaN for anything else. */
export function timeOfAny(value: unknown): number {
  if (typeof value === 'number') return bounded(timeOfFigure(value));
  if (typeof value === 'object' && value !== null)
    return timeOfMongo(value as Readonly<Record<string, unknown>>);
  if (typeof value !== 'string') return Number.NaN;
  if (unknownZone.test(value)) return Number.NaN;
  if (figures.test(value)) return bounded(timeOfFigure(Number(value)));
  const minute = toTheMinute.exec(value);
  return minute === null ? timeWithin(value) : bounded(parseTimestamp(`${minute[1]}:00${minute[2]}`));
}

/** Extended JSON, as mongoexport writes it: a text, or milliseconds. */
function timeOfMongo({ $date }: Readonly<Record<string, unknown>>): number {
  if (typeof $date === 'string') return timeOfAny($date);
  if (typeof $date === 'number') return bounded($date);
  if (typeof $date !== 'object' || $date === null) return Number.NaN;
  const { $numberLong } = $date as Readonly<Record<string, unknown>>;
  return typeof $numberLong === 'string' ? bounded(numberOfText($numberLong)) : Number.NaN;
}

/** Years 1 to 9999, as far as a zone can move them. */
function bounded(time: number): number {
  return Math.abs(time) < END - 1440 * MINUTE ? time : Number.NaN;
}
