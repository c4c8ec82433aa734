import type { EventType, MetricEvent } from '../events/metric-event.ts';
import { compareBytes, compareLists } from '../text/byte-order.ts';
import type { Metric } from './metric.ts';
import type { Registry } from './registry.ts';

/** Type by type, as a controller writes a report. */
const order: readonly EventType[] = ['intValue', 'floatValue', 'meter', 'histogram', 'timer'];

export interface ReportOptions {
  readonly sourceId: string;
  /** Only series that were touched since the last report. */
  readonly changedOnly: boolean;
}

/** Events of one metric. */
interface Part {
  readonly type: EventType;
  readonly name: string;
  readonly labels: readonly string[];
  readonly events: () => Iterable<MetricEvent>;
}

/**
 * The events of one report, by type, metric and labels, so that their order does not tell which records came first.
 * Lazily: the series are read as it is written, which is safe as nothing is measured meanwhile.
 * @param time the report's, milliseconds
 */
export function* reportEvents(
  registry: Registry,
  time: number,
  options: ReportOptions,
): Generator<MetricEvent> {
  const parts: Part[] = Array.from(registry.metrics(), (metric) => ({
    type: metric.eventType,
    name: metric.definition.name,
    labels: metric.labelNames,
    events: () => seriesEvents(metric, time, options),
  }));
  for (const { gauge, value } of registry.computed()) {
    const { name } = gauge.definition;
    const event = eventOf('floatValue', name, options, { value });
    parts.push({ type: 'floatValue', name, labels: [], events: () => [event] });
  }
  parts.sort(
    (a, b) =>
      order.indexOf(a.type) - order.indexOf(b.type) ||
      compareBytes(a.name, b.name) ||
      compareLists(a.labels, b.labels),
  );
  for (const { events } of parts) yield* events();
}

function* seriesEvents(metric: Metric, time: number, options: ReportOptions): Generator<MetricEvent> {
  const { eventType, definition, labelNames, series } = metric;
  for (const index of metric.byLabelBytes()) {
    const changed = series.takeChanged(index);
    if (options.changedOnly && !changed) continue;
    const tags = labelNames.length === 0 ? undefined : tagsOf(labelNames, series.labels[index]!);
    yield eventOf(eventType, definition.name, options, series.metrics(index, time), tags);
  }
}

function eventOf(
  type: EventType,
  metric: string,
  { sourceId }: ReportOptions,
  metrics: Record<string, number>,
  tags?: Record<string, string>,
): MetricEvent {
  return { metric_type: type, namespace: 'metrics', source_id: sourceId, metric, metrics, tags };
}

/** As assignments, the fastest way to objects of one shape: a report may have hundreds of thousands. */
function tagsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let k = 0; k < names.length; k++) {
    const name = names[k]!;
    // which records may name
    if (name === '__proto__') return Object.fromEntries(names.map((other, at) => [other, values[at]!]));
    tags[name] = values[k]!;
  }
  return tags;
}
