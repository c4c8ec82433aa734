import { BACKSLASH, COLON, QUOTE } from '../../text/json.ts';
import { EventWriter } from './event-writer.ts';
import { inTarget, nameEnd, plainTimeEnd, SPACE } from './line-bytes.ts';

const APOSTROPHE = 0x27;
const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
/** In place of where the next field has its `=`: there is none, or the line is not simple. */
const NONE = -1;
const BROKEN = -2;

/** A line of the full text layout without ANSI and without spans, or of the compact one. */
export class FullLine extends EventWriter {
  begins(source: Uint8Array, start: number): boolean {
    return plainTimeEnd(source, start) >= 0;
  }

  protected event(): boolean {
    const { source, at: start, end } = this;
    const time = plainTimeEnd(source, start);
    if (time < 0 || time + 7 > end) return false;
    const module = time + 7;
    const moduleEnd = this.module(module);
    if (moduleEnd < 0) return false;
    this.head(start, time, time + 1);
    this.at = moduleEnd + 2;
    if (!this.fields()) return false;
    this.tail(module, moduleEnd);
    return true;
  }

  /** The colon behind the target, which nothing else may be; -1 if that is not sure. */
  private module(start: number): number {
    const { source, end } = this;
    let isPath = false;
    let i = start;
    for (;;) {
      const first = i;
      while (i < end && inTarget[source[i]!] === 1) i++;
      if (i === first || i + 1 >= end || source[i] !== COLON) return -1;
      if (source[i + 1] !== COLON) break;
      isPath = true;
      i += 2;
    }
    if (source[i + 1] !== SPACE) return -1;
    // a path behind it makes a span of the name
    return this.isPlace(i + 2) || (!isPath && this.isPath(i + 2)) ? -1 : i;
  }

  private isPath(start: number): boolean {
    const { source, end } = this;
    let i = start;
    while (i < end && source[i]! > SPACE && source[i] !== COLON) i++;
    return i < end && source[i] === COLON && source[i + 1] === COLON;
  }

  private fields(): boolean {
    const { source, end } = this;
    let equals = nameEnd(source, this.at, end);
    if (equals < 0) {
      this.openMessage();
      equals = this.text();
      this.closeQuote();
      if (equals === BROKEN) return false;
    }
    while (equals >= 0) {
      this.openName();
      this.copy(this.at, equals);
      this.closeName();
      this.at = equals + 1;
      equals = source[this.at] === QUOTE && this.at < end ? this.quotedValue() : this.value();
    }
    return equals !== BROKEN;
  }

  /** Gives the next field's `=`, as all that follow. */
  private quotedValue(): number {
    if (!this.quoted()) return BROKEN;
    if (this.at === this.end) {
      this.finished = true;
      return NONE;
    }
    if (this.source[this.at++] !== SPACE) return BROKEN;
    const equals = nameEnd(this.source, this.at, this.end);
    // a message stands behind it
    return equals < 0 ? BROKEN : equals;
  }

  private value(): number {
    const { source, end, at: start, out } = this;
    this.plain();
    const { at } = this;
    const equals = at < end && source[at] === SPACE ? nameEnd(source, at + 1, end) : NONE;
    this.out = out;
    if (at === end || equals >= 0) {
      if (!this.scalar(start, at)) return BROKEN;
      this.at = at + 1;
      return equals;
    }
    this.at = start;
    this.closeQuote();
    const next = this.text();
    this.closeQuote();
    this.finished = false;
    return next;
  }

  /** A text up to where a field begins outside of its quotes and brackets, or the end. */
  private text(): number {
    const { source, end } = this;
    let depth = 0;
    for (;;) {
      this.plain();
      const { at } = this;
      if (at >= end) return depth === 0 ? NONE : BROKEN;
      const c = source[at]!;
      if (c === SPACE) {
        const equals = depth === 0 ? nameEnd(source, at + 1, end) : NONE;
        this.at = at + 1;
        if (equals >= 0) return equals;
        this.letter(c);
      } else if (c === QUOTE) {
        if (!this.quotedWithin()) return BROKEN;
      } else if (c === APOSTROPHE) {
        if (!this.apostrophe()) return BROKEN;
      } else {
        if (c === 0x7b || c === 0x5b || c === OPEN_PARENTHESIS) depth++;
        else if (c === 0x7d || c === 0x5d || c === CLOSE_PARENTHESIS) depth = Math.max(0, depth - 1);
        this.at = at + 1;
        if (c < SPACE || !this.letter(c)) return BROKEN;
      }
    }
  }

  /** A quoted text within another one. */
  private quotedWithin(): boolean {
    const { source, end } = this;
    this.letter(source[this.at++]!);
    while (this.at < end) {
      const c = source[this.at++]!;
      if (!this.letter(c)) return false;
      if (c === QUOTE) return true;
      if (c === BACKSLASH && (this.at >= end || !this.letter(source[this.at++]!))) return false;
    }
    return false;
  }

  /** A character in quotes of its own, which may be a bracket, or an apostrophe. */
  private apostrophe(): boolean {
    const { source, end } = this;
    const at = this.at++;
    this.letter(APOSTROPHE);
    const c = source[at + 1]!;
    if (at + 1 >= end) return true;
    if (c === BACKSLASH || c >= 0x80) return false;
    if (c === APOSTROPHE || at + 2 >= end || source[at + 2] !== APOSTROPHE) return true;
    this.at = at + 3;
    return this.letter(c) && this.letter(APOSTROPHE);
  }
}
