import type { LogField } from '../log-fields.ts';
import { heading } from '../target-labels.ts';
import { DATA_VIEW, panelJson, type Reference, VERSION } from './kibana-panel.ts';
import { type Json, path } from './lens.ts';
import { panels } from './panels.ts';

const TAG = 'mirrormon-tag';
const WIDTH = 48;
/** Saved objects carry a time; a fixed one keeps the output the same every time. */
const updated = '2026-01-01T00:00:00.000Z';

const controls: readonly LogField[] = ['target_type', 'target_namespace', 'target_name', 'client_user'];

/** What fluentd's kubernetes filter says of the Operator's records. */
const scope = [
  ['kubernetes.namespace_name', 'mirrord'],
  ['kubernetes.container_name', 'mirrord-operator'],
] as const;

const view = (name: string): Reference => ({ type: 'index-pattern', id: DATA_VIEW, name });

function savedObject(
  type: string,
  id: string,
  attributes: Json,
  references: readonly Reference[],
  migration: string,
): Json {
  return {
    attributes,
    coreMigrationVersion: VERSION,
    id,
    migrationVersion: { [type]: migration },
    references,
    type,
    updated_at: updated,
    version: 'WzEsMV0=',
  };
}

function dataView(): Json {
  const attributes = {
    fieldAttrs: '{}',
    fieldFormatMap: '{}',
    fields: '[]',
    name: 'mirrord Operator (fluentd)',
    runtimeFieldMap: '{}',
    sourceFilters: '[]',
    timeFieldName: '@timestamp',
    title: 'logstash-*',
    typeMeta: '{}',
  };
  return savedObject('index-pattern', DATA_VIEW, attributes, [], '8.0.0');
}

function controlGroup(): Json {
  const entries = controls.map((field, order) => [
    field,
    {
      order,
      width: 'medium',
      grow: true,
      type: 'optionsListControl',
      explicitInput: { id: field, fieldName: path(field), title: heading(field), enhancements: {} },
    },
  ]);
  const heeded = {
    ignoreFilters: false,
    ignoreQuery: false,
    ignoreTimerange: false,
    ignoreValidations: false,
  };
  return {
    chainingSystem: 'HIERARCHICAL',
    controlStyle: 'oneLine',
    ignoreParentSettingsJSON: JSON.stringify(heeded),
    panelsJSON: JSON.stringify(Object.fromEntries(entries)),
  };
}

const indexRef = (place: number): string =>
  `kibanaSavedObjectMeta.searchSourceJSON.filter[${place}].meta.index`;

function searchSource(): Json {
  const filter = scope.map(([key, query], place) => ({
    meta: {
      alias: null,
      negate: false,
      disabled: false,
      type: 'phrase',
      key,
      params: { query },
      indexRefName: indexRef(place),
    },
    query: { match_phrase: { [key]: query } },
    $state: { store: 'appState' },
  }));
  return { query: { query: '', language: 'kuery' }, filter };
}

/** Left to right, line after line. */
function placedPanels(): { json: Json[]; references: Reference[] } {
  const json: Json[] = [];
  const references: Reference[] = [];
  let [x, y, high] = [0, 0, 0];
  for (const panel of panels) {
    if (x + panel.width > WIDTH) [x, y, high] = [0, y + high, 0];
    const made = panelJson(panel, x, y);
    json.push(made.json);
    references.push(...made.references);
    x += panel.width;
    high = Math.max(high, panel.height);
  }
  return { json, references };
}

function dashboard(): Json {
  const { json, references } = placedPanels();
  const attributes = {
    controlGroupInput: controlGroup(),
    description: "The mirrord Operator's functional log as fluentd writes it to Elasticsearch.",
    hits: 0,
    kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(searchSource()) },
    optionsJSON: JSON.stringify({
      useMargins: true,
      syncColors: false,
      syncTooltips: false,
      hidePanelTitles: false,
    }),
    panelsJSON: JSON.stringify(json),
    timeRestore: false,
    title: 'mirrord Operator (mirrormon)',
    version: 1,
  };
  const all = [
    ...scope.map((_, place) => view(indexRef(place))),
    ...references,
    ...controls.map((field) => view(`controlGroup_${field}:optionsListDataView`)),
    { type: 'tag', id: TAG, name: `tag-${TAG}` },
  ];
  return savedObject('dashboard', 'mirrormon-dashboard', attributes, all, '8.5.0');
}

/** What Kibana's import of saved objects takes, an object a line, ended by an export's summary. */
export function kibanaObjects(): Json[] {
  const tag = savedObject('tag', TAG, { color: '#756df3', description: '', name: 'mirrord' }, [], '8.0.0');
  const objects = [dataView(), tag, dashboard()];
  const summary = {
    excludedObjects: [],
    excludedObjectsCount: 0,
    exportedCount: objects.length,
    missingRefCount: 0,
    missingReferences: [],
  };
  return [...objects, summary];
}
