import t from 'tap';
import { dashboardText } from '../../lib/dashboards/index.ts';
import { logFields } from '../../lib/dashboards/log-fields.ts';
import { fieldsOfLabels } from '../../lib/systems/definition.ts';
import { mirrordCatalogue } from '../../lib/systems/mirrord/catalogue.ts';
import { parsed, passedOn, richLog, valueAt } from './support/log.ts';
import { kqlSearch } from './support/searches.ts';

interface Reference {
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

interface SavedObject {
  readonly id: string;
  readonly type: string;
  readonly attributes: Record<string, string & Record<string, string>>;
  readonly references: Reference[];
}

interface LensColumn {
  readonly sourceField: string;
  readonly operationType: string;
  readonly isBucketed: boolean;
  readonly params: { orderBy?: { columnId: string } };
}

interface Panel {
  readonly panelIndex: string;
  readonly title: string;
  readonly gridData: { x: number; y: number; w: number; h: number; i: string };
  readonly embeddableConfig: {
    attributes: {
      references: Reference[];
      visualizationType: string;
      state: {
        query: { query: string; language: string };
        visualization: unknown;
        datasourceStates: {
          indexpattern: {
            layers: Record<string, { columns: Record<string, LensColumn>; columnOrder: string[] }>;
          };
        };
      };
    };
  };
}

interface Summary {
  readonly exportedCount: number;
}

const lines = (await dashboardText('kibana')).trimEnd().split('\n');
const objects = lines.slice(0, -1).map((line): SavedObject => JSON.parse(line));
const summary: Summary = JSON.parse(lines.at(-1)!);
const dashboard = objects.find(({ type }) => type === 'dashboard')!;
const panels: Panel[] = JSON.parse(dashboard.attributes.panelsJSON!);
const layersOf = ({ embeddableConfig }: Panel) =>
  Object.entries(embeddableConfig.attributes.state.datasourceStates.indexpattern.layers);

/** As fluentd's kubernetes filter and logstash_format leave a record. */
function throughFluentd(log: string): string {
  return parsed(log)
    .map((record) => ({
      ...record,
      stream: 'stdout',
      kubernetes: {
        namespace_name: 'mirrord',
        container_name: 'mirrord-operator',
        pod_name: 'mirrord-operator-1',
      },
      '@timestamp': record.timestamp,
    }))
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
}

t.test('saved objects have what an import needs', async (t) => {
  t.same(
    objects.map(({ type }) => type),
    ['index-pattern', 'tag', 'dashboard'],
  );
  t.match(summary, { exportedCount: objects.length, missingRefCount: 0, missingReferences: [] });
  for (const object of objects) {
    t.hasOwnProps(object, [
      'attributes',
      'coreMigrationVersion',
      'id',
      'migrationVersion',
      'references',
      'type',
      'updated_at',
      'version',
    ]);
    for (const reference of object.references) {
      t.ok(
        objects.some(({ id, type }) => id === reference.id && type === reference.type),
        reference.name,
      );
    }
  }
  t.match(objects[0]!.attributes, { title: 'logstash-*', timeFieldName: '@timestamp' });
  t.hasOwnProps(dashboard.attributes, [
    'controlGroupInput',
    'description',
    'hits',
    'kibanaSavedObjectMeta',
    'optionsJSON',
    'panelsJSON',
    'timeRestore',
    'title',
    'version',
  ]);
  const names = dashboard.references.map(({ name }) => name);
  t.equal(new Set(names).size, names.length, 'names of references are unique');
});

t.test('panels refer to their layers and columns', async (t) => {
  const names = dashboard.references.map(({ name }) => name);
  for (const panel of panels) {
    t.equal(panel.gridData.i, panel.panelIndex);
    const { references, state, visualizationType } = panel.embeddableConfig.attributes;
    t.match(visualizationType, /^lns(Datatable|Pie|XY|Metric)$/);
    for (const { name } of references) t.ok(names.includes(`${panel.panelIndex}:${name}`), name);
    for (const [id, { columns, columnOrder }] of layersOf(panel)) {
      t.same(
        references.map(({ name }) => name),
        [`indexpattern-datasource-layer-${id}`],
      );
      t.same([...columnOrder].sort(), Object.keys(columns).sort());
      const buckets = columnOrder.map((column) => columns[column]!.isBucketed);
      t.same(buckets, [...buckets].sort().reverse(), 'groups come first');
      for (const { params } of Object.values(columns)) {
        if (params.orderBy !== undefined) t.equal(columns[params.orderBy.columnId]?.isBucketed, false);
      }
      const shown = JSON.stringify(state.visualization);
      for (const column of columnOrder) t.ok(shown.includes(`"${column}"`), `${column} is shown`);
    }
  }
});

t.test('panels lie within 48 columns, none over another', async (t) => {
  const taken = new Set<string>();
  for (const { title, gridData } of panels) {
    t.ok(gridData.x + gridData.w <= 48, title);
    for (let x = gridData.x; x < gridData.x + gridData.w; x++) {
      for (let y = gridData.y; y < gridData.y + gridData.h; y++) {
        if (taken.has(`${x},${y}`)) t.fail(`${title} covers another panel`);
        taken.add(`${x},${y}`);
      }
    }
  }
});

t.test('controls and filters are those of the shipped dashboard, and more', async (t) => {
  const controls: Record<string, { explicitInput: { id: string; fieldName: string } }> = JSON.parse(
    dashboard.attributes.controlGroupInput!.panelsJSON!,
  );
  const fields = Object.values(controls).map(({ explicitInput }) => explicitInput.fieldName);
  for (const field of ['target_type', 'target_namespace', 'target_name'])
    t.ok(fields.includes(`fields.${field}`));
  for (const id of Object.keys(controls)) {
    t.equal(controls[id]!.explicitInput.id, id);
    t.ok(dashboard.references.some(({ name }) => name === `controlGroup_${id}:optionsListDataView`));
  }
  const { filter } = JSON.parse(dashboard.attributes.kibanaSavedObjectMeta!.searchSourceJSON!);
  t.match(filter, [
    { query: { match_phrase: { 'kubernetes.namespace_name': 'mirrord' } } },
    { query: { match_phrase: { 'kubernetes.container_name': 'mirrord-operator' } } },
  ]);
});

t.test('every query finds records of our output, and every field is one of them', async (t) => {
  const passed = await passedOn(throughFluentd(richLog(3000)));
  const has = (path: string): boolean => passed.some((record) => valueAt(record, path) !== undefined);
  for (const path of ['@timestamp', 'kubernetes.namespace_name', 'kubernetes.container_name'])
    t.ok(has(path), path);
  for (const panel of panels) {
    const { query, language } = panel.embeddableConfig.attributes.state.query;
    t.equal(language, 'kuery');
    const { select, paths } = kqlSearch(query);
    const selected = passed.filter(select);
    t.ok(selected.length > 0, panel.title);
    const columns = layersOf(panel).flatMap(([, layer]) => Object.values(layer.columns));
    const fields = columns.map(({ sourceField }) => sourceField).filter((field) => field !== '___records___');
    for (const path of paths) t.ok(has(path), path);
    for (const field of fields) {
      t.ok(
        selected.some((record) => valueAt(record, field) !== undefined),
        `${panel.title}: ${field}`,
      );
    }
  }
});

t.test('the index template maps every field that is grouped by to one value', async (t) => {
  const { index_patterns: patterns, template } = JSON.parse(await dashboardText('kibana-template'));
  t.same(patterns, [objects[0]!.attributes.title]);
  const typeOf = (path: string): string | undefined =>
    path.split('.').reduce((at, key) => at?.properties?.[key], template.mappings)?.type;
  for (const panel of panels) {
    for (const { operationType, sourceField } of layersOf(panel).flatMap(([, layer]) =>
      Object.values(layer.columns),
    )) {
      if (['terms', 'unique_count'].includes(operationType))
        t.match(typeOf(sourceField), /^(keyword|boolean)$/, sourceField);
      if (['sum', 'percentile'].includes(operationType)) t.equal(typeOf(sourceField), 'double', sourceField);
      if (operationType === 'date_histogram') t.equal(typeOf(sourceField), 'date');
    }
  }
  t.equal(typeOf('kubernetes.namespace_name'), 'keyword');
  t.match(template.mappings.dynamic_templates, [
    { operator_fields: { path_match: 'fields.*', mapping: { type: 'keyword' } } },
  ]);
});

t.test('the fields of the log are the ones that the catalogue measures by', async (t) => {
  const measured = mirrordCatalogue.filter(({ when }) => when !== undefined);
  const fields = measured.flatMap(({ labels, value }) => [
    ...fieldsOfLabels(labels),
    ...(value === undefined ? [] : [value]),
  ]);
  t.same(
    [...new Set(fields)].filter((field) => field !== 'level' && !Object.hasOwn(logFields, field)),
    [],
  );
});
