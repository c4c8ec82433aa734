import t from 'tap';
import { dashboardText } from '../../lib/dashboards/index.ts';
import { metricOf, metrics, metricsIn } from '../../lib/dashboards/metrics.ts';
import { targetSeries } from '../../lib/dashboards/promql.ts';
import { parsed, passedOn, richLog } from './support/log.ts';
import { lokiLabels, lokiSelects, parseLogql } from './support/logql.ts';
import { filledIn, parsePromql, variablesIn } from './support/promql.ts';

interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: GridPos;
  readonly datasource?: { type: string; uid: string };
  readonly targets?: {
    refId: string;
    expr: string;
    legendFormat: string;
    datasource: { type: string; uid: string };
  }[];
  readonly panels?: Panel[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: unknown;
  readonly definition?: string;
}

interface Dashboard {
  readonly panels: Panel[];
  readonly templating: { list: Variable[] };
  readonly uid: string;
}

const load = async (name: 'grafana' | 'grafana-loki'): Promise<Dashboard> =>
  JSON.parse(await dashboardText(name));
const all = ({ panels }: Dashboard): Panel[] => panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
const expressions = (dashboard: Dashboard): string[] =>
  all(dashboard).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Grafana's own variables. */
const builtIn = ['__range', '__range_s', '__rate_interval', '__auto'];

/** Keys of the dashboard that the Operator's users import today, at each level: ours have them too. */
const keys = {
  dashboard:
    '__inputs __elements __requires annotations editable fiscalYearStartMonth graphTooltip id links panels schemaVersion tags templating time timepicker timezone title uid version weekStart',
  panel: 'datasource fieldConfig gridPos id options targets title type',
  target: 'datasource editorMode expr refId',
};

for (const name of ['grafana', 'grafana-loki'] as const) {
  const source = name === 'grafana' ? 'prometheus' : 'loki';

  t.test(`${name}: has what an import needs`, async (t) => {
    const dashboard = await load(name);
    t.hasOwnProps(dashboard, keys.dashboard.split(' '));
    const panels = all(dashboard);
    t.equal(new Set(panels.map(({ id }) => id)).size, panels.length, 'ids are unique');
    for (const panel of panels.filter(({ type }) => type !== 'row')) {
      t.hasOwnProps(panel, keys.panel.split(' '), panel.title);
      const ids = panel.targets!.map(({ refId }) => refId);
      t.equal(new Set(ids).size, ids.length);
      for (const target of panel.targets!) t.hasOwnProps(target, keys.target.split(' '));
      for (const { datasource } of [panel, ...panel.targets!]) {
        t.same(datasource, { type: source, uid: '$datasource' });
      }
    }
    t.match(dashboard.templating.list[0], { name: 'datasource', type: 'datasource', query: source });
    t.not((await load('grafana')).uid, (await load('grafana-loki')).uid);
  });

  t.test(`${name}: no panel covers another or leaves the grid`, async (t) => {
    const covers = (a: GridPos, b: GridPos): boolean =>
      a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
    const dashboard = await load(name);
    const groups = [dashboard.panels, ...dashboard.panels.map(({ panels = [] }) => panels)];
    for (const group of groups) {
      for (const [place, { title, gridPos }] of group.entries()) {
        t.ok(gridPos.x >= 0 && gridPos.x + gridPos.w <= 24, title);
        const hidden = group.slice(place + 1).find((other) => covers(gridPos, other.gridPos));
        t.equal(hidden?.title, undefined, title);
      }
    }
  });

  t.test(`${name}: every variable is defined and used`, async (t) => {
    const dashboard = await load(name);
    const defined = dashboard.templating.list.map((variable) => variable.name);
    const queries = dashboard.templating.list.flatMap(({ definition }) => definition ?? []);
    const used = new Set([...expressions(dashboard), ...queries].flatMap(variablesIn));
    t.same(
      [...used].filter((variable) => ![...defined, ...builtIn].includes(variable)),
      [],
    );
    t.same(
      defined.filter((variable) => variable !== 'datasource' && !used.has(variable)),
      [],
    );
  });
}

