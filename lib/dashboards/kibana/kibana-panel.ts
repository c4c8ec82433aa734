import { type Column, type Json, layer } from './lens.ts';

/** The Kibana version whose saved objects these are; newer ones migrate them at import. */
export const VERSION = '8.5.1';

export const DATA_VIEW = 'mirrormon-logs';

export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly kind: 'table' | 'donut' | 'bars' | 'figure';
  /** Of the grid's 48 columns. */
  readonly width: number;
  readonly height: number;
  /** In KQL. */
  readonly query?: string | undefined;
  /** Of a donut and of bars: the groups, then the figure. Of bars the first is the time. */
  readonly columns: readonly Column[];
}

export interface Reference {
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

const types: Readonly<Record<Panel['kind'], string>> = {
  table: 'lnsDatatable',
  donut: 'lnsPie',
  bars: 'lnsXY',
  figure: 'lnsMetric',
};

function visualization({ kind }: Panel, layerId: string, columns: readonly string[]): Json {
  const base = { layerId, layerType: 'data' };
  const last = columns.at(-1)!;
  switch (kind) {
    case 'table':
      return { ...base, columns: columns.map((columnId) => ({ columnId, isTransposed: false })) };
    case 'figure':
      return { ...base, metricAccessor: last };
    case 'donut':
      return {
        shape: 'donut',
        layers: [
          {
            ...base,
            primaryGroups: columns.slice(0, -1),
            metric: last,
            numberDisplay: 'percent',
            categoryDisplay: 'default',
            legendDisplay: 'default',
            nestedLegend: false,
          },
        ],
      };
    case 'bars':
      return {
        legend: { isVisible: true, position: 'right' },
        valueLabels: 'hide',
        fittingFunction: 'None',
        preferredSeriesType: 'bar_stacked',
        layers: [
          {
            ...base,
            accessors: [last],
            position: 'top',
            seriesType: 'bar_stacked',
            showGridlines: false,
            xAccessor: columns[0],
            ...(columns.length > 2 ? { splitAccessor: columns[1] } : {}),
          },
        ],
      };
  }
}

/** A Lens panel by value, and the references that it makes of the dashboard. */
export function panelJson(panel: Panel, x: number, y: number): { json: Json; references: Reference[] } {
  const { id, title, kind, width, height, query = '' } = panel;
  const { id: layerId, columns, json: layerJson } = layer(id, panel.columns);
  const reference = {
    type: 'index-pattern',
    id: DATA_VIEW,
    name: `indexpattern-datasource-layer-${layerId}`,
  };
  const attributes = {
    title: '',
    visualizationType: types[kind],
    type: 'lens',
    references: [reference],
    state: {
      visualization: visualization(panel, layerId, columns),
      query: { query, language: 'kuery' },
      filters: [],
      datasourceStates: { indexpattern: { layers: { [layerId]: layerJson } } },
      internalReferences: [],
      adHocDataViews: {},
    },
  };
  const json = {
    version: VERSION,
    type: 'lens',
    gridData: { x, y, w: width, h: height, i: id },
    panelIndex: id,
    embeddableConfig: { attributes, enhancements: {}, hidePanelTitles: false },
    title,
  };
  return { json, references: [{ ...reference, name: `${id}:${reference.name}` }] };
}
