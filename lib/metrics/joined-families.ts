import type { MetricFamily, SeriesFigures } from './family.ts';
import type { Metric } from './metric.ts';

/** Metrics that records name themselves have one label set for each set of attributes: several of them have one name. */
export function byName(metrics: readonly Metric[]): Iterable<Metric[]> {
  const groups = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const { name } = metric.definition;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [metric]);
    else group.push(metric);
  }
  return groups.values();
}

/** Metrics of one name that came with different attributes: one family with all labels, the missing ones empty. */
export function joined(metrics: readonly Metric[], time: number): MetricFamily {
  const labels = [...new Set(metrics.flatMap((metric) => metric.labelNames))];
  const series = function* (): Generator<SeriesFigures> {
    for (const metric of metrics) {
      const places = labels.map((label) => metric.labelNames.indexOf(label));
      for (const figures of metric.family(time).series) {
        yield { ...figures, labels: places.map((place) => (place < 0 ? '' : figures.labels[place]!)) };
      }
    }
  };
  return { ...metrics[0]!.family(time), labels, series: series() };
}
