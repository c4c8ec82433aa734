import type { Panel, Query, Row } from './grafana-panel.ts';
import { type GridPos, placed } from './grid.ts';

export type Json = Record<string, unknown>;

/** A data source by the dashboard's own variable: import asks for nothing, and provisioning works too. */
export interface DataSource {
  readonly type: 'prometheus' | 'loki';
  readonly uid: '$datasource';
}

const types: Readonly<Record<Panel['kind'], string>> = {
  stat: 'stat',
  lines: 'timeseries',
  bars: 'timeseries',
  table: 'table',
  heatmap: 'heatmap',
  logs: 'logs',
};

const refId = (place: number): string => String.fromCharCode(65 + place);

/** Answers at one instant, over the whole range of the dashboard. */
const isInstant = ({ kind }: Panel): boolean => kind === 'stat' || kind === 'table';

function target(panel: Panel, query: Query, place: number, datasource: DataSource): Json {
  const common = { datasource, editorMode: 'code', expr: query.expr, refId: refId(place) };
  const legendFormat = query.legend ?? '';
  if (datasource.type === 'loki') {
    return {
      ...common,
      direction: 'backward',
      legendFormat,
      queryType: isInstant(panel) ? 'instant' : 'range',
    };
  }
  const format = panel.kind === 'heatmap' || panel.kind === 'table' ? panel.kind : 'time_series';
  const instant = isInstant(panel);
  return { ...common, format, instant, range: !instant, legendFormat };
}

/** A table's value columns are called `Value`, or `Value #A`, `Value #B` where there are several. */
function valueColumn(panel: Panel, place: number): string {
  return panel.queries.length === 1 ? 'Value' : `Value #${refId(place)}`;
}

function overrides(panel: Panel): Json[] {
  return panel.queries.flatMap(({ legend, unit }) =>
    panel.kind !== 'table' || unit === undefined
      ? []
      : [{ matcher: { id: 'byName', options: legend }, properties: [{ id: 'unit', value: unit }] }],
  );
}

function transformations(panel: Panel): Json[] {
  if (panel.kind !== 'table') return [];
  const labels = Object.entries(panel.columns ?? {});
  const values = panel.queries.map(({ legend }, place) => [valueColumn(panel, place), legend ?? 'Value']);
  const all = [...labels, ...values];
  const organize = {
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries(all.map(([name], index) => [name, index])),
      renameByName: Object.fromEntries(all),
    },
  };
  return panel.queries.length === 1 ? [organize] : [{ id: 'merge', options: {} }, organize];
}

function options(panel: Panel): Json {
  const tooltip = { mode: 'multi', sort: 'desc' };
  switch (panel.kind) {
    case 'stat':
      return {
        colorMode: 'value',
        graphMode: 'none',
        justifyMode: 'auto',
        orientation: 'auto',
        reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
        textMode: 'auto',
      };
    case 'table':
      return {
        cellHeight: 'sm',
        footer: { show: false, countRows: false, fields: '', reducer: ['sum'] },
        showHeader: true,
        sortBy: [{ desc: true, displayName: panel.queries[0]?.legend ?? 'Value' }],
      };
    case 'heatmap':
      return {
        calculate: false,
        color: { mode: 'scheme', scheme: 'Oranges', steps: 64, exponent: 0.5, reverse: false },
        legend: { show: true },
        tooltip: { mode: 'single', yHistogram: false },
        yAxis: { axisPlacement: 'left', unit: panel.unit ?? 'short' },
      };
    case 'logs':
      return { enableLogDetails: true, showTime: true, sortOrder: 'Descending', wrapLogMessage: false };
    default:
      return { legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: true }, tooltip };
  }
}

function custom({ kind }: Panel): Json {
  if (kind === 'table')
    return { align: 'auto', cellOptions: { type: 'auto' }, filterable: true, inspect: false };
  if (kind === 'lines') return { drawStyle: 'line', fillOpacity: 10, lineWidth: 1, showPoints: 'auto' };
  if (kind === 'bars') {
    return { drawStyle: 'bars', fillOpacity: 70, lineWidth: 0, stacking: { mode: 'normal', group: 'A' } };
  }
  return {};
}

function panelJson(panel: Panel, id: number, gridPos: GridPos, datasource: DataSource): Json {
  const { title, unit = 'short', queries, description = '', thresholds = [[null, 'green']] } = panel;
  const steps = thresholds.map(([value, color]) => ({ color, value }));
  const color = { mode: panel.kind === 'stat' ? 'thresholds' : 'palette-classic' };
  return {
    datasource,
    description,
    fieldConfig: {
      defaults: { color, custom: custom(panel), mappings: [], thresholds: { mode: 'absolute', steps }, unit },
      overrides: overrides(panel),
    },
    gridPos,
    id,
    options: options(panel),
    targets: queries.map((query, place) => target(panel, query, place, datasource)),
    title,
    transformations: transformations(panel),
    type: types[panel.kind],
  };
}

/** The panels of a dashboard, each row before those it heads. */
export function panelsJson(rows: readonly Row[], datasource: DataSource): Json[] {
  let id = 0;
  return placed(rows).flatMap(({ row, at, panels }) => {
    const head = { id: ++id, type: 'row', title: row.title, gridPos: at, collapsed: row.collapsed === true };
    const inside = panels.map(({ panel, at }) => panelJson(panel, ++id, at, datasource));
    return row.collapsed === true ? [{ ...head, panels: inside }] : [{ ...head, panels: [] }, ...inside];
  });
}

/** The plugins that the panels and the data source need, as an import checks them. */
export function requirements(rows: readonly Row[], { type }: DataSource): Json[] {
  const kinds = new Set(rows.flatMap(({ panels }) => panels.map(({ kind }) => types[kind])));
  return [
    { type: 'grafana', id: 'grafana', name: 'Grafana', version: '10.4.0' },
    { type: 'datasource', id: type, name: type === 'loki' ? 'Loki' : 'Prometheus', version: '1.0.0' },
    ...[...kinds].sort().map((id) => ({ type: 'panel', id, name: id, version: '' })),
  ];
}
