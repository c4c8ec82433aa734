import type { MetricFamily } from '../../metrics/family.ts';
import type { MetricType } from '../../systems/definition.ts';
import { labelNames, labelText, metricName } from './metric-names.ts';

/** One series as it is exposed; `labels` is rendered already, without braces. */
export interface ExposedSeries {
  readonly labels: string;
  /** A counter's total or a gauge's value. */
  readonly value?: number | undefined;
  readonly count?: number | undefined;
  readonly sum?: number | undefined;
  /** Per bucket alone, +Inf last. */
  readonly bucketCounts?: ArrayLike<number> | undefined;
  readonly quantiles?: readonly (readonly [quantile: number, value: number])[] | undefined;
}

/** A metric as it is exposed: its name is valid and its series are read while it is rendered. */
export interface ExposedFamily {
  readonly name: string;
  readonly type: MetricType | 'summary';
  readonly help: string;
  /** Upper bounds of a histogram's buckets, ascending, without +Inf. */
  readonly buckets?: readonly number[] | undefined;
  readonly series: Iterable<ExposedSeries>;
}

function* exposedSeries(family: MetricFamily): Generator<ExposedSeries> {
  const names = labelNames(family.labels, family.type === 'histogram' ? ['le'] : []);
  for (const { labels, value, count, sum, bucketCounts } of family.series) {
    yield { labels: labelText(names, labels), value, count, sum, bucketCounts };
  }
}

/** A measured metric in the exposition's terms. Names come from logs too, so they are made valid here. */
export function expose(family: MetricFamily): ExposedFamily {
  return {
    name: metricName(family.name),
    type: family.type,
    help: family.help,
    buckets: family.buckets,
    series: { [Symbol.iterator]: () => exposedSeries(family) },
  };
}

/** Every name that a metric takes for itself, in either format; two metrics must not share one. */
export function claimedNames({ name, type }: Pick<ExposedFamily, 'name' | 'type'>): string[] {
  switch (type) {
    case 'counter':
      return name.endsWith('_total') ? [name, name.slice(0, -'_total'.length)] : [name];
    case 'gauge':
      return [name];
    case 'histogram':
      return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];
    case 'summary':
      return [name, `${name}_sum`, `${name}_count`];
  }
}
