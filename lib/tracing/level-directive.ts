import { createRequire } from 'node:module';

/** How much a directive lets through: 0 is off, 1 is ERROR only, 5 is everything down to TRACE. */
export type Verbosity = 0 | 1 | 2 | 3 | 4 | 5;

/** What a span's field must be; undefined = it only has to be there. */
export type FieldTest = (value: unknown) => boolean;

export interface FieldMatch {
  readonly name: string;
  /** As written, undefined without `=`. */
  readonly pattern: string | undefined;
  readonly test: FieldTest | undefined;
}

/** One directive of `EnvFilter`: `target[span{field=value}]=level`, any part of which may be missing. */
export interface Directive {
  /** As written. */
  readonly text: string;
  readonly verbosity: Verbosity;
  readonly target: string | undefined;
  readonly span: string | undefined;
  readonly fields: readonly FieldMatch[];
}

/** Why a directive is none. */
export class DirectiveError extends Error {
  /** From 0, in the directive. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const words: readonly string[] = ['off', 'error', 'warn', 'info', 'debug', 'trace'];

/** A level by its name in any case, or by a number from 0 to 5. */
export function parseVerbosity(text: string): Verbosity | undefined {
  const named = words.indexOf(text.toLowerCase());
  const value = /^\+?\d+$/.test(text) ? Number(text) : named;
  return value >= 0 && value <= 5 ? (value as Verbosity) : undefined;
}

type State =
  | { readonly in: 'target'; readonly from: number }
  | { readonly in: 'span'; readonly from: number }
  | { readonly in: 'field'; readonly from: number }
  | { readonly in: 'level'; readonly from: number }
  | { readonly in: 'fields' | 'bracket-closed' };

/**
 * Reads one directive as tracing-subscriber does. It looks for the parts in the trimmed text, but cuts them out of the
 * untrimmed one; so white space in front spoils what follows, and files that work there keep working alike here.
 */
export function parseDirective(text: string): Directive {
  const trimmed = text.trim();
  let target: string | undefined;
  let span: string | undefined;
  let verbosity: Verbosity = 5;
  const fields: FieldMatch[] = [];
  let state: State | undefined;

  for (let i = 0; i < trimmed.length; ) {
    const c = String.fromCodePoint(trimmed.codePointAt(i)!);
    if (state === undefined) state = begin(c);
    else if (state.in === 'target' && (c === '=' || c === '[')) {
      target = text.slice(state.from, i);
      state = { in: c === '=' ? 'level' : 'span', from: i + 1 };
    } else if (state.in === 'span' && c === ']') {
      span = text.slice(state.from, i);
      state = { in: 'bracket-closed' };
    } else if (state.in === 'span' && c === '{') {
      span = text.slice(state.from, i) || undefined;
      state = { in: 'field', from: i + 1 };
    } else if (state.in === 'field' && c === '}') {
      fields.push(parseField(text.slice(state.from, i), state.from));
      state = { in: 'fields' };
    } else if (state.in === 'fields') {
      if (c !== ']') throw new DirectiveError('a ] must follow the }', i);
      state = { in: 'bracket-closed' };
    } else if (state.in === 'bracket-closed') {
      if (c !== '=') throw new DirectiveError('only =LEVEL may follow the ]', i);
      state = { in: 'level', from: i + 1 };
    }
    i += c.length;
  }

  if (state?.in === 'target') {
    const word = text.slice(state.from);
    const level = parseVerbosity(word);
    if (level === undefined) target = word;
    else verbosity = level;
  } else if (state?.in === 'level') {
    verbosity = readLevel(text.slice(state.from), state.from);
  } else if (state?.in !== 'bracket-closed') {
    throw new DirectiveError(state === undefined ? 'a directive is missing' : 'a ] is missing', text.length);
  }
  return { text, verbosity, target, span, fields };
}

function begin(c: string): State {
  if (c === '[') return { in: 'span', from: 1 };
  if (!/[-:_\p{Alphabetic}\p{N}]/u.test(c)) {
    throw new DirectiveError(`a directive cannot begin with ${JSON.stringify(c)}`, 0);
  }
  return { in: 'target', from: 0 };
}

function readLevel(text: string, at: number): Verbosity {
  const level = text === '' ? 5 : parseVerbosity(text);
  if (level === undefined) {
    throw new DirectiveError(`${JSON.stringify(text)} is not a level: ${words.join(', ')}, or 0 to 5`, at);
  }
  return level;
}

function parseField(text: string, at: number): FieldMatch {
  if (text === '') throw new DirectiveError('a field is missing between { and }', at);
  // What follows a second = is ignored there, too.
  const [name, pattern] = text.split('=') as [string, string | undefined];
  return {
    name,
    pattern,
    test: pattern === undefined ? undefined : fieldTest(pattern, at + name.length + 1),
  };
}

/** A value is compared by the type that the pattern looks like; anything else is an expression on texts. */
function fieldTest(pattern: string, at: number): FieldTest {
  if (pattern === 'true' || pattern === 'false') return (value) => value === (pattern === 'true');
  if (/^[+-]?\d+$/.test(pattern)) {
    const wanted = BigInt(pattern.replace('+', ''));
    return (value) =>
      typeof value === 'bigint'
        ? value === wanted
        : Number.isInteger(value) && BigInt(value as number) === wanted;
  }
  // JSON has no NaN: tracing writes null.
  if (/^[+-]?nan$/i.test(pattern)) return (value) => value === null || Number.isNaN(value);
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(pattern)) {
    const wanted = Number(pattern);
    return (value) => typeof value === 'number' && Math.abs(value - wanted) < Number.EPSILON;
  }
  return textTest(pattern, at);
}

/** The leftmost match must reach to the text's end; it may begin anywhere. */
function textTest(pattern: string, at: number): FieldTest {
  if (/\\[wWdDsSbBpP]|\(\?[a-z]*i/.test(pattern)) {
    throw new DirectiveError('(?i) and classes such as \\w are not known in a field’s expression', at);
  }
  // Loaded only here: hardly anyone filters by the fields of spans.
  const { RE2JS } = createRequire(import.meta.url)('re2js') as typeof import('re2js');
  try {
    const compiled = RE2JS.compile(pattern);
    return (value) => {
      if (typeof value !== 'string') return false;
      const matcher = compiled.matcher(value);
      return matcher.find() && matcher.end() === value.length;
    };
  } catch (error) {
    throw new DirectiveError((error as Error).message.replace('error parsing regexp: ', ''), at);
  }
}
