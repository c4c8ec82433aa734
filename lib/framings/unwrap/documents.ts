/**
 * JSON that holds many lines: Loki's streams, CloudWatch's events, hits of Elasticsearch, OTLP's resourceLogs. They are
 * walked through as bytes, since numbers keep their digits only there.
 */
import { elements, members, OPEN_BRACE, OPEN_BRACKET, type Span } from '../../text/json.ts';
import { isText, type JsonObject, parsedOf } from './json-object.ts';
import { type Source, sourceOfLabels } from './pod-source.ts';
import { shapeOf } from './shapes.ts';

/** What holds entries, or leads to what does. */
export const containers: ReadonlySet<string> = new Set([
  'data',
  'result',
  'results',
  'streams',
  'values',
  'events',
  'logEvents',
  'hits',
  'resourceLogs',
  'scopeLogs',
  'instrumentationLibraryLogs',
  'logRecords',
  'entries',
  'records',
  'logs',
  'items',
  'rows',
  // answers of Elasticsearch's msearch and Kibana's inspector, of Graylog, Axiom and Azure
  'responses',
  'rawResponse',
  'messages',
  'matches',
  'tables',
  // of queues: Pub/Sub, Kinesis, SNS and SQS
  'receivedMessages',
  'Records',
  'Messages',
]);
/** What stands beside a container, and says where its entries come from. */
const labelKeys: ReadonlySet<string> = new Set(['stream', 'resource', 'labels']);

export interface Entry {
  readonly span: Span;
  readonly source: Source | undefined;
  /** The name of OTLP's scope that it stands in. */
  readonly scope: string | undefined;
}

/** What holds for all entries of a part of a document. */
type Around = Omit<Entry, 'span'>;
const nothing: Around = { source: undefined, scope: undefined };

/** Whether an object has a member that may hold entries. */
export function isDocument(o: JsonObject): boolean {
  for (const key in o) if (containers.has(key) && typeof o[key] === 'object' && o[key] !== null) return true;
  return false;
}

/** The entries of the value from `start` to `end`, which is valid JSON. */
export function* entriesOf(bytes: Buffer, { start, end }: Span, around = nothing): Generator<Entry> {
  if (bytes[start] === OPEN_BRACKET) {
    for (const span of elements(bytes, start, end)) yield* entryOrMore(bytes, span, around);
    return;
  }
  const all = members(bytes, start, end).map(({ key, value }) => ({
    key: parsedOf(bytes.toString('utf8', key.start, key.end)) as string,
    value,
  }));
  const labels = all.find(({ key, value }) => labelKeys.has(key) && bytes[value.start] === OPEN_BRACE);
  const source = labels === undefined ? undefined : sourceBeside(bytes, labels.value);
  const scope = all.find(({ key }) => key === 'scope');
  const inner: Around = {
    source: source ?? around.source,
    scope: (scope === undefined ? undefined : nameOf(bytes, scope.value)) ?? around.scope,
  };
  for (const { key, value } of all) {
    const isContainer = bytes[value.start] === OPEN_BRACE || bytes[value.start] === OPEN_BRACKET;
    if (containers.has(key) && isContainer) yield* entriesOf(bytes, value, inner);
  }
}

function* entryOrMore(bytes: Buffer, span: Span, around: Around): Generator<Entry> {
  if (bytes[span.start] === OPEN_BRACE) {
    const object = parsedOf(bytes.toString('utf8', span.start, span.end)) as JsonObject;
    if (isDocument(object) && shapeOf(object) === undefined) {
      yield* entriesOf(bytes, span, around);
      return;
    }
  }
  yield { span, ...around };
}

function nameOf(bytes: Buffer, { start, end }: Span): string | undefined {
  const { name } = Object(parsedOf(bytes.toString('utf8', start, end))) as JsonObject;
  return isText(name) && name !== '' ? name : undefined;
}

function sourceBeside(bytes: Buffer, { start, end }: Span): Source | undefined {
  const labels = parsedOf(bytes.toString('utf8', start, end)) as JsonObject;
  return sourceOfLabels(labels.attributes ?? labels.labels ?? labels);
}

/** An entry that is an array: Loki's `["TIME", "LINE"]`, or the fields of CloudWatch's Insights. */
export function lineOfArray(value: readonly unknown[]): { text: string; time: unknown } | undefined {
  const [time, text] = value;
  if (isText(time) && isText(text) && /^\d+$/.test(time) && value.length <= 3) return { text, time };
  const fields = new Map<string, unknown>();
  for (const item of value) {
    const { field, value: content } = Object(item) as JsonObject;
    if (!isText(field)) return undefined;
    fields.set(field, content);
  }
  const message = fields.get('@message');
  return isText(message) ? { text: message, time: fields.get('@timestamp') } : undefined;
}
