/**
 * A record of tracing's JSON layout, nested or flattened, as its full text layout writes the same event:
 * `2024-04-01T13:37:00.123456Z  INFO span{k=v}: module: message k=v k2="quoted"`. Values keep their digits. Every string
 * is quoted, also what a Debug or Display value was: JSON does not tell them apart.
 */
import { elements, members, OPEN_BRACE, QUOTE, type Span, stringAt } from '../../text/json.ts';
import { writeDebugString } from './rust-debug.ts';

interface Member {
  readonly name: string;
  readonly value: Span;
}

/** What would steer a terminal, as tracing-subscriber writes it in messages; line feeds and tabs are left alone. */
const steering = /[\x07\b\f\x1b\x7f-\x9f]/g;

/** What tracing keeps of a record of the log crate, and leaves out of its text layouts. */
const ofLogCrate = new Set(['log.target', 'log.module_path', 'log.file', 'log.line']);

/** @param record valid JSON, an object */
export function recordToText(record: Buffer): string {
  const reader = new RecordReader(record);
  const { timestamp, level, module, message, fields, spans } = reader.event();
  const head = [timestamp, level?.padStart(5)].filter((part) => part !== undefined);
  const scope = spans.length === 0 ? '' : `${spans.join(':')}:`;
  const parts = [...head, scope, module === undefined ? '' : `${module}:`].filter((part) => part !== '');
  if (message !== undefined) parts.push(message);
  return [...parts, ...fields].join(' ');
}

class RecordReader {
  private readonly record: Buffer;

  constructor(record: Buffer) {
    this.record = record;
  }

  event() {
    const top = this.members({ start: 0, end: this.record.length });
    const nested = top.findLast(({ name }) => name === 'fields');
    const isNested = nested !== undefined && this.record[nested.value.start] === OPEN_BRACE;
    // With flattened events the record's own time and level come first, and the module's target last.
    const timestamp = top.find(({ name }) => name === 'timestamp');
    const level = top.find(({ name }) => name === 'level');
    const module = top.findLast(({ name }) => name === 'target');
    const spans = top.findLast(({ name }) => name === 'spans');
    const span = top.findLast(({ name }) => name === 'span');
    const own = new Set([timestamp, level, module, spans, span, isNested ? nested : undefined]);
    const others = top.filter((member) => !own.has(member));
    const fields = isNested ? [...this.members(nested.value), ...others] : others;
    const message = fields.find(({ name }) => name === 'message');
    return {
      timestamp: timestamp && this.plain(timestamp.value),
      level: level && this.plain(level.value),
      module: module && this.plain(module.value),
      message: message && this.plain(message.value).replace(steering, escaped),
      fields: fields
        .filter((field) => field !== message && !ofLogCrate.has(field.name))
        .map((field) => this.field(field)),
      spans: this.spans(spans, span),
    };
  }

  private spans(spans: Member | undefined, span: Member | undefined): string[] {
    const found = spans === undefined ? [] : elements(this.record, spans.value.start, spans.value.end);
    if (found.length === 0 && span !== undefined) found.push(span.value);
    return found.filter(({ start }) => this.record[start] === OPEN_BRACE).map((value) => this.span(value));
  }

  private span(value: Span): string {
    const all = this.members(value);
    const name = all.findLast((member) => member.name === 'name');
    const fields = all.filter((member) => member !== name).map((field) => this.field(field));
    return `${name === undefined ? '' : this.plain(name.value)}${fields.length === 0 ? '' : `{${fields.join(' ')}}`}`;
  }

  private members({ start, end }: Span): Member[] {
    return members(this.record, start, end).map(({ key, value }) => ({
      name: stringAt(this.record, key),
      value,
    }));
  }

  private field({ name, value }: Member): string {
    const text = this.text(value);
    return `${name}=${this.record[value.start] === QUOTE ? writeDebugString(JSON.parse(text) as string) : text}`;
  }

  private plain(value: Span): string {
    const text = this.text(value);
    return this.record[value.start] === QUOTE ? (JSON.parse(text) as string) : text;
  }

  private text({ start, end }: Span): string {
    return this.record.toString('utf8', start, end);
  }
}

function escaped(c: string): string {
  const code = c.charCodeAt(0);
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
