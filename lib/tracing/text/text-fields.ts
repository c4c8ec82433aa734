/**
 * A message and the fields behind it, as a text layout writes them on: `message k=v k2="x y"`, or in the pretty layout
 * `message, k: v, k2: "x y"`. Only quoted texts say where they end. Any other value ends where the next field seems to
 * begin, outside of its own quotes and brackets.
 */
import { debugStringEnd } from './rust-debug.ts';

/** A field's name, and its value as it stands there. */
export type TextField = readonly [name: string, value: string];

export interface MessageAndFields {
  /** undefined if the text begins with a field, and no message follows behind a quoted value. */
  message: string | undefined;
  readonly fields: TextField[];
  /** Whether the text ends with a value that nothing can go on with: a quoted text, a number, a boolean. */
  finished?: boolean;
}

const endsBySelf = /^(?:-?\d[\d.e-]*|true|false)$/;

/** Whether a value at the end of a line is whole. */
export function isFinished(value: string): boolean {
  return endsBySelf.test(value) || (value.startsWith('"') && debugStringEnd(value, 0) === value.length);
}

export interface Style {
  readonly separator: string;
  /** Sticky: a name and what parts it from its value. */
  readonly name: RegExp;
  /** Whether a text that begins like a field is one even where its value is not quoted, a number or a boolean. */
  readonly opensWithField: boolean;
}

export const equalsStyle: Style = {
  separator: ' ',
  name: /([A-Za-z_][\w.$-]*)=/y,
  opensWithField: true,
};

/** Many messages begin like `error: `. */
export const prettyStyle: Style = {
  separator: ', ',
  name: /([A-Za-z_][\w.$-]*): /y,
  opensWithField: false,
};

const typed = /(?:-?\d[\d.e-]*|true|false)(?=, |$)/y;

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}

export function readFields(text: string, style: Style): MessageAndFields {
  const search = new BoundarySearch(text, style);
  const found: MessageAndFields = { message: undefined, fields: [] };
  let at = 0;
  if (!search.opens()) {
    const end = search.from(0);
    found.message = text.slice(0, end);
    at = end + style.separator.length;
  }
  while (at < text.length) {
    const [match, name] = matchAt(style.name, text, at)!;
    const start = at + match.length;
    const quoted = search.quotedEnd(start);
    const end = quoted < 0 ? search.from(start) : quoted;
    found.fields.push([name!, text.slice(start, end)]);
    at = end + style.separator.length;
    found.finished = end === text.length && isFinished(text.slice(start, end));
    if (quoted < 0 || at >= text.length || matchAt(style.name, text, at) !== null) continue;
    // Behind a quoted value stands no field: a message that is not the first of its event's fields.
    const messageEnd = search.from(at);
    found.finished = false;
    found.message ??= text.slice(at, messageEnd);
    at = messageEnd + style.separator.length;
  }
  return found;
}

const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);
const charLiteral = /'(?:\\(?:u\{[0-9a-f]+\}|.)|[^'\\])'/uy;

/** Finds the separators that stand before a field. */
class BoundarySearch {
  private readonly text: string;
  private readonly style: Style;
  /** Steps that may be spent on looking into brackets, so that no text takes more than its length allows. */
  private budget: number;
  /** Behind a quote that nothing closes, quotes are letters like others. */
  private quotesEnd: number;

  constructor(text: string, style: Style) {
    this.text = text;
    this.style = style;
    this.budget = 4 * text.length;
    this.quotesEnd = text.length;
  }

  /** Whether the text begins with a field, not with a message. */
  opens(): boolean {
    const { text, style } = this;
    const match = matchAt(style.name, text, 0);
    if (match === null || style.opensWithField) return match !== null;
    return matchAt(typed, text, match[0].length) !== null || this.quotedEnd(match[0].length) >= 0;
  }

  /** Where a quoted value that begins at `start` ends, if a separator or the text's end follows; else -1. */
  quotedEnd(start: number): number {
    const end = this.closing(start);
    if (end < 0 || end === this.text.length) return end;
    return this.text.startsWith(this.style.separator, end) ? end : -1;
  }

  /** Behind the quoted text that begins at `at`; -1 if none begins there, or it does not end. */
  private closing(at: number): number {
    if (this.text[at] !== '"' || at >= this.quotesEnd) return -1;
    const end = debugStringEnd(this.text, at);
    if (end < 0) this.quotesEnd = at;
    return end;
  }

  /** The first such separator at or behind `start`, or the text's end. */
  from(start: number): number {
    return this.outsideBrackets(start) ?? this.anywhere(start);
  }

  private outsideBrackets(start: number): number | undefined {
    const { text } = this;
    let depth = 0;
    let at = start;
    while (at < text.length) {
      const c = text[at]!;
      let next = at + 1;
      if (depth === 0 && this.isBoundary(at)) return this.spent(at, at - start);
      if (c === '"') next = Math.max(next, this.closing(at));
      else if (c === "'" && matchAt(charLiteral, text, at) !== null) next = charLiteral.lastIndex;
      else if (OPENING.has(c)) depth++;
      else if (CLOSING.has(c)) depth = Math.max(0, depth - 1);
      at = next;
      if (at - start > this.budget) break;
    }
    return this.spent(depth === 0 && at >= text.length ? text.length : undefined, at - start);
  }

  private spent<T>(result: T, steps: number): T {
    this.budget -= steps;
    return result;
  }

  private anywhere(start: number): number {
    const { text, style } = this;
    for (let at = text.indexOf(style.separator, start); at >= 0; at = text.indexOf(style.separator, at + 1)) {
      if (this.isBoundary(at)) return at;
    }
    return text.length;
  }

  private isBoundary(at: number): boolean {
    const { text, style } = this;
    return (
      text.startsWith(style.separator, at) && matchAt(style.name, text, at + style.separator.length) !== null
    );
  }
}
