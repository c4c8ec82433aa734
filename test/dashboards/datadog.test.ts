import t from 'tap';
import { dashboardText } from '../../lib/dashboards/index.ts';
import { passedOn, richLog, valueAt } from './support/log.ts';
import { datadogSearch } from './support/searches.ts';

interface Widget {
  readonly id: number;
  readonly definition: { title: string; type: string; requests: Record<string, unknown>[] };
  readonly layout: { x: number; y: number; width: number; height: number };
}

interface Dashboard {
  readonly widgets: Widget[];
  readonly template_variables: {
    name: string;
    prefix: string;
    default: string;
    available_values: unknown[];
  }[];
}

const load = async (): Promise<Dashboard> => JSON.parse(await dashboardText('datadog'));

/** Every value of a key, however deep. */
function valuesOf(json: unknown, wanted: string): unknown[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => [
    ...(key === wanted ? [value] : []),
    ...valuesOf(value, wanted),
  ]);
}

const queriesOf = (widget: Widget): string[] =>
  [...valuesOf(widget, 'query_string'), ...valuesOf(widget, 'query')].filter(
    (query) => typeof query === 'string',
  );

t.test('has what the shipped dashboard has at each level', async (t) => {
  const dashboard = await load();
  t.hasOwnProps(dashboard, [
    'title',
    'description',
    'widgets',
    'template_variables',
    'layout_type',
    'notify_list',
    'reflow_type',
  ]);
  t.match(dashboard, { layout_type: 'ordered', reflow_type: 'fixed' });
  for (const widget of dashboard.widgets) {
    t.hasOwnProps(widget, ['id', 'definition', 'layout']);
    t.hasOwnProps(widget.definition, ['title', 'title_size', 'title_align', 'type', 'requests']);
    t.ok(queriesOf(widget).length > 0, widget.definition.title);
  }
  const ids = dashboard.widgets.map(({ id }) => id);
  t.equal(new Set(ids).size, ids.length);
  const types = new Set(dashboard.widgets.map(({ definition }) => definition.type));
  for (const type of ['list_stream', 'query_table', 'timeseries', 'query_value']) t.ok(types.has(type), type);
  const sources = new Set(valuesOf(dashboard.widgets, 'data_source'));
  for (const source of ['logs_transaction_stream', 'logs_stream', 'logs_pattern_stream', 'logs']) {
    t.ok(sources.has(source), source);
  }
});

t.test('widgets lie within twelve columns, none over another', async (t) => {
  const { widgets } = await load();
  const taken = new Map<string, string>();
  for (const { definition, layout } of widgets) {
    t.ok(layout.x + layout.width <= 12, definition.title);
    for (let x = layout.x; x < layout.x + layout.width; x++) {
      for (let y = layout.y; y < layout.y + layout.height; y++) {
        t.equal(taken.get(`${x},${y}`), undefined, definition.title);
        taken.set(`${x},${y}`, definition.title);
      }
    }
  }
});

t.test('template variables are defined and used, the shipped ones among them', async (t) => {
  const { widgets, template_variables: variables } = await load();
  const names = variables.map(({ name }) => name);
  const used = new Set(widgets.flatMap(queriesOf).flatMap((query) => datadogSearch(query).variables));
  t.same([...used].sort(), [...names].sort());
  t.match(variables, [
    { default: 'mirrord-operator', prefix: 'kube_deployment' },
    { default: 'mirrord-operator', prefix: 'kube_container_name' },
    { name: 'Namespace', prefix: '@fields.target_namespace', default: '*' },
    { name: 'TargetType', prefix: '@fields.target_type', default: '*' },
    { name: 'Target', prefix: '@fields.target_name', default: '*' },
  ]);
});

t.test('every search finds records of our output, and every facet is a field of them', async (t) => {
  const passed = await passedOn(richLog(3000));
  const { widgets, template_variables: variables } = await load();
  for (const widget of widgets) {
    for (const query of queriesOf(widget)) {
      t.ok(passed.some(datadogSearch(query).select), `${widget.definition.title}: ${query}`);
    }
  }
  const facets = [
    ...['facet', 'metric', 'field', 'clustering_pattern_field_path'].flatMap((key) => valuesOf(widgets, key)),
    ...variables.map(({ prefix }) => prefix),
  ].filter((facet): facet is string => typeof facet === 'string' && facet.startsWith('@'));
  const paths = new Set(facets.map((facet) => facet.slice(1).replace(/:\w+$/, '')));
  t.ok(paths.size >= 12);
  for (const path of paths)
    t.ok(
      passed.some((record) => valueAt(record, path) !== undefined),
      path,
    );
});
