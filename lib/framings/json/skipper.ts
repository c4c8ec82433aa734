/**
 * Passes over an array or object whose bracket was read, in any pieces, as fast as bytes can be looked at. Only the order
 * of its parts is checked: whoever reads the value finds what else may be wrong with it.
 */
import { LF } from '../../text/bytes.ts';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../../text/json.ts';

/** Bytes that do not stand for themselves in a string, or in none at all. */
const meansSomething = new Uint8Array(256);
for (const c of [QUOTE, BACKSLASH, LF]) meansSomething[c] = 1;

/** What may come next. */
type Expecting = 'key' | 'key or end' | 'colon' | 'value' | 'value or end' | 'comma or end';

export class Skipper {
  /** Closing brackets of what is open. */
  private readonly open: number[] = [];
  private expecting: Expecting = 'value';
  private inString = false;
  private inScalar = false;
  private escaped = false;
  /** Set when the value cannot be JSON: where `feed` found that. */
  fault = false;

  get active(): boolean {
    return this.open.length > 0;
  }

  begin(bracket: number): void {
    this.open.length = 0;
    this.inString = false;
    this.inScalar = false;
    this.escaped = false;
    this.fault = false;
    this.enter(bracket);
  }

  /**
   * Reads on from `from`. Gives the place behind the closing bracket, which ends it; the place of what is wrong, with
   * `fault` set; or the end of the bytes.
   */
  feed(bytes: Buffer, from: number): number {
    let at = from;
    while (at < bytes.length) {
      if (this.inString) {
        at = this.string(bytes, at);
        if (this.fault) return at;
        continue;
      }
      const c = bytes[at]!;
      if (this.inScalar) {
        if (!endsScalar(c)) {
          at++;
          continue;
        }
        this.inScalar = false;
      }
      if (!this.step(c)) {
        this.fault = true;
        this.open.length = 0;
        return at;
      }
      at++;
      if (this.open.length === 0) return at;
    }
    return at;
  }

  private string(bytes: Buffer, from: number): number {
    let at = from;
    if (this.escaped) {
      this.escaped = false;
      at++;
    }
    const { length } = bytes;
    for (; at < length; at++) {
      // nearly all bytes: one look each
      while (at < length && meansSomething[bytes[at]!] === 0) at++;
      const c = bytes[at];
      if (c === QUOTE) {
        this.inString = false;
        return at + 1;
      }
      if (c === BACKSLASH) {
        if (++at === length) this.escaped = true;
      } else if (c === LF) {
        this.fault = true;
        this.open.length = 0;
        return at;
      }
    }
    return length;
  }

  /** Gives false for what cannot stand there. */
  private step(c: number): boolean {
    const { expecting } = this;
    switch (c) {
      case 0x20:
      case 0x09:
      case 0x0d:
      case LF:
        return true;
      case QUOTE:
        this.inString = true;
        if (expecting === 'key' || expecting === 'key or end') this.expecting = 'colon';
        else return this.value();
        return true;
      case COLON:
        this.expecting = 'value';
        return expecting === 'colon';
      case COMMA:
        this.expecting = this.open[this.open.length - 1] === CLOSE_BRACE ? 'key' : 'value';
        return expecting === 'comma or end';
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (!this.value()) return false;
        this.enter(c);
        return true;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.expecting = 'comma or end';
        return expecting.endsWith('or end') && this.open.pop() === c;
      default:
        this.inScalar = true;
        return this.value();
    }
  }

  private value(): boolean {
    const { expecting } = this;
    this.expecting = 'comma or end';
    return expecting === 'value' || expecting === 'value or end';
  }

  private enter(bracket: number): void {
    this.open.push(bracket === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET);
    this.expecting = bracket === OPEN_BRACE ? 'key or end' : 'value or end';
  }
}

function endsScalar(c: number): boolean {
  return c === COMMA || c === COLON || c === CLOSE_BRACE || c === CLOSE_BRACKET || c <= 0x20 || c === QUOTE;
}
