import { percentiles } from '../../math/percentile.ts';
import type { MetricDefinition } from '../../systems/definition.ts';
import type { ExposedFamily, ExposedSeries } from './exposed-family.ts';
import { metricName } from './metric-names.ts';
import type { PassedSeries } from './passed-series.ts';

const percentileKeys = new Set<string>(percentiles.map(([key]) => key));

/** One metric of the controller or of its routers. */
export interface EventMetric {
  readonly name: string;
  readonly original: string;
  readonly type: string;
  /** What the metric is by the Operator's documentation, where it is one that logs do not carry. */
  readonly documented: MetricDefinition | undefined;
  readonly series: PassedSeries;
}

/** What is exposed of one series beside its labels. */
type Figures = Omit<ExposedSeries, 'labels'>;

/** The series that had an event at or after `since`, read anew at every scrape. */
function living(
  { series }: EventMetric,
  since: number,
  read: (row: number) => Figures | undefined,
): Iterable<ExposedSeries> {
  return {
    *[Symbol.iterator]() {
      for (const { row, labels } of series.living(since)) {
        const figures = read(row);
        if (figures !== undefined) yield { ...figures, labels };
      }
    },
  };
}

function single({ series }: EventMetric, row: number, key: string): Figures | undefined {
  const value = series.value(row, key);
  return value === undefined ? undefined : { value };
}

/** Without a sum: the mean is that of a sample, and mean times count would only look like one. */
function summary({ series }: EventMetric, row: number): Figures | undefined {
  const quantiles = percentiles.flatMap(([key, quantile]) => {
    const value = series.value(row, key);
    return value === undefined ? [] : [[quantile, value] as const];
  });
  const count = series.value(row, 'count');
  return quantiles.length > 0 || count !== undefined ? { count, quantiles } : undefined;
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
  const key = metric.series.has('count') ? 'count' : 'value';
  return { name, type, help, series: living(metric, since, (row) => single(metric, row, key)) };
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
  const { name, original, type } = metric;
  const { keys } = metric.series;
  const help = (key: string) => `OpenZiti metric ${original} (${type})${key === '' ? '' : `: ${key}`}.`;
  const one = (suffix: string, kind: 'gauge' | 'counter', key: string): ExposedFamily => ({
    name: `${name}${suffix}`,
    type: kind,
    help: help(key),
    series: living(metric, since, (row) => single(metric, row, key)),
  });
  const distribution = type === 'histogram' || type === 'timer' || percentiles.some(([key]) => keys.has(key));
  if (distribution)
    yield {
      name,
      type: 'summary',
      help: help(''),
      series: living(metric, since, (row) => summary(metric, row)),
    };
  for (const key of keys) {
    if (percentileKeys.has(key) || (key === 'count' && distribution)) continue;
    if (key === 'value') yield { ...one('', 'gauge', key), help: help('') };
    else if (key === 'count') yield one(name.endsWith('_total') ? '' : '_total', 'counter', key);
    else yield one(`_${metricName(key)}`, 'gauge', key);
  }
}
