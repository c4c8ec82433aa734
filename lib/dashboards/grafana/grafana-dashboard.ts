import type { Row } from './grafana-panel.ts';
import { type DataSource, type Json, panelsJson, requirements } from './render.ts';

export interface DashboardParts {
  readonly title: string;
  readonly uid: string;
  readonly description: string;
  readonly source: DataSource['type'];
  readonly variables: readonly Json[];
  readonly rows: readonly Row[];
  /** Such as `now-24h`. */
  readonly from: string;
}

/** A dashboard as Grafana imports it. */
export function dashboard({ title, uid, description, source, variables, rows, from }: DashboardParts): Json {
  const datasource: DataSource = { type: source, uid: '$datasource' };
  const chooser = {
    type: 'datasource',
    name: 'datasource',
    label: 'Data source',
    query: source,
    current: {},
    hide: 0,
    includeAll: false,
    multi: false,
    options: [],
    refresh: 1,
    regex: '',
    skipUrlSync: false,
  };
  return {
    __inputs: [],
    __elements: {},
    __requires: requirements(rows, datasource),
    annotations: {
      list: [
        {
          builtIn: 1,
          datasource: { type: 'grafana', uid: '-- Grafana --' },
          enable: true,
          hide: true,
          iconColor: 'rgba(0, 211, 255, 1)',
          name: 'Annotations & Alerts',
          type: 'dashboard',
        },
      ],
    },
    description,
    editable: true,
    fiscalYearStartMonth: 0,
    graphTooltip: 1,
    id: null,
    links: [],
    panels: panelsJson(rows, datasource),
    refresh: '1m',
    schemaVersion: 39,
    tags: ['mirrord', 'mirrormon'],
    templating: { list: [chooser, ...variables] },
    time: { from, to: 'now' },
    timepicker: {},
    timezone: 'browser',
    title,
    uid,
    version: 1,
    weekStart: '',
  };
}
