/**
 * YAML as programs print it, in block mappings with a key and a plain or quoted scalar on each line: some thirty times as
 * fast as by a reader of all of YAML, which reads whatever is anything else.
 */

/** A line: its indentation, its key, and what stands behind that. */
const member = /( *)(?:([A-Za-z_][\w.@/-]{0,199})|"([\w.@/-]{1,200})"|'([\w.@/-]{1,200})'):(| .*)\n/y;
const MOST_DEPTH = 20;
/** Of a document: what is not read here wherever it stands. */
const strange = /[^\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const single = /^'((?:[^']|'')*)'$/;
const double = /^"(?:[^"\\]|\\["\\/bfnrt])*"$/;
/** A plain scalar begins with none of these, and holds neither of the others: they are a comment, or another key. */
const indicator = /^[-?:,[\]{}#&*!|>'"%@`]|: | #|:$/;
const integer = /^-?(?:0|[1-9]\d*)$/;
const decimal = /^-?\d{1,15}\.\d{1,15}$/;
/** What may stand for a number otherwise; and words that stand for no text. */
const numeral = /^[-+]?(?:\.\d+|\d+\.?\d*)(?:e[-+]?\d+)?$|^0[xo][\da-f]+$|^[-+]?\.(?:inf|nan)$/i;
const literal = /^(?:~|null|true|false)$/i;

/** The document as JSON, or undefined where it may hold anything else. */
export function plainYamlToJson(text: string): string | undefined {
  if (strange.test(text)) return undefined;
  const begun = text.startsWith('---\n') ? 4 : 0;
  return new Reading(text.endsWith('\n') ? text : `${text}\n`, begun).document();
}

class Reading {
  private readonly text: string;
  private at: number;
  /** The line that was looked at and is not taken yet. */
  private indent = -1;
  private key = '';
  private value: string | undefined;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  document(): string | undefined {
    if (!this.next() || this.indent !== 0) return undefined;
    const json = this.mapping(0, 0);
    return json !== undefined && this.at === this.text.length && this.indent < 0 ? json : undefined;
  }

  /** Looks at the next line; at the end its indentation is -1. Gives false for a line that is no member. */
  private next(): boolean {
    const { text } = this;
    this.indent = -1;
    if (this.at === text.length) return true;
    member.lastIndex = this.at;
    const match = member.exec(text);
    if (match === null) return false;
    const [whole, indent, plain, doubled, singled, behind] = match;
    const value = behind!.trim();
    this.at += whole.length;
    this.indent = indent!.length;
    this.key = (plain ?? doubled ?? singled)!;
    this.value = value === '' ? undefined : value;
    return this.key !== '__proto__' && !(plain !== undefined && literal.test(plain));
  }

  /** The members from the line that was looked at on, all of one indentation. */
  private mapping(indent: number, depth: number): string | undefined {
    if (depth > MOST_DEPTH) return undefined;
    const keys = new Set<string>();
    let json = '';
    while (this.indent === indent) {
      const { key, value } = this;
      // of two, the later one stands in the place of the first
      if (keys.has(key) || /^\d/.test(key)) return undefined;
      keys.add(key);
      const scalar = value === undefined ? undefined : scalarToJson(value);
      if ((value !== undefined && scalar === undefined) || !this.next()) return undefined;
      const isDeeper = this.indent > indent;
      if (isDeeper && value !== undefined) return undefined;
      const inner = isDeeper ? this.mapping(this.indent, depth + 1) : (scalar ?? 'null');
      if (inner === undefined) return undefined;
      json += `${json === '' ? '' : ','}"${key}":${inner}`;
    }
    return this.indent > indent ? undefined : `{${json}}`;
  }
}

function scalarToJson(text: string): string | undefined {
  if (text[0] === "'") {
    const [, quoted] = single.exec(text) ?? [];
    return quoted === undefined ? undefined : JSON.stringify(quoted.replaceAll("''", "'"));
  }
  if (text[0] === '"') return double.test(text) ? JSON.stringify(JSON.parse(text)) : undefined;
  if (integer.test(text)) return text === '-0' ? '0' : text;
  if (text === 'true' || text === 'false' || text === 'null' || text === '{}' || text === '[]') return text;
  if (indicator.test(text) || literal.test(text)) return undefined;
  if (decimal.test(text)) return JSON.stringify(Number(text));
  return numeral.test(text) ? undefined : JSON.stringify(text);
}
