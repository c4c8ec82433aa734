import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { stringify } from 'yaml';
import { dashboardText } from '../../lib/dashboards/index.ts';
import { recordingRules } from '../../lib/dashboards/prometheus/recording.ts';
import { need } from './components.ts';

await need('promtool');

/** Minutes of the story: scraped, then not, then scraped again. */
const up = '1x60 0x60 1x120';
const target = '{job="m", instance="i"}';

const series = (name: string, labels: string, values: string) => ({
  series: `${name}{job="m", instance="i"${labels}}`,
  values,
});

/** Whether an alert of a counter fires at a minute, by promtool itself. */
function firing(alertname: string, eval_time: string, exp_labels?: Record<string, string>) {
  return { alertname, eval_time, exp_alerts: exp_labels === undefined ? [] : [{ exp_labels }] };
}

async function tested(t: Tap, tests: readonly object[]): Promise<{ status: number | null; output: string }> {
  const folder = t.testdir({});
  const rules = await dashboardText('prometheus-rules');
  writeFileSync(join(folder, 'rules.yml'), rules);
  const file = join(folder, 'tests.yml');
  writeFileSync(file, stringify({ rule_files: ['rules.yml'], evaluation_interval: '1m', tests }));
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

type Tap = { testdir(files: Record<string, string>): string };

const day = recordingRules.find(({ record }) => record === 'job:mirrord_sessions_create:increase1d')!;

const cases: Readonly<Record<string, { input_series: object[]; promql_expr_test: object[] }>> = {
  // a thousand sessions long ago, three in the last half hour
  'behind a gap in the scrapes, a counter does not count its whole life': {
    input_series: [
      { series: `up${target}`, values: up },
      series('mirrormon_process_uptime_seconds', '', '100000+60x60 _x60 107200+60x120'),
      series('mirrord_sessions_create_total', ', client_user="a"', '1000x60 _x60 1003x120'),
    ],
    promql_expr_test: [90, 125, 150].map((minute) => ({
      expr: day.expr.replaceAll('1d', '1h').replaceAll('86400', '3600'),
      eval_time: `${minute}m`,
      exp_samples: [{ labels: '{job="m"}', value: 0 }],
    })),
  },
  'a series that is new counts from nothing': {
    input_series: [
      { series: `up${target}`, values: '1x240' },
      series('mirrormon_process_uptime_seconds', '', '100000+60x240'),
      series('mirrord_sessions_create_total', ', client_user="a"', '_x100 3x140'),
    ],
    promql_expr_test: [
      {
        expr: day.expr.replaceAll('1d', '1h').replaceAll('86400', '3600'),
        eval_time: '110m',
        exp_samples: [{ labels: '{job="m"}', value: 3 }],
      },
    ],
  },
  'a process that has just started counts from nothing, too': {
    input_series: [
      { series: `up${target}`, values: '_x100 1x140' },
      series('mirrormon_process_uptime_seconds', '', '_x100 0+60x140'),
      series('mirrord_sessions_create_total', ', client_user="a"', '_x100 3x140'),
    ],
    promql_expr_test: [
      {
        expr: day.expr.replaceAll('1d', '1h').replaceAll('86400', '3600'),
        eval_time: '110m',
        exp_samples: [{ labels: '{job="m"}', value: 3 }],
      },
    ],
  },
};

for (const [name, story] of Object.entries(cases)) {
  t.test(name, async (t) => {
    const { status, output } = await tested(t, [{ interval: '1m', ...story }]);
    t.equal(status, 0, output);
  });
}

t.test('drops behind a gap raise no alert, new ones do', async (t) => {
  const dropped = (values: string) => series('mirrormon_dropped_total', ', handler="h", reason="r"', values);
  const base = [
    { series: `up${target}`, values: up },
    series('mirrormon_process_uptime_seconds', '', '100000+60x60 _x60 107200+60x120'),
  ];
  const labels = { severity: 'critical', job: 'm', instance: 'i', handler: 'h', reason: 'r' };
  const alerts = async (values: string, exp?: Record<string, string>) => {
    const rules = firing('MirrormonDrops', '125m', exp);
    const { output } = await tested(t, [
      { interval: '1m', input_series: [...base, dropped(values)], alert_rule_test: [rules] },
    ]);
    return output;
  };
  t.notMatch(await alerts('500x60 _x60 500x120'), /FAILED/, 'old ones');
  // with an expectation that no annotation can meet, promtool prints what fires
  t.match(
    await alerts('500x60 _x60 500 500 510x118', labels),
    /dropped 1\d|got:.*MirrormonDrops|FAILED/s,
    'new ones',
  );
});

t.test('a topic that is read too slowly raises an alert, one that is caught up with does not', async (t) => {
  const lag = (values: string) => series('mirrormon_kafka_lag', ', topic="logs", partition="0"', values);
  const labels = { severity: 'warning', job: 'm', instance: 'i', topic: 'logs' };
  const said = async (values: string, exp_labels?: Record<string, string>) => {
    const alert_rule_test = [firing('MirrormonKafkaFallsBehind', '120m', exp_labels)];
    const { status, output } = await tested(t, [
      { interval: '1m', input_series: [lag(values)], alert_rule_test },
    ]);
    return { status, output };
  };
  const growing = await said('20000+100x150', labels);
  t.match(growing.output, /32k records of topic logs wait to be read/);
  t.equal((await said('900000-5000x150')).status, 0, 'shrinking');
  t.equal((await said('0+10x150')).status, 0, 'few');
});

t.test('records that retention removed raise an alert', async (t) => {
  const labels = { severity: 'critical', job: 'm', instance: 'i', topic: 'logs' };
  const { output } = await tested(t, [
    {
      interval: '1m',
      input_series: [
        { series: `up${target}`, values: '1x130' },
        series('mirrormon_process_uptime_seconds', '', '100000+60x130'),
        series('mirrormon_kafka_lost_records_total', ', topic="logs", partition="0"', '0x120 500x10'),
      ],
      alert_rule_test: [firing('MirrormonKafkaRecordsLost', '125m', labels)],
    },
  ]);
  t.match(output, /500 records of topic logs were removed/);
});
