/**
 * Records as quoted texts, wherever they stand in a line: JSON's, as `jq .log` writes them without -r, logfmt, and what
 * writes `"message" => "..."`; cells of CSV, as consoles export logs; YAML's in single quotes.
 */

import { isUtf8 } from 'node:buffer';
import { BACKSLASH, QUOTE } from '../../text/json.ts';
import { isText, parsedOf } from './json-object.ts';
import { holdsRecord } from './shapes.ts';

export interface Quoted {
  readonly text: string;
  /** Where its quote stands in the line: what is before may say when it was written. */
  readonly start: number;
}

const APOSTROPHE = 0x27;
/** How a record begins behind a quote: as an object, whose quotes are doubled or escaped, or with a time or a colour. */
const begins = /"\{(?:""|\\")|["'](?: {2})?(?:\d{4}-\d\d-\d\dT\d\d:|\x1b\[2m|\\u001b\[2m)/gi;
const jsonBegins = /\{"(?:[^"\\]|\\.)*"\s*:/;
/** Quotes that are tried in one line. */
const MOST_TRIES = 16;

/**
 * The record that stands as a quoted text in the line; undefined if there is none.
 * @param limit before which it begins
 */
export function quotedRecord(line: Buffer, limit = line.length): Quoted | undefined {
  const whole = line[0] === QUOTE ? parsedOf(line.toString()) : undefined;
  if (isText(whole)) return isUtf8(line) && holdsRecord(whole) ? { text: whole, start: 0 } : undefined;
  const bytes = line.toString('latin1', 0, Math.min(line.length, limit));
  let tries = 0;
  for (const { index } of bytes.matchAll(begins)) {
    // what an object of JSON holds is a part of it, be it damaged
    if (++tries > MOST_TRIES || jsonBegins.test(bytes.slice(0, index)) || !isUtf8(line)) return undefined;
    const text = textAt(line, index);
    if (text !== undefined && holdsRecord(text)) return { text, start: index };
  }
  return undefined;
}

/** The text whose quote stands at `start`, by whichever rule closes it; undefined if none does. */
function textAt(line: Buffer, start: number): string | undefined {
  if (line[start] === APOSTROPHE) return cellAt(line, start, APOSTROPHE);
  const end = escapedEnd(line, start);
  const text = isBehindText(line, end) ? parsedOf(line.toString('utf8', start, end)) : undefined;
  return isText(text) ? text : cellAt(line, start, QUOTE);
}

/** Behind the quote that closes the one at `start` where quotes within are escaped. */
function escapedEnd(line: Buffer, start: number): number {
  let end = start + 1;
  while (end < line.length && line[end] !== QUOTE) end += line[end] === BACKSLASH ? 2 : 1;
  return end + 1;
}

/** What the cell holds whose quote stands at `start`, where quotes within are doubled. */
function cellAt(line: Buffer, start: number, quote: number): string | undefined {
  let end = line.indexOf(quote, start + 1);
  while (end >= 0 && line[end + 1] === quote) end = line.indexOf(quote, end + 2);
  if (end < 0 || !isBehindText(line, end + 1)) return undefined;
  const q = String.fromCharCode(quote);
  return line.toString('utf8', start + 1, end).replaceAll(q + q, q);
}

/** Whether a quoted text may end before `at`. */
function isBehindText(line: Buffer, at: number): boolean {
  return at >= line.length || /[,;\s\]})]/.test(String.fromCharCode(line[at]!));
}
