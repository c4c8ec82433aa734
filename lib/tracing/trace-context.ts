import { percentDecoded } from '../text/percent.ts';

/**
 * What a client's configuration propagates to the Operator, by the W3C recommendations Trace Context and Baggage. Read
 * as leniently as the Operator's libraries do.
 */

/** A span of another process. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** What a record, or a span that it stands in, says of the trace that it belongs to. */
export interface TraceContext {
  readonly parent: TraceParent | undefined;
  readonly traceState: string | undefined;
  readonly baggage: readonly (readonly [key: string, value: string])[];
}

type JsonObject = Readonly<Record<string, unknown>>;

const form = /^([0-9a-f]{2})-([0-9a-f]{32}|[0-9a-f]{16})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent`; undefined if it is not valid. Later versions may carry more behind the flags; a trace id of 64
 * bits is padded, as the Operator's library does.
 */
export function parseTraceParent(text: string): TraceParent | undefined {
  const match = form.exec(text.trim());
  if (match === null) return undefined;
  const [, version, traceId, spanId, flags, more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId!) || /^0+$/.test(spanId!)) return undefined;
  // Of the flags only `sampled` has a meaning that every version shares.
  return {
    traceId: traceId!.padStart(32, '0'),
    spanId: spanId!,
    traceFlags: Number.parseInt(flags!, 16) & 1,
  };
}

/** The entries of a `baggage`, percent-decoded and without their properties; what is no entry is passed over. */
export function parseBaggage(text: string): [key: string, value: string][] {
  const entries = new Map<string, string>();
  for (const member of text.split(',')) {
    const [entry = ''] = member.split(';', 1);
    const equals = entry.indexOf('=');
    const key = entry.slice(0, Math.max(equals, 0)).trim();
    if (key !== '') entries.set(key, percentDecoded(entry.slice(equals + 1).trim()));
  }
  return [...entries];
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a record may say it: among its fields, at the top level, in its span, in the spans around, innermost first. */
function* placesIn(record: JsonObject): Generator<JsonObject> {
  const spans = Array.isArray(record.spans) ? record.spans.toReversed() : [];
  for (const place of [record.fields, record, record.span, ...spans]) if (isObject(place)) yield place;
}

/** The first place that has a text of that name which can be read. */
function firstIn<T>(
  record: JsonObject,
  name: string,
  read: (text: string) => T | undefined,
): { place: JsonObject; value: T } | undefined {
  for (const place of placesIn(record)) {
    const text = place[name];
    const value = typeof text === 'string' ? read(text) : undefined;
    if (value !== undefined) return { place, value };
  }
  return undefined;
}

/** The trace context of a record. The state belongs to the parent and is read where that stands. */
export function traceContextOf(record: JsonObject): TraceContext {
  const parent = firstIn(record, 'traceparent', parseTraceParent);
  const state = parent?.place.tracestate;
  return {
    parent: parent?.value,
    traceState: typeof state === 'string' && state !== '' ? state : undefined,
    baggage: firstIn(record, 'baggage', parseBaggage)?.value ?? [],
  };
}
