import { type Figures, SAMPLE, seriesKey } from './series.ts';

interface MetricsEvent {
  readonly metric: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The figures of mirrormon's one report, from its metric events. */
export function figuresOfEvents(lines: string): Figures {
  const series: Figures['series'] = {};
  for (const line of lines.split('\n')) {
    if (line === '') continue;
    const { metric, metrics, tags = {} } = JSON.parse(line) as MetricsEvent;
    const count = metrics.count ?? metrics.value ?? Number.NaN;
    // An event has no sum, but its mean is that of all values while the sample holds them all.
    const sum = count <= SAMPLE ? (metrics.mean ?? Number.NaN) * count : undefined;
    series[seriesKey(metric, tags)] = { count, sum };
  }
  return { series };
}

/**
 * Where mirrormon's figures differ from the expected: missing series, other counts, sums off by more than a relative
 * 1e-9. What only mirrormon measures is no difference.
 */
export function differences(expected: Figures, actual: Figures): string[] {
  return Object.entries(expected.series).flatMap(([key, { count, sum }]) => {
    const found = actual.series[key];
    if (found === undefined) return [`${key}: missing`];
    if (found.count !== count) return [`${key}: count ${found.count} instead of ${count}`];
    if (sum === undefined) return [];
    const off = Math.abs((found.sum ?? Number.NaN) - sum);
    return off <= 1e-9 * Math.abs(sum) ? [] : [`${key}: sum ${found.sum} instead of ${sum}`];
  });
}
