/**
 * Wrappings that look like one before. Whoever wraps lines writes the same keys in the same order, and most of their
 * values again and again: once a line has been taken for a wrapping by its parsed object (shapes.ts), others like it
 * need not be parsed, only the text that they hold.
 */
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  members,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  stringAt,
} from '../../text/json.ts';
import { isText, type JsonObject } from './json-object.ts';
import { StringReader } from './json-string.ts';
import { objectOf } from './merge-fields.ts';
import { DOCKER_PART, type Shape } from './shapes.ts';

/** What says when, first of all that which a shape prefers. */
const timeKeys = [
  '@timestamp',
  'timestamp',
  'time',
  'date',
  'ts',
  '_time',
  'datetime',
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  'timeUnixNano',
  'observedTimeUnixNano',
  'receiveTimestamp',
];
/** What differs from line to line, and says nothing of how a line is wrapped or where it comes from. */
const otherKeys = [
  '__CURSOR',
  '__MONOTONIC_TIMESTAMP',
  '_SOURCE_BOOTTIME_TIMESTAMP',
  '__SEQNUM',
  'eventId',
  'ingestionTime',
  'insertId',
  '_id',
  'offset',
  'lastrow',
];
const freeKeys: ReadonlySet<string> = new Set([...timeKeys, ...otherKeys]);

type Role = 'text' | 'time' | 'free' | 'same';

interface KnownMember {
  /** With its quotes. */
  readonly key: Uint8Array;
  readonly role: Role;
  /** It stays a field of the record. */
  readonly stays: boolean;
  /** As it stood, of what must be the same; of what is free only how it begins. */
  readonly value: Uint8Array;
}

/** What a line holds that is wrapped in the known way. */
export interface Held {
  readonly content: Buffer;
  /** Anything that stands for a time. */
  readonly time: unknown;
  /** Members that stay fields of the record: a JSON object. */
  readonly outer: Buffer | undefined;
}

class KnownShape {
  /** Its text and time are those of the line that it was learnt from. */
  readonly shape: Shape;
  private readonly known: readonly KnownMember[];
  private readonly endsLine: boolean;

  private constructor(shape: Shape, known: readonly KnownMember[], endsLine: boolean) {
    this.shape = shape;
    this.known = known;
    this.endsLine = endsLine;
  }

  /** undefined if others like it may be anything. */
  static of(line: Buffer, object: JsonObject, shape: Shape): KnownShape | undefined {
    const { inner, more, time, isGuess } = shape;
    if (!('text' in inner) || more === true || isGuess === true) return undefined;
    const all = members(line);
    if (all.length !== Object.keys(object).length) return undefined;
    const names = all.map(({ key }) => stringAt(line, key));
    const texts = names.filter((name) => object[name] === inner.text);
    const timeKey = timeKeys.find((name) => Object.hasOwn(object, name) && object[name] === time);
    if (texts.length !== 1 || (time !== undefined && timeKey === undefined)) return undefined;
    const known = all.map(({ key, value }, k): KnownMember => {
      const name = names[k]!;
      const isScalar = isText(object[name]) || typeof object[name] === 'number';
      const role: Role =
        name === texts[0]
          ? 'text'
          : name === timeKey && time !== undefined
            ? 'time'
            : freeKeys.has(name) && isScalar
              ? 'free'
              : 'same';
      return {
        key: Buffer.from(line.subarray(key.start, key.end)),
        role,
        stays: shape.dropped?.includes(name) === false,
        value: Buffer.from(line.subarray(value.start, value.end)),
      };
    });
    return new KnownShape(shape, known, inner.text.endsWith('\n'));
  }

