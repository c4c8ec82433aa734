import { momentOf } from '../events/encode-event.ts';
import type { EventType, MetricEvent } from '../events/metric-event.ts';
import { compareBytes, compareLists } from '../text/byte-order.ts';
import type { ReportPeriod } from './clock.ts';
import type { Metric } from './metric.ts';
import type { Registry } from './registry.ts';

/** Type by type, as a controller writes a report. */
const order: readonly EventType[] = ['intValue', 'floatValue', 'meter', 'histogram', 'timer'];

export interface ReportOptions {
  readonly sourceId: string;
  /** Which series: see the setting `metrics.report`. */
  readonly report: 'all' | 'changed' | 'interval';
}

/** What events of one report have in common. */
type Common = Pick<MetricEvent, 'source_id' | 'interval_start' | 'interval_end'>;

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
 */
export function* reportEvents(
  registry: Registry,
  period: ReportPeriod,
  options: ReportOptions,
): Generator<MetricEvent> {
  const common = commonOf(period, options);
  const parts: Part[] = Array.from(registry.metrics(), (metric) => ({
    type: metric.eventType,
    name: metric.definition.name,
    labels: metric.labelNames,
    events: () => seriesEvents(metric, period, options.report, common),
  }));
  for (const { gauge, value } of registry.computed()) {
    const { name } = gauge.definition;
    const event = eventOf('floatValue', name, common, { value });
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

function commonOf({ since, time }: ReportPeriod, { sourceId, report }: ReportOptions): Common {
  if (report !== 'interval') return { source_id: sourceId };
  return { source_id: sourceId, interval_start: momentOf(since), interval_end: momentOf(time) };
}

function* seriesEvents(
  metric: Metric,
  { since, time }: ReportPeriod,
  report: ReportOptions['report'],
  common: Common,
): Generator<MetricEvent> {
  const { eventType, definition, labelNames, series } = metric;
  for (const index of metric.byLabelBytes()) {
    const changed = series.takeChanged(index);
    if (report !== 'all' && !changed) continue;
    const tags = labelNames.length === 0 ? undefined : tagsOf(labelNames, series.labels(index));
    const metrics =
      report === 'interval' ? series.takeRecent(index, since, time) : series.metrics(index, time);
    yield eventOf(eventType, definition.name, common, metrics, tags);
  }
}

function eventOf(
  type: EventType,
  metric: string,
  common: Common,
  metrics: Record<string, number>,
  tags?: Record<string, string>,
): MetricEvent {
  const { source_id, interval_start, interval_end } = common;
  const of = { metric_type: type, namespace: 'metrics', source_id, metric, metrics, tags } as const;
  return interval_start === undefined ? of : { ...of, interval_start, interval_end };
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
