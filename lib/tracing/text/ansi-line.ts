import { COLON, QUOTE } from '../../text/json.ts';
import { EventWriter } from './event-writer.ts';
import { ESCAPE, inName, inTarget, isLevel, SPACE, timeEnd } from './line-bytes.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const DIM = bytesOf('\x1b[2m');
const ITALIC = bytesOf('\x1b[3m');
const RESET = bytesOf('\x1b[0m');
const BEHIND_TIME = bytesOf('\x1b[0m \x1b[');
const BEHIND_LEVEL = bytesOf('\x1b[0m ');
const BEHIND_TARGET = bytesOf('\x1b[0m\x1b[2m:\x1b[0m ');
const EQUALS = bytesOf('\x1b[2m=\x1b[0m');
/** Pieces of a name with dots. */
const MOST_PIECES = 16;

function behind(source: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let k = 0; k < bytes.length; k++) if (source[at + k] !== bytes[k]) return -1;
  return at + bytes.length;
}

/** A line of the full text layout in colour, without spans. */
export class AnsiLine extends EventWriter {
  /** Places of the line's head: behind its time, of its level. */
  private time = 0;
  private level = 0;

  begins(source: Uint8Array, start: number): boolean {
    return this.headEnd(source, start) >= 0;
  }

  protected event(): boolean {
    const { source, at: start, end } = this;
    const dim = this.headEnd(source, start);
    if (dim < 0) return false;
    const module = behind(source, dim, DIM);
    if (module < 0) return false;
    let moduleEnd = module;
    while (inTarget[source[moduleEnd]!] === 1 || source[moduleEnd] === COLON) moduleEnd++;
    const at = behind(source, moduleEnd, BEHIND_TARGET);
    if (at < 0 || at > end || this.isPlace(at)) return false;
    this.head(start + DIM.length, this.time, this.level);
    this.at = at;
    if (!this.fields()) return false;
    this.tail(module, moduleEnd);
    return true;
  }

  /** Behind time and level at `start`; -1 if they do not stand there. */
  private headEnd(source: Uint8Array, start: number): number {
    const time = behind(source, start, DIM);
    this.time = time < 0 ? -1 : timeEnd(source, time);
    let at = this.time < 0 ? -1 : behind(source, this.time, BEHIND_TIME);
    if (at < 0) return -1;
    const first = at;
    while (isParameter(source[at])) at++;
    if (at === first || source[at] !== 0x6d) return -1;
    this.level = at + 1;
    return isLevel(source, this.level) ? behind(source, this.level + 5, BEHIND_LEVEL) : -1;
  }

  private fields(): boolean {
    if (this.at >= this.end || this.source[this.at] !== ESCAPE) {
      this.openMessage();
      if (!this.text()) return false;
      this.closeQuote();
    }
    while (this.at < this.end) if (!this.mark() || !this.value()) return false;
    return true;
  }

  /** A field's name, in italics, and a dim `=`. */
  private mark(): boolean {
    const { source } = this;
    this.openName();
    for (let pieces = 0; pieces < MOST_PIECES; pieces++) {
      const start = behind(source, this.at, ITALIC);
      if (start < 0) return false;
      let end = start;
      while (inName[source[end]!] === 1) end++;
      this.at = behind(source, end, RESET);
      if (this.at < 0) return false;
      this.copy(start, end);
      const value = behind(source, this.at, EQUALS);
      if (value < 0) continue;
      this.closeName();
      this.at = value;
      return value <= this.end;
    }
    return false;
  }

  private value(): boolean {
    const { at: start, out } = this;
    if (start < this.end && this.source[start] === QUOTE) {
      if (!this.quoted()) return false;
      this.finished = this.at === this.end;
      return this.finished || this.behindBlank();
    }
    this.plain();
    const { at } = this;
    this.out = out;
    if (at === this.end) return this.scalar(start, at);
    if (this.behindBlank()) return this.scalar(start, at);
    this.at = start;
    this.closeQuote();
    if (!this.text()) return false;
    this.closeQuote();
    this.finished = false;
    return true;
  }

  /** Goes behind a blank, if a field follows. */
  private behindBlank(): boolean {
    const { source, at } = this;
    if (source[at] !== SPACE || source[at + 1] !== ESCAPE) return false;
    this.at = at + 1;
    return true;
  }

  /** A text up to the next field or the end. */
  private text(): boolean {
    while (this.at < this.end) {
      this.plain();
      if (this.at >= this.end || this.behindBlank()) return true;
      const c = this.source[this.at++]!;
      if (!this.letter(c)) return false;
    }
    return true;
  }
}

/** Of a colour. */
function isParameter(c: number | undefined): boolean {
  return c !== undefined && ((c >= 0x30 && c <= 0x39) || c === 0x3b);
}
