import { type AnyValue, type KeyValue, numberValue, text as textValue } from './any-value.ts';

/** Nesting that collectors and backends can be expected to take; what lies deeper is sent as its JSON. */
const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const loneSurrogates = /\p{Surrogate}/gu;
const numberForm = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * The members of a JSON object as OTLP's values: in the order in which they are written, equal keys included, numbers
 * by their digits. JSON.parse keeps none of that: a session_id beyond 2^53 changes, 3.0 becomes 3, the first of two
 * `target`s is lost.
 * @param text a valid JSON object
 */
export function readMembers(text: string): KeyValue[] {
  return new ExactReader(text).object(1);
}

class ExactReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  object(depth: number): KeyValue[] {
    const members: KeyValue[] = [];
    this.skip('{');
    while (this.next() !== '}') {
      const key = this.string();
      this.skip(':');
      members.push({ key, value: this.value(depth) });
      if (this.next() === ',') this.at++;
    }
    this.at++;
    return members;
  }

  private array(depth: number): AnyValue[] {
    const values: AnyValue[] = [];
    this.skip('[');
    while (this.next() !== ']') {
      values.push(this.value(depth));
      if (this.next() === ',') this.at++;
    }
    this.at++;
    return values;
  }

  private value(depth: number): AnyValue {
    switch (this.next()) {
      case '"':
        return textValue(this.string());
      case '{':
        if (depth === MAX_DEPTH) return textValue(this.raw());
        return { kvlistValue: { values: this.object(depth + 1) } };
      case '[':
        if (depth === MAX_DEPTH) return textValue(this.raw());
        return { arrayValue: { values: this.array(depth + 1) } };
      case 't':
        this.at += 'true'.length;
        return { boolValue: true };
      case 'f':
        this.at += 'false'.length;
        return { boolValue: false };
      case 'n':
        this.at += 'null'.length;
        return {};
      default:
        return numberValue(this.number());
    }
  }

  private number(): string {
    numberForm.lastIndex = this.at;
    const [literal] = numberForm.exec(this.text) ?? this.broken();
    this.at += literal.length;
    return literal;
  }

  private string(): string {
    if (this.next() !== '"') this.broken();
    const start = this.at;
    const end = this.endOfString(start);
    this.at = end;
    const inner = this.text.slice(start + 1, end - 1);
    if (!inner.includes('\\')) return inner;
    // half of a pair, which an escape can write, is no text for UTF-8
    return (JSON.parse(this.text.slice(start, end)) as string).replace(loneSurrogates, '\uFFFD');
  }

  /** Behind the string whose opening quote stands at `start`. */
  private endOfString(start: number): number {
    for (let end = this.text.indexOf('"', start + 1); end >= 0; end = this.text.indexOf('"', end + 1)) {
      let escapes = 0;
      while (this.text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
      if (escapes % 2 === 0) return end + 1;
    }
    return this.broken();
  }

  /** An object or array as it is written. */
  private raw(): string {
    const start = this.at;
    for (let depth = 0; this.at < this.text.length; ) {
      const c = this.text[this.at]!;
      this.at = this.text.charCodeAt(this.at) === QUOTE ? this.endOfString(this.at) : this.at + 1;
      if (c === '{' || c === '[') depth++;
      else if ((c === '}' || c === ']') && --depth === 0) break;
    }
    return this.text.slice(start, this.at);
  }

  /** The next character that is not white space. */
  private next(): string {
    for (;;) {
      const c = this.text[this.at] ?? this.broken();
      if (c !== ' ' && c !== '\n' && c !== '\r' && c !== '\t') return c;
      this.at++;
    }
  }

  private skip(c: string): void {
    if (this.next() !== c) this.broken();
    this.at++;
  }

  /** Records were parsed before, so this is a mistake of ours and must not loop. */
  private broken(): never {
    throw new SyntaxError(`no JSON at character ${this.at} of a record`);
  }
}
