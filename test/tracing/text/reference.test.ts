/**
 * Seven logs of the same 748 events, written by the real tracing-subscriber: from each of them come the same events.
 * What a layout does not carry is listed below, with its reason and how many events it concerns.
 */
import t from 'tap';
import { type Batch, ValueType } from '../../../lib/batch/batch.ts';
import { Wants } from '../../../lib/batch/wants.ts';
import { detectFraming, openFramer } from '../../../lib/framings/index.ts';
import { ReferenceParser } from '../../../lib/parse/objects/objects-parser.ts';
import { Vocabulary } from '../../../lib/parse/objects/vocabulary.ts';
import { parseTimestamp } from '../../../lib/text/time.ts';
import { logField } from '../../../lib/tracing/record-fields.ts';
import { readDebugString } from '../../../lib/tracing/text/rust-debug.ts';
import {
  events,
  type LayoutName,
  layouts,
  logOf,
  offsets,
  shown,
  type TruthEvent,
  type TruthField,
} from './events.ts';

const json: readonly LayoutName[] = ['json', 'json_flatten', 'json_no_spans'];
const plain: readonly LayoutName[] = ['full', 'compact', 'pretty'];
const texts: readonly LayoutName[] = ['full_ansi', ...plain];

type Part = 'fields' | 'target' | 'spans';

interface Loss {
  readonly layouts: readonly LayoutName[];
  readonly reason: string;
  /** What of these events is not compared. */
  readonly parts: readonly Part[];
  readonly count: number;
  readonly concerns: (event: TruthEvent) => boolean;
}

const textOf = (event: TruthEvent, name: string): string | undefined => {
  const field = event.fields.find((field) => field.name === name);
  return field && shown(field);
};
const message = (event: TruthEvent): string => textOf(event, 'message') ?? '';
const unquoted = (event: TruthEvent): string[] =>
  event.fields.filter(({ type, name }) => type === 'debug' && name !== 'message').map(shown);