t.test('every expression is PromQL over metrics and labels that exist', async (t) => {
  const dashboard = await load('grafana');
  const found = expressions(dashboard);
  t.ok(found.length > 60);
  for (const expr of found) {
    const { selectors, grouped } = parsePromql(filledIn(expr));
    const known = new Set(['job', 'instance', 'le']);
    for (const { name, labels } of selectors) {
      if (targetSeries.includes(name)) continue;
      // OpenZiti's are the controller's affair; the interop test asks a real endpoint for them
      if (name.startsWith('ziti_')) for (const label of ['source_id', 'quantile']) known.add(label);
      else for (const label of metricOf(name).labels) known.add(label.name);
      for (const label of labels) t.ok(known.has(label), `${name} has ${label}`);
    }
    for (const label of grouped) t.ok(known.has(label), `${label} in ${expr}`);
  }
});

t.test('legends and table columns are labels that their queries keep', async (t) => {
  for (const panel of all(await load('grafana'))) {
    for (const { expr, legendFormat } of panel.targets ?? []) {
      if (expr.startsWith('ziti_')) continue;
      const { grouped } = parsePromql(filledIn(expr));
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        t.ok(grouped.includes(label!), `${panel.title}: ${label}`);
      }
    }
  }
});

t.test('choices of variables come from series that exist', async (t) => {
  const { templating } = await load('grafana');
  const queries = templating.list.filter(({ type }) => type === 'query');
  t.same(queries.map(({ name }) => name).slice(0, 3), ['job', 'instance', 'client_user']);
  for (const name of ['target_namespace', 'target_type', 'target_name']) {
    t.ok(
      queries.some((variable) => variable.name === name),
      `as the shipped dashboards have: ${name}`,
    );
  }
  for (const { definition } of queries) {
    const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(definition!)!;
    const [found] = parsePromql(filledIn(selector!)).selectors;
    t.ok(
      ['job', 'instance', ...metricOf(found!.name).labels.map((each) => each.name)].includes(label!),
      definition!,
    );
  }
});

t.test('every metric of the catalogue is shown, and says which Operator version has it', async (t) => {
  const dashboard = await load('grafana');
  t.same(metricsIn(expressions(dashboard)), metrics);
  for (const { title, description, targets = [] } of all(dashboard)) {
    for (const { name, since } of metricsIn(targets.map(({ expr }) => expr))) {
      if (since !== undefined)
        t.match(description, new RegExp(`${name}: .*${since.replaceAll('.', '\\.')}`), title);
    }
  }
});

t.test('every LogQL query finds records of our output, by fields that it has', async (t) => {
  const passed = (await passedOn(richLog(4000))).map(lokiLabels);
  const labels = new Set(passed.flatMap((record) => [...record.keys()]));
  const found = expressions(await load('grafana-loki'));
  t.ok(found.length > 20);
  for (const expr of found) {
    const query = parseLogql(filledIn(expr, { stream: '{namespace="mirrord"}' }));
    for (const label of [...query.filters.map((filter) => filter.label), ...query.labels]) {
      t.ok(labels.has(label), `${label} in ${expr}`);
    }
    const selected = passed.filter((record) => lokiSelects(query, record));
    // a generated log has warnings, and no errors
    t.ok(selected.length > 0, expr);
    const { unwrapped } = query;
    if (unwrapped !== undefined) {
      t.ok(
        selected.every((record) => Number.isFinite(Number(record.get(unwrapped)))),
        `${unwrapped} is a number`,
      );
    }
  }
  t.equal(parsed(richLog(4000)).length, passed.length, 'and everything was passed on');
});

t.test('the parsers of this test refuse what is wrong', async (t) => {
  t.throws(() => parsePromql('sum by (a (x)'), SyntaxError);
  t.throws(() => parseLogql('sum by (a) (count_over_time({x="y"} | json'), SyntaxError);
});
