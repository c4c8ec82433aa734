import type { EventType, MetricEvent } from '../events/metric-event.ts';
import type { Metric } from './metric.ts';
import type { Registry } from './registry.ts';

/** Type by type, as a controller writes a report. */
const order: readonly EventType[] = ['intValue', 'floatValue', 'meter', 'histogram', 'timer'];

export interface ReportOptions {
  readonly sourceId: string;
  /** Only series that were touched since the last report. */
  readonly changedOnly: boolean;
}

/**
 * The events of one report, lazily: the series are read as it is written, which is safe as nothing is measured meanwhile.
 * @param seconds the report's time
 */
export function* reportEvents(
  registry: Registry,
  seconds: number,
  { sourceId, changedOnly }: ReportOptions,
): Generator<MetricEvent> {
  const metrics = [...registry.metrics()];
  for (const type of order) {
    if (type === 'floatValue') yield* computedEvents(registry, sourceId);
    for (const metric of metrics) {
      if (metric.eventType === type) yield* seriesEvents(metric, seconds, sourceId, changedOnly);
    }
  }
}

function* seriesEvents(
  metric: Metric,
  seconds: number,
  sourceId: string,
  changedOnly: boolean,
): Generator<MetricEvent> {
  const { series } = metric;
  for (let index = 0; index < series.length; index++) {
    const changed = series.takeChanged(index);
    if (changedOnly && !changed) continue;
    yield {
      metric_type: metric.eventType,
      namespace: 'metrics',
      source_id: sourceId,
      metric: metric.definition.name,
      metrics: series.metrics(index, seconds),
      tags: metric.labelNames.length === 0 ? undefined : tagsOf(metric.labelNames, series.labels[index]!),
    };
  }
}

function* computedEvents(registry: Registry, sourceId: string): Generator<MetricEvent> {
  for (const { gauge, value } of registry.computed()) {
    yield {
      metric_type: 'floatValue',
      namespace: 'metrics',
      source_id: sourceId,
      metric: gauge.definition.name,
      metrics: { value },
    };
  }
}

function tagsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, k) => [name, values[k]!]));
}