/** What looks like a field, outside of quotes. */
const holdsField = (text: string): boolean =>
  !/^["[{(]/.test(text) && !/^\w+ ?[{(]/.test(text) && / [a-z_]+=/.test(text);

const losses: readonly Loss[] = [
  {
    layouts: ['full', 'compact'],
    reason: 'a message, or a value that is not quoted, holds what looks like a field',
    parts: ['fields'],
    count: 11,
    concerns: (event) => / [a-z_]+=/.test(message(event)) || unquoted(event).some((text) => holdsField(text)),
  },
  {
    layouts: ['pretty'],
    reason: 'the same; here a field looks like `, name: `',
    parts: ['fields'],
    count: 10,
    concerns: (event) => /, [a-z_]+: /.test(message(event)),
  },
  {
    layouts: texts,
    reason: 'the message is not the first field: it cannot be told from the value before it',
    parts: ['fields'],
    count: 6,
    concerns: ({ fields }) => fields.findIndex(({ name }) => name === 'message') > 0,
  },
  {
    layouts: plain,
    reason: 'a field whose name has a space',
    parts: ['fields'],
    count: 5,
    concerns: ({ fields }) => fields.some(({ name }) => name.includes(' ')),
  },
  {
    layouts: plain,
    reason: 'a target that is no path of modules: it cannot be told from the message',
    parts: ['fields', 'target'],
    count: 6,
    concerns: ({ target }) => / /.test(target),
  },
  {
    layouts: ['compact'],
    reason:
      "spans' fields stand behind the event's, and nothing says where they begin or which span's they are",
    parts: ['fields', 'spans'],
    count: 48,
    concerns: ({ spans }) => spans.some(({ fields }) => fields.length > 0),
  },
  {
    layouts: ['compact'],
    reason: 'a span whose name holds colons and braces, which hides the target',
    parts: ['fields', 'target', 'spans'],
    count: 5,
    concerns: ({ spans }) => spans.some(({ name }) => /[:{]/.test(name)),
  },
  {
    layouts: ['full'],
    reason: 'a span whose name holds colons and braces',
    parts: ['spans'],
    count: 5,
    concerns: ({ spans }) => spans.some(({ name }) => /[:{]/.test(name)),
  },
  {
    layouts: ['json_no_spans'],
    reason: 'this layout was told to leave spans out',
    parts: ['spans'],
    count: 59,
    concerns: ({ spans, entered }) => spans.length + entered.length > 0,
  },
  {
    layouts: ['compact', 'pretty'],
    reason: 'of an event that was given no parent these show the spans that the thread was in',
    parts: ['spans'],
    count: 5,
    concerns: ({ spans, entered }) => spans.length === 0 && entered.length > 0,
  },
];

function lost(layout: LayoutName, event: TruthEvent, part: Part): boolean {
  return losses.some(
    (loss) => loss.layouts.includes(layout) && loss.parts.includes(part) && loss.concerns(event),
  );
}

/** Fields that a layout has no place for, or hides behind the record's own keys. */
function missing(layout: LayoutName, { name }: TruthField): boolean {
  if (texts.includes(layout)) return name.startsWith('log.');
  return layout === 'json_flatten' && ['level', 'timestamp', 'span', 'spans', 'fields'].includes(name);
}

interface Row {
  readonly batch: Batch;
  readonly row: number;
  readonly offset: number;
}

/** Every record of a log, in its order, in batches that are kept. */
function rowsOf(layout: LayoutName, wants: Wants, framing: string): Row[] {
  const input = { name: layout, framing: '' };
  const framer = openFramer(detectFraming(logOf(layout), true)!, {
    input,
    limits: { maxRecordBytes: 1 << 20 },
    sourceId: 'test',
  });
  const origins: number[] = [];
  const spy = (frames: ReturnType<typeof framer.push>) =>
    [...frames].map((found) => {
      for (let k = 0; k < found.count; k++)
        origins.push(found.origin?.offset[k] ?? found.base + found.offset[k]!);
      return found;
    });
  const parser = new ReferenceParser({
    input,
    framer: { push: (chunk) => spy(framer.push(chunk)), end: () => spy(framer.end()) },
    vocabulary: new Vocabulary(wants),
    limits: { maxDepth: 1000 },
  });
  const batches = [...parser.push(logOf(layout)), ...parser.end()];
  t.equal(input.framing, framing, `${layout} is detected`);
  t.same(
    batches.flatMap((batch) => batch.rejected.map(({ offset, reason }) => [offset, reason])),
    [],
    `nothing of ${layout} is rejected`,
  );
  return batches
    .flatMap((batch) => Array.from({ length: batch.rows }, (_, row) => ({ batch, row })))
    .map((found, k) => ({ ...found, offset: origins[k]! }));
}

const controls = /[\x07\b\f\x1b\x7f-\x9f]/g;
const escaped = (text: string): string =>
  text.replace(controls, (c) => {
    const hex = c.charCodeAt(0).toString(16);
    return c < '\x80' ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
  });

/** What is wrong with a value that was read, undefined if nothing: digits count, and types where the layout shows them. */
function wrong(
  layout: LayoutName,
  field: TruthField,
  type: number,
  text: string | undefined,
): string | undefined {
  const isText = texts.includes(layout);
  let expected: string | undefined = shown(field);
  if (isText && field.name === 'message') expected = escaped(expected);
  else if (isText && field.type === 'debug' && /^".*"$/s.test(expected)) expected = readDebugString(expected);
  if (['NaN', 'inf', '-inf'].includes(expected) && (field.type === 'f64' || isText)) expected = undefined;
  if (field.type === 'f64' && expected !== undefined) {
    return Number(text) === Number(expected) && type === ValueType.number
      ? undefined
      : `${text} for ${expected}`;
  }
  if (text !== expected) return `${JSON.stringify(text)} for ${JSON.stringify(expected)}`;
  const number = field.type === 'u64' || field.type === 'i64';
  // A text layout shows a number alike, whoever wrote it; a message is always text there.
  if (field.type === 'debug' || (isText && field.name === 'message')) return undefined;
  if (number !== (type === ValueType.number)) return `type ${type} for ${field.type}`;
  return undefined;
}

type Spans = readonly Readonly<Record<string, unknown>>[];

/** JSON.parse has cut the numbers of spans to doubles; the record's own fields show that digits are kept. */
function* spanProblems(layout: LayoutName, event: TruthEvent, record: Readonly<Record<string, unknown>>) {
  const isText = texts.includes(layout);
  // Flattened, a field may have this name.
  const spans = (Array.isArray(record.spans) ? record.spans : []) as Spans;
  const expected = isText ? event.spans.map(({ name }) => name) : event.entered;
  if (String(spans.map(({ name }) => name)) !== String(expected)) yield `spans ${JSON.stringify(spans)}`;
  const own = event.spans.at(-1);
  const span = record.span as Spans[number] | undefined;
  if (own !== undefined && span?.name !== own.name) yield `span ${span?.name}`;
  if (!isText) return;
  for (const [place, { fields }] of event.spans.entries()) {
    // A span's own name hides a field of that name.
    for (const field of new Map(fields.map((each) => [each.name, each])).values()) {
      const value = spans[place]?.[field.name];
      if (typeof value === 'number' || field.name === 'name') continue;
      const type = typeof value === 'boolean' ? (value ? ValueType.true : ValueType.false) : ValueType.string;
      const problem = wrong(layout, field, type, value === null ? undefined : String(value));
      if (problem !== undefined) yield `span field ${field.name}: ${problem}`;
    }
  }
}

const names = [...new Set(events.flatMap(({ fields }) => fields.map(({ name }) => name)))];

for (const layout of layouts) {
  t.test(layout, async (t) => {
    const isText = texts.includes(layout);
    const wants = new Wants();
    const module = logField(wants, 'module');
    const columnFields = new Map(
      names.map((name) => {
        if (layout !== 'json_flatten') return [name, wants.field(name, [['fields', name]])];
        return [name, name === 'target' ? logField(wants, name) : wants.field(name, [[name]])];
      }),
    );
    const rows = rowsOf(layout, wants, isText ? 'tracing' : 'ndjson');
    t.equal(rows.length, events.length);
    const problems: string[] = [];
    const levels: string[] = ['', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];
    for (const [k, { batch, row, offset }] of rows.entries()) {
      const event = events[k]!;
      const note = (text: string) => problems.push(`event ${k}: ${text}`);
      if (offset !== offsets[layout][k]) note(`at ${offset}`);
      if (batch.time[row] !== parseTimestamp(event.timestamp)) note('time');
      if (levels[batch.level[row]!] !== event.level) note('level');
      const target = batch.column(module).text(row);
      if (!lost(layout, event, 'target') && target !== event.target) note(`target ${target}`);
      if (!lost(layout, event, 'fields')) {
        const last = new Map(event.fields.map((field) => [field.name, field]));
        for (const field of last.values()) {
          if (missing(layout, field)) continue;
          const column = batch.column(columnFields.get(field.name)!);
          const problem = wrong(layout, field, column.type(row), column.text(row));
          if (problem !== undefined) note(`${field.name}: ${problem}`);
        }
        const found = Object.keys(Object(batch.object(row).fields)).filter(
          (name) => name !== 'error.sources',
        );
        const strangers = layout === 'json_flatten' ? [] : found.filter((name) => !last.has(name));
        if (strangers.length > 0) note(`has ${strangers}`);
      }
      if (!lost(layout, event, 'spans'))
        for (const problem of spanProblems(layout, event, batch.object(row))) note(problem);
    }
    t.same(problems, []);
    if (isText) {
      const { batch, row } = rows[0]!;
      const place = batch.object(row) as { filename?: string; line_number?: number };
      const pretty = layout === 'pretty' ? ['src/events.rs', 123] : [undefined, undefined];
      t.same([place.filename, place.line_number], pretty);
    }
  });
}

t.test('what the layouts do not carry', async (t) => {
  for (const { layouts, reason, count, concerns } of losses) {
    t.equal(events.filter(concerns).length, count, `${layouts.join(', ')}: ${reason}`);
  }
  t.ok(json.length + texts.length === layouts.length);
});
