import { type Batch, levels } from '../../batch.ts';
import type { Path } from '../../fields.ts';
import { locate } from '../../json-locate.ts';
import { toParts } from '../../time.ts';
import { type AttributeValue, attributeName, attributeValue } from './attributes.ts';
import { parseTraceParent, type TraceParent } from './traceparent.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Seconds since the epoch and nanoseconds of the second. */
export type HrTime = [seconds: number, nanos: number];

/** A log record in OpenTelemetry's terms. */
export interface OtlpRecord {
  /** The Rust module that wrote it; '' if it does not say. */
  readonly scope: string;
  /** [0, 0] if the record has none: unknown, in OTLP. */
  readonly timestamp: HrTime;
  /** 0 and '' if the record has no level. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string | undefined;
  readonly attributes: Record<string, AttributeValue>;
  readonly parent: TraceParent | undefined;
}

/** OpenTelemetry's number for each of `levels`. */
const severityNumbers = [0, 1, 5, 9, 13, 17] as const;

/** Keys of the record itself, which have a place of their own in OTLP. */
const ownKeys = new Set(['timestamp', 'level', 'target', 'fields', 'message']);

export function hrTime(ms: number): HrTime {
  if (!Number.isFinite(ms)) return [0, 0];
  const { seconds, nanos } = toParts(ms);
  return [seconds, nanos];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A piece of a record's JSON as it stands there; made anew for records that did not come from bytes. */
function pieceOf(batch: Batch, row: number, path: Path, value: unknown): string {
  const start = batch.offset[row]!;
  const end = start + batch.length[row]!;
  const span = end > start ? locate(batch.bytes, start, end, path) : undefined;
  if (span === undefined) return JSON.stringify(value) ?? String(value);
  return Buffer.from(
    batch.bytes.buffer,
    batch.bytes.byteOffset + span.start,
    span.end - span.start,
  ).toString();
}

/**
 * In the flattened layout `target` may occur twice, the event's field before the module, of which JSON.parse keeps the
 * last: the field is read from what stands before the module.
 */
function flattenedTarget(batch: Batch, row: number): unknown {
  const start = batch.offset[row]!;
  const record = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset + start, batch.length[row]!);
  const first = record.indexOf('"target"');
  const last = record.lastIndexOf('"target"');
  if (first === last) return undefined;
  const before = record.subarray(0, last).toString().trimEnd();
  if (!before.endsWith(',')) return undefined;
  try {
    return (JSON.parse(`${before.slice(0, -1)}}`) as JsonObject).target;
  } catch {
    // The last one was not at the top level: then the record's own `target` was the only one there.
    return undefined;
  }
}

/** The `traceparent` of a record, of its span, or of the innermost span that has one. */
function parentOf(record: JsonObject, fields: JsonObject): TraceParent | undefined {
  const spans = Array.isArray(record.spans) ? record.spans.toReversed() : [];
  for (const place of [fields, record, record.span, ...spans]) {
    if (!isObject(place)) continue;
    const text = place.traceparent;
    const parent = typeof text === 'string' ? parseTraceParent(text) : undefined;
    if (parent !== undefined) return parent;
  }
  return undefined;
}

/**
 * A row of a batch as it is exported. The event's fields become attributes by their names, and so does all else that
 * the record says (`span`, `spans`, `kubernetes`, …), so that nothing is lost; a field outranks an outer key of its
 * name. Only a text can be the body: another `message` stays an attribute, as the Operator's own export has it.
 */
export function otlpRecord(batch: Batch, row: number): OtlpRecord {
  const record = batch.object(row);
  const nested = isObject(record.fields);
  const fields = nested ? (record.fields as JsonObject) : record;
  const attributes: Record<string, AttributeValue> = {};
  const put = (key: string, path: Path, value: unknown) => {
    attributes[attributeName(key)] = attributeValue(value, () => pieceOf(batch, row, path, value));
  };

  for (const key of Object.keys(record)) if (!ownKeys.has(key)) put(key, [key], record[key]);
  if (nested) {
    for (const key of Object.keys(fields)) if (key !== 'message') put(key, ['fields', key], fields[key]);
  } else {
    const target = flattenedTarget(batch, row);
    if (target !== undefined) attributes.target = attributeValue(target, () => JSON.stringify(target));
  }

  const { message } = fields;
  const body = typeof message === 'string' ? message : undefined;
  if (message !== undefined && body === undefined)
    put('message', nested ? ['fields', 'message'] : ['message'], message);

  const level = batch.level[row]!;
  const { target } = record;
  return {
    scope: typeof target === 'string' ? target : '',
    timestamp: hrTime(batch.time[row]!),
    severityNumber: severityNumbers[level] ?? 0,
    severityText: levels[level] ?? '',
    body,
    attributes,
    parent: parentOf(record, fields),
  };
}
