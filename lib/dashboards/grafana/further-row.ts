import { type Metric, metrics, metricsIn } from '../metrics.ts';
import { legendOf, promql, quantiles, rates } from './build.ts';
import type { Panel, Row } from './grafana-panel.ts';

function panelOf({ name, type, help, labels }: Metric): Panel {
  const by = labels.map((label) => label.name);
  if (type === 'histogram') return quantiles(help, name);
  if (type === 'counter') return rates(help, name, by);
  return {
    title: help,
    kind: 'lines',
    width: 12,
    queries: [{ expr: promql.sum(name, by), legend: legendOf(by) }],
  };
}

/** A plain panel for each metric of the catalogue that no row shows yet, so that none is ever missing. */
export function furtherRow(rows: readonly Row[]): Row[] {
  const shown = new Set(
    metricsIn(rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)))),
  );
  const panels = metrics.filter((metric) => !shown.has(metric)).map(panelOf);
  return panels.length === 0 ? [] : [{ title: 'Further metrics', panels }];
}
