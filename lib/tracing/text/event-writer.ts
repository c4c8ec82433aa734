/**
 * Bytes of a line of a text layout to bytes of the JSON of the same event, in one pass: what is common to its layouts.
 * Every method reads on from `at`, writes on from `out`, and says whether it could: what is not quite simple (rare
 * escapes, wide integers, control characters) is left to the reader of texts (text-to-json.ts), which gives the same.
 */
import { BACKSLASH, COLON, COMMA, QUOTE } from '../../text/json.ts';
import { isPlain, numberEnd, SPACE } from './line-bytes.ts';

/** What is written takes at most so many bytes for one that is read, and so many in all beside. */
const GROWTH = 3;
const AROUND = 160;

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const TIMESTAMP = bytesOf('{"timestamp":"');
const LEVEL = bytesOf('","level":"');
const FIELDS = bytesOf('","fields":{');
const MESSAGE = bytesOf('"message":"');
const TARGET = bytesOf('},"target":"');
const END = bytesOf('"}');
const NULL = bytesOf('null');
/** Values that are no text, and their JSON: each begins with another letter. */
const literals: readonly (readonly [text: Uint8Array, json: Uint8Array])[] = [
  [bytesOf('true'), bytesOf('true')],
  [bytesOf('false'), bytesOf('false')],
  [bytesOf('NaN'), NULL],
  [bytesOf('inf'), NULL],
  [bytesOf('-inf'), NULL],
];

/** Letters behind a backslash of Rust's that JSON has as well; `'` JSON has not to escape. */
const sameEscapes: ReadonlySet<number> = new Set(Buffer.from('"\\ntr', 'latin1'));
const APOSTROPHE = 0x27;
/** Integers of fewer digits fit 64 bits for sure. */
const SURE_DIGITS = 18;

/** Room that the JSON of a line takes at most. */
export function roomFor(line: number): number {
  return GROWTH * line + AROUND;
}

export abstract class EventWriter {
  protected source: Uint8Array = new Uint8Array(0);
  protected at = 0;
  protected end = 0;
  protected target: Uint8Array = this.source;
  protected out = 0;
  private members = 0;
  /** Of what was written last: whether nothing can go on with it, its last value being whole. */
  finished = false;

  /**
   * Writes the event of the line from `start` to `end`, valid UTF-8 without its line end, to `target` from `out` on,
   * where there is roomFor() it. Gives the place behind it; -1 if the line is none of the layout, or not a simple one.
   */
  write(source: Uint8Array, start: number, end: number, target: Uint8Array, out: number): number {
    this.source = source;
    this.at = start;
    this.end = end;
    this.target = target;
    this.out = out;
    this.members = 0;
    this.finished = false;
    return this.event() ? this.out : -1;
  }

  protected abstract event(): boolean;

  /** Whether a record of the layout begins at `start`. */
  abstract begins(source: Uint8Array, start: number): boolean;

  /** Writes time and level, which stand at these places. */
  protected head(time: number, timeEnd: number, level: number): void {
    this.put(TIMESTAMP);
    this.copy(time, timeEnd);
    this.put(LEVEL);
    this.copy(this.source[level] === SPACE ? level + 1 : level, level + 5);
    this.put(FIELDS);
  }

  /** Begins the message's text. */
  protected openMessage(): void {
    this.members = 1;
    this.put(MESSAGE);
  }

  protected openName(): void {
    if (this.members++ > 0) this.target[this.out++] = COMMA;
    this.target[this.out++] = QUOTE;
  }

  protected closeName(): void {
    this.target[this.out++] = QUOTE;
    this.target[this.out++] = COLON;
  }

  protected closeQuote(): void {
    this.target[this.out++] = QUOTE;
  }

  protected tail(module: number, moduleEnd: number): void {
    this.put(TARGET);
    this.copy(module, moduleEnd);
    this.put(END);
  }

