import type { Flow, Picks } from '../../../batch/batch.ts';
import { timeUnitOf } from '../../../events/metric-event.ts';
import { duration, number, rate } from '../../../text/figures.ts';
import { printable } from '../../../text/printable.ts';

/** One metric event as a table shows it; all its texts are printable. */
export interface Row {
  readonly source: string;
  /** Milliseconds since the epoch, NaN if unknown. */
  readonly time: number;
  readonly metric: string;
  readonly type: string;
  readonly labels: readonly Label[];
  /** Key of the event to what is shown of its number. */
  readonly cells: ReadonlyMap<string, string>;
  /** Key of the event to its number. */
  readonly numbers: Readonly<Record<string, unknown>>;
  /** The keys that were asked for by name, undefined if all were. */
  readonly asked: readonly string[] | undefined;
}

export interface Label {
  readonly name: string;
  readonly value: string;
}

/** The event that a pick selected; undefined if it selected something else than a metric event. */
export function rowOf(flow: Flow, picks: Picks, pick: number): Row | undefined {
  const at = picks.row[pick]!;
  const event = flow.batch.object(at);
  const { metric, metrics } = event;
  if (typeof metric !== 'string' || !isObject(metrics)) return undefined;
  const type = text(event.metric_type);
  const asked = picks.keys[pick];
  const cells = new Map<string, string>();
  const trivial = asked === undefined && type === 'meter' && metrics.min === 1 && metrics.max === 1;
  for (const [key, value] of Object.entries(metrics)) {
    if (typeof value !== 'number' || asked?.includes(key) === false) continue;
    if (trivial && statistics.test(key)) continue;
    cells.set(printable(key), cell(key, value, timeUnitOf(metric, type)));
  }
  return {
    source: text(event.source_id),
    time: flow.batch.time[at]!,
    metric: printable(metric),
    type,
    labels: labelsOf(event),
    cells,
    numbers: metrics,
    asked,
  };
}

function labelsOf(event: Readonly<Record<string, unknown>>): Label[] {
  const labels: Label[] = [];
  if (event.source_entity_id !== undefined)
    labels.push({ name: 'entity', value: text(event.source_entity_id) });
  if (!isObject(event.tags)) return labels;
  for (const [name, value] of Object.entries(event.tags)) {
    if (value !== '') labels.push({ name: printable(name), value: text(value) });
  }
  return labels;
}

const durations = /^(?:value|min|max|mean|std_dev|p\d+)$/;
/** What a meter says of the amounts marked: nothing worth reading where each of them was 1. */
const statistics = /^(?:min|max|mean|std_dev|variance|p\d+)$/;

function cell(key: string, value: number, seconds: number | undefined): string {
  if (key.endsWith('_rate')) return rate(value);
  return seconds !== undefined && durations.test(key) ? duration(value * seconds) : number(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return value === undefined ? '' : printable(typeof value === 'string' ? value : JSON.stringify(value));
}
