import type { MetricsConfig } from '../config.ts';
import { MOST_LABEL_BYTES } from '../text/shortened.ts';

/**
 * measurements: one joined an overflow series, as records name too many metrics. labels: one was shortened. series: a metric
 * has all that it may have, and further labels join one; told once, as how often they come depends on who looks.
 */
export type Bounded = 'measurements' | 'labels' | 'series';

export type OnBounded = (what: Bounded, metric: string) => void;

/** Told when a bound is reached; how much was beyond it is told at the end. */
export function boundText(what: Bounded, metric: string, { maxSeries, maxMetrics }: MetricsConfig): string {
  switch (what) {
    case 'series':
      return `${metric} has ${maxSeries} series, the most that are kept: further labels join one overflow series, which keeps the totals (metrics.maxSeries)`;
    case 'measurements':
      return `records name ${maxMetrics} metrics or sets of attributes, the most that are kept: further ones join overflow series, which keep the totals (metrics.maxMetrics)`;
    case 'labels':
      return `an attribute of ${metric} is longer than ${MOST_LABEL_BYTES} bytes and is shortened, which '…' at its end shows`;
  }
}
