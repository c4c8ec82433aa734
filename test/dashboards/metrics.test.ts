import t from 'tap';
import { metricOf, metrics, metricsIn } from '../../lib/dashboards/metrics.ts';
import { metricsTable } from '../../lib/dashboards/metrics-table.ts';
import { Promql } from '../../lib/dashboards/promql.ts';
import { Health } from '../../lib/handlers/prometheus/own-health.ts';
import { mirrordCatalogue } from '../../lib/systems/mirrord/catalogue.ts';

t.test("the endpoint's own metrics are the ones it exposes", async (t) => {
  const text = await new Health(Date.now).text('text');
  const exposed = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)].map(
    ([, name, help, type]) => ({
      name,
      help,
      type,
    }),
  );
  const ours = exposed.map(({ name }) => metrics.find((metric) => metric.name === name));
  t.same(
    ours.map((metric) => metric && { name: metric.name, help: metric.help, type: metric.type }),
    exposed,
  );
  t.ok(exposed.length >= 5);
});

t.test('series lead to their metric', async (t) => {
  t.equal(metricOf('mirrord_sessions_duration_bucket').name, 'mirrord_sessions_duration');
  t.equal(metricOf('mirrord_stolen_connections_count').type, 'counter', 'a counter whose name ends so');
  t.throws(
    () => metricOf('mirrord_sessions_duration'),
    RangeError,
    'a histogram has no series of its own name',
  );
  t.throws(() => metricOf('mirrord_sessions'), RangeError);
  t.same(
    metricsIn(['sum(mirrord_sessions_duration_sum) / up', 'x{level="mirrormon_sessions_active"}']).map(
      ({ name }) => name,
    ),
    ['mirrord_sessions_duration', 'mirrormon_sessions_active'],
  );
});

t.test('each metric says which records it comes from', async (t) => {
  const of = (name: string): string | undefined => metrics.find((metric) => metric.name === name)?.records;
  t.equal(of('mirrord_sessions_create_total'), 'Session Start');
  t.equal(of('mirrord_sessions_duration'), 'Session End');
  t.equal(of('mirrormon_port_events_total'), 'Port Steal, Port Mirror, Port Release');
  t.equal(of('mirrormon_log_records_total'), 'every log record');
  t.equal(of('mirrord_read_sqs_messages_count'), 'metric-bearing records');
  t.equal(of('mirrormon_sessions_active'), 'Session Start, Session End');
});

t.test('expressions name what exists', async (t) => {
  const promql = new Promql(() => ['job="a"']);
  t.equal(
    promql.rate('mirrord_stolen_requests_count', ['port'], '5m'),
    'sum by (port) (rate(mirrord_stolen_requests_count{job="a"}[5m]))',
  );
  t.throws(() => promql.rate('mirrord_stolen_requests_count', ['client_user'], '5m'), /no label client_user/);
  t.throws(() => promql.sum('mirrord_stolen_requests'), /no metric/);
  t.throws(() => promql.rate('mirrord_sessions_duration_sum', ['le'], '5m'), /no label le/);
});

t.test('the table of metrics has a row for each, as the catalogue says', async (t) => {
  const table = metricsTable();
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  t.equal(rows.length, metrics.length);
  for (const { name, type, labels, since, help } of mirrordCatalogue) {
    const [row] = rows.filter((line) => line.startsWith(`| \`${name}\` |`));
    const cells = row!.split(' | ');
    t.equal(cells.length, 6, name);
    t.equal(cells[1], type);
    for (const label of labels) t.match(cells[2], `\`${label.name}\``);
    t.equal(cells[3], since ?? '');
    t.equal(cells[5], `${help} |`);
  }
  t.equal(metricsTable(), table);
});