  private put(bytes: Uint8Array): void {
    const { target } = this;
    let { out } = this;
    for (let k = 0; k < bytes.length; k++) target[out++] = bytes[k]!;
    this.out = out;
  }

  protected copy(start: number, end: number): void {
    const { source, target } = this;
    let { out } = this;
    for (let k = start; k < end; k++) target[out++] = source[k]!;
    this.out = out;
  }

  /** A text in quotes as Rust's `{:?}` writes it, from its opening quote to behind the closing one. */
  protected quoted(): boolean {
    const { source, target, end } = this;
    let { out } = this;
    let i = this.at;
    target[out++] = QUOTE;
    for (i++; i < end; ) {
      let c = source[i++]!;
      if (c === QUOTE) {
        target[out++] = QUOTE;
        this.at = i;
        this.out = out;
        return true;
      }
      if (c < SPACE) return false;
      if (c === BACKSLASH) {
        c = source[i++]!;
        if (sameEscapes.has(c)) target[out++] = BACKSLASH;
        else if (c !== APOSTROPHE) return false;
      }
      target[out++] = c;
    }
    return false;
  }

  /** One byte of a text of JSON. */
  protected letter(c: number): boolean {
    if (c < SPACE) return false;
    if (c === QUOTE || c === BACKSLASH) this.target[this.out++] = BACKSLASH;
    this.target[this.out++] = c;
    return true;
  }

  /** Bytes of a text of JSON up to one that may mean something. */
  protected plain(): void {
    const { source, target, end } = this;
    let { at, out } = this;
    for (; at < end && isPlain[source[at]!] === 1; at++) target[out++] = source[at]!;
    this.at = at;
    this.out = out;
  }

  /** A place of the source that the layout was told to show seems to stand at `start`. */
  protected isPlace(start: number): boolean {
    const { source, end } = this;
    let i = start;
    while (i < end && source[i]! > SPACE && source[i] !== COLON) i++;
    return (
      i < end &&
      source[i] === COLON &&
      source[i - 1] === 0x73 &&
      source[i - 2] === 0x72 &&
      source[i - 3] === 0x2e
    );
  }

  /** A value without quotes, brackets and blanks, from `start` to `end`: as the JSON layout types it. */
  protected scalar(start: number, end: number): boolean {
    const { source } = this;
    const first = start < end ? source[start]! : 0;
    this.finished = false;
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) {
      this.finished = endsBySelf(source, start, end);
      if (numberEnd(source, start, end) === end) {
        this.copy(start, end);
        return end - start <= SURE_DIGITS || !isInteger(source, start, end);
      }
    }
    const literal = literalOf(source, start, end);
    if (literal !== undefined) {
      this.put(literal);
      this.finished = literal !== NULL;
      return true;
    }
    this.closeQuote();
    this.copy(start, end);
    this.closeQuote();
    return true;
  }
}

function literalOf(source: Uint8Array, start: number, end: number): Uint8Array | undefined {
  if (end - start > 5) return undefined;
  for (const [text, json] of literals) if (matches(source, start, end, text)) return json;
  return undefined;
}

function isInteger(source: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (source[i] === 0x2e || source[i] === 0x65) return false;
  return true;
}

function matches(source: Uint8Array, start: number, end: number, bytes: Uint8Array): boolean {
  if (end - start !== bytes.length) return false;
  for (let k = 0; k < bytes.length; k++) if (source[start + k] !== bytes[k]) return false;
  return true;
}

/** As text-fields.ts has it: `-?\d[\d.e-]*`. */
function endsBySelf(source: Uint8Array, start: number, end: number): boolean {
  let i = source[start] === 0x2d ? start + 1 : start;
  if (i >= end || source[i]! < 0x30 || source[i]! > 0x39) return false;
  for (i++; i < end; i++) {
    const c = source[i]!;
    if ((c < 0x30 || c > 0x39) && c !== 0x2e && c !== 0x65 && c !== 0x2d) return false;
  }
  return true;
}