  /** undefined if the line is not wrapped like that. */
  read(line: Buffer, strings: StringReader): Held | undefined {
    let content: Buffer | undefined;
    let time: unknown;
    const outer: Buffer[] | undefined = this.shape.dropped && [];
    let at = skipSpace(line, 1, line.length);
    for (let k = 0; k < this.known.length; k++) {
      const { key, role, value, stays } = this.known[k]!;
      const start = at;
      at = behindKey(line, at, key);
      if (at < 0) return undefined;
      if (role === 'text') {
        content = strings.read(line, at);
        if (content === undefined) return undefined;
        at = strings.end;
      } else if (role === 'same') {
        if (!startsWith(line, at, value)) return undefined;
        at += value.length;
      } else {
        const end = scalarEnd(line, at, value[0] === QUOTE);
        if (end < 0) return undefined;
        if (role === 'time')
          time =
            value[0] === QUOTE
              ? line.toString('latin1', at + 1, end - 1)
              : Number(line.toString('latin1', at, end));
        at = end;
      }
      if (stays) outer?.push(line.subarray(start, at));
      at = skipSpace(line, at, line.length);
      if (line[at] !== (k + 1 < this.known.length ? COMMA : CLOSE_BRACE)) return undefined;
      at = skipSpace(line, at + 1, line.length);
    }
    if (at < line.length || content === undefined || (content.at(-1) === 0x0a) !== this.endsLine)
      return undefined;
    return { content, time, outer: outer && objectOf(outer) };
  }
}

/** Shapes that are kept: streams of several containers may alternate. */
const MOST_KNOWN = 4;
const FEW_MISSES = 64;

/** The shapes that lines had lately. */
export class KnownShapes {
  private readonly shapes: KnownShape[] = [];
  /** Lines since one last had a known shape. */
  private misses = 0;
  private readonly strings = new StringReader();

  read(line: Buffer): { readonly shape: Shape; readonly held: Held } | undefined {
    for (const known of this.shapes) {
      const held = known.read(line, this.strings);
      // texts of the size that Docker cuts at may go on
      if (held === undefined || held.content.length === DOCKER_PART) continue;
      this.misses = 0;
      return { shape: known.shape, held };
    }
    this.misses++;
    return undefined;
  }

  /** What `["TIME", "LINE"]` holds, as Loki's streams hold their lines; undefined for anything else. */
  lokiEntry(entry: Buffer): Held | undefined {
    const { length } = entry;
    if (entry[0] !== OPEN_BRACKET) return undefined;
    const time = skipSpace(entry, 1, length);
    const timeEnd = scalarEnd(entry, time, true);
    if (timeEnd < 0 || !isFigure(entry, time + 1, timeEnd - 1)) return undefined;
    const comma = skipSpace(entry, timeEnd, length);
    if (entry[comma] !== COMMA) return undefined;
    const content = this.strings.read(entry, skipSpace(entry, comma + 1, length));
    if (content === undefined) return undefined;
    const bracket = skipSpace(entry, this.strings.end, length);
    if (entry[bracket] !== CLOSE_BRACKET || bracket + 1 !== length) return undefined;
    return { content, time: entry.toString('latin1', time + 1, timeEnd - 1), outer: undefined };
  }

  learn(line: Buffer, object: JsonObject, shape: Shape): void {
    // where every line is different, learning is vain
    if (this.misses > FEW_MISSES && this.misses % FEW_MISSES !== 0) return;
    const known = KnownShape.of(line, object, shape);
    if (known !== undefined && this.shapes.unshift(known) > MOST_KNOWN) this.shapes.pop();
  }
}

/** Behind the key at `at` and its colon; -1 if another one stands there. */
function behindKey(line: Uint8Array, at: number, key: Uint8Array): number {
  if (!startsWith(line, at, key)) return -1;
  const colon = skipSpace(line, at + key.length, line.length);
  return line[colon] === COLON ? skipSpace(line, colon + 1, line.length) : -1;
}

function startsWith(line: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let k = 0; k < bytes.length; k++) if (line[at + k] !== bytes[k]) return false;
  return true;
}

/** Behind the plain text or number at `at`: ASCII without escapes, or digits; -1 for any other value. */
function scalarEnd(line: Uint8Array, at: number, isString: boolean): number {
  let i = at;
  if (!isString) {
    while (line[i]! >= 0x30 && line[i]! <= 0x39) i++;
    return i > at && (line[at] !== 0x30 || i === at + 1) ? i : -1;
  }
  if (line[i] !== QUOTE) return -1;
  for (i++; line[i] !== QUOTE; i++) {
    const c = line[i];
    if (c === undefined || c < 0x20 || c > 0x7e || c === BACKSLASH) return -1;
  }
  return i + 1;
}

function isFigure(line: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (line[i]! < 0x30 || line[i]! > 0x39) return false;
  return end > start;
}
