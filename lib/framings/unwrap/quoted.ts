/** Records as quoted texts: JSON's, as `jq .log` writes them without -r, and cells of CSV, as consoles export logs. */

import { isUtf8 } from 'node:buffer';
import { QUOTE } from '../../text/json.ts';
import { isText, parsedOf } from './json-object.ts';
import { holdsRecord } from './shapes.ts';

export interface Quoted {
  readonly text: string;
  /** Where its quote stands in the line: what is before may say when it was written. */
  readonly start: number;
}

/** How an object begins within a cell of CSV, which writes two quotes for one. */
const cellBegins = Buffer.from('"{""');

/** The record that stands as a quoted text in the line; undefined if there is none. */
export function quotedRecord(line: Buffer): Quoted | undefined {
  const value = line[0] === QUOTE ? parsedOf(line.toString()) : undefined;
  const start = isText(value) ? 0 : line.indexOf(cellBegins);
  if (start < 0 || !isUtf8(line)) return undefined;
  const text = isText(value) ? value : cellAt(line, start);
  return text !== undefined && holdsRecord(text) ? { text, start } : undefined;
}

/** What the cell holds whose quote stands at `start`; undefined if nothing closes it, or something follows it. */
function cellAt(line: Buffer, start: number): string | undefined {
  let end = line.indexOf(QUOTE, start + 1);
  while (end >= 0 && line[end + 1] === QUOTE) end = line.indexOf(QUOTE, end + 2);
  const next = String.fromCharCode(line[end + 1] ?? 0x0a);
  if (end < 0 || !/[,;\s]/.test(next)) return undefined;
  return line.toString('utf8', start + 1, end).replaceAll('""', '"');
}
