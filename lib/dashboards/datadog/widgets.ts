import type { LogField } from '../log-fields.ts';

export type Json = Record<string, unknown>;

export interface Widget {
  readonly width: number;
  readonly height: number;
  readonly definition: Json;
}

export const facet = (field: LogField): string => `@fields.${field}`;

/** Template variables: the name, and what each filters. */
export const variables = [
  { name: 'Deployment', prefix: 'kube_deployment', default: 'mirrord-operator' },
  { name: 'Container', prefix: 'kube_container_name', default: 'mirrord-operator' },
  { name: 'Namespace', prefix: facet('target_namespace'), default: '*' },
  { name: 'TargetType', prefix: facet('target_type'), default: '*' },
  { name: 'Target', prefix: facet('target_name'), default: '*' },
  { name: 'User', prefix: facet('client_user'), default: '*' },
];

/** A search: what the variables select, and more. */
export function search(...more: readonly string[]): string {
  return [...variables.map(({ name }) => `$${name}`), ...more].join(' ');
}

export function is(...texts: readonly string[]): string {
  const quoted = texts.map((text) => `"${text}"`);
  return `${facet('message')}:${quoted.length === 1 ? quoted[0] : `(${quoted.join(' OR ')})`}`;
}

export const titled = (title: string, type: string, more: Json): Json => ({
  title,
  title_size: '16',
  title_align: 'left',
  type,
  ...more,
});

export const columns = (fields: readonly string[]): Json[] =>
  fields.map((field) => ({ field, width: 'auto' }));

/** A list of log records, newest first. */
export function records(title: string, query: string, fields: readonly (LogField | 'level')[]): Widget {
  const shown = fields.map((field) => (field === 'level' ? '@level' : facet(field)));
  const request = {
    response_format: 'event_list',
    query: {
      data_source: 'logs_stream',
      query_string: query,
      indexes: [],
      storage: 'hot',
      sort: { column: 'timestamp', order: 'desc' },
    },
    columns: columns(['status_line', 'timestamp', ...shown]),
  };
  return { width: 6, height: 4, definition: titled(title, 'list_stream', { requests: [request] }) };
}

interface Compute {
  readonly aggregation: string;
  readonly metric?: string | undefined;
}

export const distinct = (field: LogField): Compute => ({ aggregation: 'cardinality', metric: facet(field) });
export const duration = (aggregation: string): Compute => ({
  aggregation,
  metric: facet('session_duration'),
});

function logQuery(
  name: string,
  query: string,
  compute: Compute,
  by: readonly (LogField | 'level')[],
  sort = compute,
): Json {
  return {
    data_source: 'logs',
    name,
    indexes: ['*'],
    compute,
    group_by: by.map((field) => ({
      facet: field === 'level' ? '@level' : facet(field),
      limit: 50,
      sort: { ...sort, order: 'desc' },
    })),
    search: { query },
    storage: 'hot',
  };
}

interface Column {
  readonly alias: string;
  readonly compute: Compute;
  readonly bar?: boolean;
}

/** A table of groups with a column for each figure; the first one sorts. */
export function table(
  title: string,
  query: string,
  by: readonly LogField[],
  figures: readonly Column[],
): Widget {
  const sort = figures[0]!.compute;
  const request = {
    queries: figures.map(({ compute }, place) => logQuery(`query${place + 1}`, query, compute, by, sort)),
    response_format: 'scalar',
    sort: { count: 1000, order_by: [{ type: 'formula', index: 0, order: 'desc' }] },
    formulas: figures.map(({ alias, bar }, place) => ({
      cell_display_mode: bar === true ? 'bar' : 'number',
      alias,
      formula: `query${place + 1}`,
    })),
  };
  return {
    width: 6,
    height: 4,
    definition: titled(title, 'query_table', { requests: [request], has_search_bar: 'auto' }),
  };
}

export function graph(
  title: string,
  query: string,
  by: LogField | 'level',
  compute: Compute = { aggregation: 'count' },
): Widget {
  const request = {
    queries: [logQuery('query1', query, compute, [by])],
    response_format: 'timeseries',
    formulas: [{ formula: 'query1' }],
    display_type: 'bars',
    style: { palette: 'dog_classic', line_type: 'solid', line_width: 'normal' },
  };
  return {
    width: 6,
    height: 3,
    definition: titled(title, 'timeseries', {
      show_legend: true,
      legend_layout: 'auto',
      requests: [request],
    }),
  };
}

export function figure(title: string, query: string, compute: Compute, unit = ''): Widget {
  const request = {
    queries: [logQuery('query1', query, compute, [])],
    response_format: 'scalar',
    formulas: [{ formula: 'query1' }],
  };
  return {
    width: 3,
    height: 2,
    definition: titled(title, 'query_value', {
      requests: [request],
      autoscale: true,
      precision: 1,
      custom_unit: unit,
    }),
  };
}
