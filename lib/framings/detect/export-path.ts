/** Where the records of an export are, from how it begins: `hits.hits`, `data.result.values`, `events`. */

import type { Path } from '../../batch/wants.ts';
import { asBuffer } from '../../text/bytes.ts';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../../text/json.ts';
import { containers } from '../unwrap/documents.ts';

/** An object that has one of these before any container is a record, or wraps one. */
const recordKeys: ReadonlySet<string> = new Set([
  'timestamp',
  'level',
  'fields',
  'namespace',
  'event_type',
  'metric',
  'log',
  'message',
  'line',
  'MESSAGE',
  'pod',
  'podName',
  'textPayload',
  'jsonPayload',
]);

/**
 * The path to the records of the document that `head` begins with; undefined if it holds none by its keys, or is a
 * record itself. Looks at what there is of it.
 */
export function detectRecords(head: Uint8Array): Path | undefined {
  const bytes = asBuffer(head);
  const start = bytes.indexOf(OPEN_BRACE);
  return start < 0 ? undefined : new Head(bytes).within(start);
}

/** Reads the beginning of a document, which may break off anywhere. */
class Head {
  private readonly bytes: Buffer;
  /** Behind what was read last. */
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The path to an array of entries in the object whose brace stands at `open`. */
  within(open: number): string[] | undefined {
    this.at = open + 1;
    for (;;) {
      const key = this.key();
      if (key === undefined || recordKeys.has(key)) return undefined;
      const value = this.at;
      if (containers.has(key)) {
        const inner = this.inContainer(value);
        if (inner !== undefined) return [key, ...inner];
      }
      this.at = this.behind(value);
    }
  }

  private inContainer(value: number): string[] | undefined {
    if (this.bytes[value] === OPEN_BRACE) return this.within(value);
    if (this.bytes[value] !== OPEN_BRACKET) return undefined;
    const first = this.skipSpace(value + 1);
    if (this.bytes[first] === OPEN_BRACE) return this.within(first) ?? [];
    return this.bytes[first] === OPEN_BRACKET ? [] : undefined;
  }

  /** The next key of an object, its value being next; undefined at the object's end. */
  private key(): string | undefined {
    let at = this.skipSpace(this.at);
    if (this.bytes[at] === 0x2c) at = this.skipSpace(at + 1);
    if (this.bytes[at] !== QUOTE) return undefined;
    const end = this.stringEnd(at);
    const colon = this.skipSpace(end);
    if (this.bytes[colon] !== COLON) return undefined;
    this.at = this.skipSpace(colon + 1);
    return this.bytes.toString('utf8', at + 1, end - 1);
  }

  private skipSpace(from: number): number {
    let at = from;
    while (at < this.bytes.length && this.bytes[at]! <= 0x20) at++;
    return at;
  }

  private stringEnd(from: number): number {
    let at = from + 1;
    while (at < this.bytes.length && this.bytes[at] !== QUOTE) at += this.bytes[at] === BACKSLASH ? 2 : 1;
    return at + 1;
  }

  /** Behind the value at `from`. */
  private behind(from: number): number {
    let depth = 0;
    for (let at = from; at < this.bytes.length; at++) {
      const c = this.bytes[at]!;
      if (c === QUOTE) at = this.stringEnd(at) - 1;
      else if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++;
      else if ((c === CLOSE_BRACE || c === CLOSE_BRACKET) && --depth < 0) return at;
      if (depth === 0 && this.bytes[this.skipSpace(at + 1)] === 0x2c) return at + 1;
    }
    return this.bytes.length;
  }
}
