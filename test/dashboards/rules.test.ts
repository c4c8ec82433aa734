import t from 'tap';
import { parse } from 'yaml';
import { dashboardText } from '../../lib/dashboards/index.ts';
import { metricOf, metricsIn } from '../../lib/dashboards/metrics.ts';
import { targetSeries } from '../../lib/dashboards/promql.ts';
import { parsePromql } from './support/promql.ts';

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: { summary: string; description: string };
}

const { groups }: { groups: { name: string; rules: Rule[] }[] } = parse(
  await dashboardText('prometheus-rules'),
);
const rules = groups.flatMap((group) => group.rules);
const recorded = new Map(
  rules.flatMap(({ record, expr }) => (record === undefined ? [] : [[record, expr] as const])),
);

t.test('every rule is PromQL over metrics, labels and recorded series that exist', async (t) => {
  t.ok(rules.length > 20);
  for (const { expr } of rules) {
    const { selectors, grouped } = parsePromql(expr);
    const known = new Set(['job', 'instance', 'le']);
    for (const { name, labels } of selectors) {
      if (targetSeries.includes(name)) continue;
      const behind = recorded.get(name);
      const own =
        behind === undefined ? metricOf(name).labels.map((label) => label.name) : parsePromql(behind).grouped;
      for (const label of own) known.add(label);
      for (const label of labels) t.ok(known.has(label), `${name} has ${label}`);
    }
    for (const label of grouped) t.ok(known.has(label), `${label} in ${expr}`);
  }
});

t.test('recorded series are named by level, metric and operation, and keep their labels apart', async (t) => {
  const names = [...recorded.keys()];
  t.equal(new Set(names).size, names.length);
  for (const [name, expr] of recorded) {
    t.match(name, /^[a-z_]+:[a-z_]+:[a-z0-9_]+$/);
    t.ok(parsePromql(expr).grouped.includes('job'), `${name} keeps the job`);
  }
  t.ok(
    names.some((name) => /client_user:mirrord_sessions_create/.test(name)),
    'sessions by user',
  );
  t.ok(
    names.some((name) => /target:mirrormon_session_duration.*:p95/.test(name)),
    'p95 of duration by target',
  );
  t.ok(
    names.some((name) => /port:mirrord_stolen_connections/.test(name)),
    'stolen connections by port',
  );
});

t.test('alerts say how bad it is, what it means and which version they need', async (t) => {
  const alerts = rules.filter(({ alert }) => alert !== undefined);
  const names = alerts.map(({ alert }) => alert);
  t.equal(new Set(names).size, names.length);
  for (const { alert, expr, labels, annotations, for: lasting } of alerts) {
    t.match(labels?.severity, /^(info|warning|critical)$/, alert!);
    t.match(lasting, /^\d+[mh]$/);
    t.match(annotations?.summary, /\.$/);
    for (const { since, name } of metricsIn([expr])) {
      if (since !== undefined) t.match(annotations?.description, `${name}: `, alert!);
    }
    const { selectors, grouped } = parsePromql(expr);
    const templated = [...`${annotations?.summary}`.matchAll(/\$labels\.(\w+)/g)].map((match) => match[1]!);
    for (const label of templated)
      t.ok(grouped.includes(label), `${alert}: ${label} of ${selectors[0]?.name}`);
  }
});
