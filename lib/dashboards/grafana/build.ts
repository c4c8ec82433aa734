import { Promql } from '../promql.ts';
import { heading } from '../target-labels.ts';
import type { Panel, Query } from './grafana-panel.ts';
import { matchersOf } from './variables.ts';

/** Expressions over what the dashboard's variables select. */
export const promql = new Promql(matchersOf);

/** The whole range that the dashboard shows. */
export const RANGE = '$__range';
/** Long enough for a rate. */
export const STEP = '$__rate_interval';

export const columnsOf = (labels: readonly string[]): Record<string, string> =>
  Object.fromEntries(labels.map((label) => [label, heading(label)]));

export const legendOf = (labels: readonly string[]): string =>
  labels.map((label) => `{{${label}}}`).join(' / ');

export const stat = (title: string, expr: string, more: Partial<Panel> = {}): Panel => ({
  title,
  kind: 'stat',
  width: 3,
  queries: [{ expr }],
  ...more,
});

/** A graph of a counter's rate, split by labels. */
export function rates(
  title: string,
  series: string,
  labels: readonly string[],
  more: Partial<Panel> = {},
): Panel {
  const expr = promql.rate(series, labels, STEP);
  return {
    title,
    kind: 'lines',
    width: 12,
    unit: 'ops',
    queries: [{ expr, legend: legendOf(labels) }],
    ...more,
  };
}

/** A graph of median, 95th and 99th percentile over a window that is long enough for observations that are rare. */
export function quantiles(title: string, metric: string, window = '1h'): Panel {
  const queries = [0.5, 0.95, 0.99].map((q) => ({
    expr: promql.slidingQuantile(q, metric, [], window),
    legend: `p${q * 100}`,
  }));
  return { title: `${title} (over ${window})`, kind: 'lines', width: 12, unit: 's', queries };
}

/** Columns of a histogram by labels over the whole range. */
export function durations(metric: string, labels: readonly string[], counted: string): Query[] {
  const quantile = (q: number): Query => ({
    expr: promql.quantile(q, metric, labels, RANGE),
    legend: `p${q * 100}`,
    unit: 's',
  });
  return [
    { expr: promql.grown(`${metric}_count`, labels, RANGE), legend: counted },
    { expr: promql.grown(`${metric}_sum`, labels, RANGE), legend: 'Total time', unit: 's' },
    ...[0.5, 0.95, 0.99].map(quantile),
  ];
}
