import { percentiles } from '../../math/percentile.ts';
import type { MetricDefinition } from '../../systems/definition.ts';
import type { ExposedFamily, ExposedSeries } from './exposed-family.ts';
import { metricName } from './metric-names.ts';

const percentileKeys = new Set<string>(percentiles.map(([key]) => key));

/** One source's (and entity's) values of one metric. */
export interface EventSeries {
  /** As they are exposed, without braces. */
  labels: string;
  /** Every tag that was seen with it. */
  readonly tags: Record<string, string>;
  readonly source: string;
  readonly entity: string | undefined;
  readonly values: Map<string, number>;
  /** Milliseconds since the epoch of the last event. */
  seen: number;
}

/** One metric of the controller or of its routers. */
export interface EventMetric {
  readonly name: string;
  readonly original: string;
  readonly type: string;
  /** What the metric is by the Operator's documentation, where it is one that logs do not carry. */
  readonly documented: MetricDefinition | undefined;
  readonly series: Map<string, EventSeries>;
  /** Keys that some series has, in order of first appearance. */
  readonly keys: Set<string>;
}

/** The series that had an event at or after `since`, read anew at every scrape. */
function living<T>(
  metric: EventMetric,
  since: number,
  read: (series: EventSeries) => T | undefined,
): Iterable<T> {
  return {
    *[Symbol.iterator]() {
      for (const series of metric.series.values()) {
        const figures = series.seen >= since ? read(series) : undefined;
        if (figures !== undefined) yield figures;
      }
    },
  };
}

function single({ labels, values }: EventSeries, key: string): ExposedSeries | undefined {
  const value = values.get(key);
  return value === undefined ? undefined : { labels, value };
}

/** Without a sum: the mean is that of a sample, and mean times count would only look like one. */
function summary({ labels, values }: EventSeries): ExposedSeries | undefined {
  const quantiles = percentiles.flatMap(([key, quantile]) => {
    const value = values.get(key);
    return value === undefined ? [] : [[quantile, value] as const];
  });
  const count = values.get('count');
  return quantiles.length > 0 || count !== undefined ? { labels, count, quantiles } : undefined;
}

/**
 * A metric of the Operator by its own name: one query serves what was measured here and what was scraped, which the
 * label source_id tells apart.
 */
function documentedFamily(
  metric: EventMetric,
  { name, type, help }: MetricDefinition,
  since: number,
): ExposedFamily {
  const key = metric.keys.has('count') ? 'count' : 'value';
  return { name, type, help, series: living(metric, since, (series) => single(series, key)) };
}

/**
 * A metric as Prometheus has it: values are gauges; percentiles and count are a summary; the count of a meter is a
 * counter; rates, extremes and the like are gauges beside them.
 */
export function* eventFamilies(metric: EventMetric, since: number): Generator<ExposedFamily> {
  if (metric.documented !== undefined) {
    yield documentedFamily(metric, metric.documented, since);
    return;
  }
  const { name, original, type, keys } = metric;
  const help = (key: string) => `OpenZiti metric ${original} (${type})${key === '' ? '' : `: ${key}`}.`;
  const one = (suffix: string, kind: 'gauge' | 'counter', key: string): ExposedFamily => ({
    name: `${name}${suffix}`,
    type: kind,
    help: help(key),
    series: living(metric, since, (series) => single(series, key)),
  });
  const distribution = type === 'histogram' || type === 'timer' || percentiles.some(([key]) => keys.has(key));
  if (distribution) yield { name, type: 'summary', help: help(''), series: living(metric, since, summary) };
  for (const key of keys) {
    if (percentileKeys.has(key) || (key === 'count' && distribution)) continue;
    if (key === 'value') yield { ...one('', 'gauge', key), help: help('') };
    else if (key === 'count') yield one(name.endsWith('_total') ? '' : '_total', 'counter', key);
    else yield one(`_${metricName(key)}`, 'gauge', key);
  }
}
