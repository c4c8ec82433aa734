import { readLocation } from './location.ts';
import type { TextEvent, TextSpan } from './text-event.ts';
import { equalsStyle, readFields, type TextField } from './text-fields.ts';

/** A path of Rust modules, or nothing. */
const target = /([^\s:{}"]*(?:::[^\s:{}"]+)*): ?/y;
const spanName = /[^{}:"=\n]+/y;
/** A target that can hardly be anything else, behind spans that cannot be read. */
const lateTarget = /: ([A-Za-z_]\w*(?:::\w+)+): /;

/** The full or the compact layout behind time and level, without ANSI. */
export function readPlain(body: string): TextEvent {
  const chain = readSpans(body);
  const at = chain?.end ?? 0;
  target.lastIndex = at;
  const module = target.exec(body);
  if (module === null) return readOdd(body);
  const place = readLocation(body, target.lastIndex);
  const { message, fields, finished } = readFields(body.slice(place.end), equalsStyle);
  const spans = chain?.spans ?? [];
  const split = spans.every((span) => span.fields.length === 0)
    ? withoutSpanFields(spans, fields)
    : { spans, fields };
  return { message, ...split, target: module[1], file: place.file, line: place.line, finished };
}

interface Chain {
  readonly spans: TextSpan[];
  readonly end: number;
}

/**
 * `name{k=v}:name2: ` at the beginning. A single name without fields could as well be the target and the next word the
 * beginning of the message: it is a span only if a path of modules follows.
 */
function readSpans(body: string): Chain | undefined {
  const spans: TextSpan[] = [];
  let at = 0;
  for (;;) {
    spanName.lastIndex = at;
    const name = spanName.exec(body)?.[0];
    if (name === undefined) return undefined;
    at += name.length;
    if (body[at] === '{') {
      const end = bracesEnd(body, at);
      if (end < 0) return undefined;
      spans.push({ name, fields: readFields(body.slice(at + 1, end), equalsStyle).fields });
      at = end + 1;
    } else {
      spans.push({ name, fields: [] });
    }
    if (body[at] !== ':') return undefined;
    if (body[++at] === ' ') break;
  }
  const sure = spans.length > 1 || spans[0]!.fields.length > 0;
  target.lastIndex = ++at;
  const next = target.exec(body);
  return next !== null && (sure || next[1]!.includes('::')) ? { spans, end: at } : undefined;
}

/** The closing brace of a span's fields: the first that a colon follows and whose quotes inside are closed. */
function bracesEnd(body: string, open: number): number {
  let quoted = false;
  for (let at = open + 1; at < body.length; at++) {
    const c = body[at];
    if (c === '\\') at++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === '}' && body[at + 1] === ':') return at;
  }
  return -1;
}

/**
 * In the compact layout the fields of spans follow the event's: from a name that comes again on, they are no longer the
 * event's own.
 */
function withoutSpanFields(
  spans: readonly TextSpan[],
  fields: readonly TextField[],
): Pick<TextEvent, 'spans' | 'fields'> {
  const innermost = spans.at(-1);
  const seen = new Set<string>();
  const repeated = fields.findIndex(([name]) => seen.size === seen.add(name).size);
  if (innermost === undefined || repeated < 0) return { spans, fields };
  const others = [...innermost.fields, ...fields.slice(repeated)];
  return {
    spans: [...spans.slice(0, -1), { ...innermost, fields: others }],
    fields: fields.slice(0, repeated),
  };
}

/** Spans whose names hold braces or quotes: all that stands before a sure target is taken for one of them. */
function readOdd(body: string): TextEvent {
  const found = lateTarget.exec(body);
  if (found === null) return { ...readFields(body, equalsStyle), target: undefined, spans: [] };
  const rest = readFields(body.slice(found.index + found[0].length), equalsStyle);
  return { ...rest, target: found[1], spans: [readOddSpan(body.slice(0, found.index))] };
}

function readOddSpan(text: string): TextSpan {
  const open = text.lastIndexOf('{');
  if (open <= 0 || !text.endsWith('}')) return { name: text, fields: [] };
  return { name: text.slice(0, open), fields: readFields(text.slice(open + 1, -1), equalsStyle).fields };
}
