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

/** Stands for what each event has of its own: no text of JSON has it. */
const OWN = '\0';

/** What events share, and when: whatever their numbers and tags are, it gives one text around them. */
interface Shared {
  readonly event: MetricEvent;
  readonly time: number;
  readonly id: string;
}

/**
 * Writes metrics events made here as lines of JSON without their newlines. Of a report hundreds of events have all in
 * common but numbers and tags: the text around these is remembered, and made anew where anything of it differs.
 */
export class EventEncoder {
  private readonly version: EventVersion;
  private shared: Shared | undefined;
  /** The text before the numbers, between them and the tags, and behind these; without tags two of them. */
  private around: readonly string[] = [];

  constructor(version: EventVersion) {
    this.version = version;
  }

  /**
   * One event. `time` is in milliseconds since the epoch; `keys` restricts `metrics`, undefined writes all of it.
   */
  text(event: MetricEvent, time: number, id: string, keys?: readonly string[]): string {
    if (this.shared === undefined || !isAlike(this.shared, event, time, id)) {
      this.shared = { event, time, id };
      this.around = this.textAround(event, time, id);
    }
    const [before, between, behind] = this.around;
    const numbers = before + sortedMembers.numbers(event.metrics, keys) + between;
    return event.tags === undefined ? numbers : numbers + sortedMembers.texts(event.tags) + behind;
  }

  private textAround(event: MetricEvent, time: number, id: string): string[] {
    const { version } = this;
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
      metrics: OWN,
      tags: event.tags === undefined ? undefined : OWN,
      source_event_id: quote(id),
    }).split(OWN);
  }
}

function isAlike(shared: Shared, event: MetricEvent, time: number, id: string): boolean {
  const known = shared.event;
  return (
    known.metric === event.metric &&
    known.metric_type === event.metric_type &&
    known.source_id === event.source_id &&
    known.source_entity_id === event.source_entity_id &&
    known.interval_start === event.interval_start &&
    known.interval_end === event.interval_end &&
    (known.tags === undefined) === (event.tags === undefined) &&
    shared.time === time &&
    shared.id === id
  );
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
