import type { MetricEvent } from './metric-event.ts';
import { quote, sortedMembers } from './sorted-members.ts';

/** Layouts of a metrics event: 2 as documented, 3 as today's controllers write it. */
export type EventVersion = 2 | 3;

/** The fields of a metrics event in the order in which each version writes them. */
export const layouts: Readonly<Record<EventVersion, readonly string[]>> = {
  2: [
    'metric_type',
    'namespace',
    'source_id',
    'source_entity_id',
    'version',
    'timestamp',
    'interval_start',
    'interval_end',
    'metric',
    'metrics',
    'tags',
    'source_event_id',
  ],
  3: [
    'namespace',
    'event_src_id',
    'timestamp',
    'interval_start',
    'interval_end',
    'metric_type',
    'source_id',
    'source_entity_id',
    'version',
    'metric',
    'metrics',
    'tags',
    'source_event_id',
  ],
};

/**
 * An event from the JSON texts of its fields, as a version orders them; fields without a text are left out.
 * `extras` are further members, each with its comma before it.
 */
export function layOut(
  version: EventVersion,
  fields: Readonly<Record<string, string | undefined>>,
  extras = '',
): string {
  let text = '';
  for (const name of layouts[version]) {
    const value = fields[name];
    if (value !== undefined) text += `,"${name}":${value}`;
  }
  return `{${text.slice(1)}${extras}}`;
}

/**
 * A metrics event made here, as one line of JSON without its newline.
 * `time` is in milliseconds since the epoch; `keys` restricts `metrics`, undefined writes all of it.
 */
export function encodeEvent(
  event: MetricEvent,
  time: number,
  version: EventVersion,
  eventId: string,
  keys?: readonly string[],
): string {
  const source = quote(event.source_id);
  return layOut(version, {
    metric_type: `"${event.metric_type}"`,
    namespace: '"metrics"',
    event_src_id: source,
    source_id: source,
    source_entity_id: event.source_entity_id === undefined ? undefined : quote(event.source_entity_id),
    version: String(version),
    timestamp: timestamp(version, instantOf(time)),
    interval_start: event.interval_start && `"${event.interval_start}"`,
    interval_end: event.interval_end && `"${event.interval_end}"`,
    metric: quote(event.metric),
    metrics: encodeNumbers(event.metrics, keys),
    tags: event.tags === undefined ? undefined : sortedMembers.object(event.tags, quote),
    source_event_id: quote(eventId),
  });
}

/** A moment to the nanosecond: whole seconds since the epoch and 0 to 999,999,999 nanoseconds after them. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

/** A double holds today's milliseconds to about a quarter of a microsecond: finer digits would be noise. */
function instantOf(time: number): Instant {
  const whole = Math.floor(time / 1000);
  const micros = Math.round((time - whole * 1000) * 1000);
  return micros < 1e6 ? { seconds: whole, nanos: micros * 1000 } : { seconds: whole + 1, nanos: 0 };
}

/** The timestamp's JSON text in a version's layout. */
export function timestamp(version: EventVersion, { seconds, nanos }: Instant): string {
  return version === 2 ? `{"seconds":${seconds},"nanos":${nanos}}` : `"${rfc3339({ seconds, nanos })}"`;
}

/** A time in milliseconds since the epoch, as version 3 writes timestamps. */
export const momentOf = (time: number): string => rfc3339(instantOf(time));

function rfc3339({ seconds, nanos }: Instant): string {
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}${fraction}Z`;
}

/** JSON has no NaN and no infinity, so a key with such a value is left out. */
function encodeNumbers(
  numbers: Readonly<Record<string, number>>,
  keys: readonly string[] | undefined,
): string {
  return sortedMembers.object(numbers, (value, key) =>
    Number.isFinite(value) && keys?.includes(key) !== false ? `${value}` : undefined,
  );
}
