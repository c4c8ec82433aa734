import { heading, namespaceLabel, targetLabels } from '../target-labels.ts';
import { columnsOf, durations, legendOf, promql, quantiles, RANGE, rates, STEP, stat } from './build.ts';
import type { Row } from './grafana-panel.ts';

const created = 'mirrord_sessions_create_total';
const byTarget = 'mirrormon_session_duration_seconds';
const users = ['client_user', 'client_name'];

const total = (series: string): string => promql.grown(series, [], RANGE);
const seen = (label: string): string => `count(${promql.grown(created, [label], RANGE)} > 0)`;

const overview: Row = {
  title: 'Overview',
  panels: [
    stat('Active sessions', promql.sum('mirrormon_sessions_active')),
    stat('Sessions', total(created)),
    stat('Users', seen('client_user')),
    stat('Machines', seen('user_id'), {
      description: 'Distinct client ids. Operators before 3.86.0 log none.',
    }),
    stat('Session time', total('mirrord_sessions_duration_sum'), { unit: 's' }),
    stat('95th percentile of duration', promql.quantile(0.95, 'mirrord_sessions_duration', [], RANGE), {
      unit: 's',
    }),
    stat('CI sessions', total('mirrord_ci_sessions_create_total')),
    stat('License valid for', `min(${promql.series('mirrord_license_valid_seconds')})`, {
      unit: 's',
      thresholds: [
        [null, 'red'],
        [7 * 86_400, 'orange'],
        [30 * 86_400, 'green'],
      ],
    }),
  ],
};

const sessions: Row = {
  title: 'Sessions',
  panels: [
    {
      title: 'Active sessions',
      kind: 'lines',
      width: 12,
      queries: [{ expr: promql.sum('mirrormon_sessions_active', ['instance']), legend: '{{instance}}' }],
    },
    {
      title: 'Sessions started per hour, by user',
      kind: 'bars',
      width: 12,
      queries: [{ expr: `3600 * ${promql.rate(created, ['client_user'], STEP)}`, legend: '{{client_user}}' }],
    },
    {
      title: 'Sessions by user',
      kind: 'table',
      width: 24,
      columns: columnsOf(users),
      queries: [
        { expr: promql.grown(created, users, RANGE), legend: 'Sessions' },
        ...durations('mirrord_sessions_duration', users, 'Finished'),
      ],
    },
    {
      title: 'Session durations',
      kind: 'heatmap',
      width: 12,
      unit: 's',
      queries: [
        {
          expr: `sum by (le) (increase(${promql.series('mirrord_sessions_duration_bucket')}[${STEP}]))`,
          legend: '{{le}}',
        },
      ],
    },
    quantiles('Quantiles of session duration', 'mirrord_sessions_duration'),
  ],
};

const targets: Row = {
  title: 'Targets',
  panels: [
    {
      title: 'Session durations by target',
      kind: 'table',
      width: 24,
      columns: columnsOf(targetLabels),
      queries: durations(byTarget, targetLabels, 'Sessions'),
    },
    {
      title: 'Sessions finished per hour, by namespace',
      kind: 'bars',
      width: 8,
      queries: [
        {
          expr: `3600 * ${promql.rate(`${byTarget}_count`, [namespaceLabel], STEP)}`,
          legend: legendOf([namespaceLabel]),
        },
      ],
    },
    rates('Port events by action', 'mirrormon_port_events_total', ['action'], { width: 8 }),
    rates('Copy targets by scale-down', 'mirrormon_copy_targets_total', ['scale_down'], { width: 8 }),
  ],
};

const traffic: Row = {
  title: 'Stolen traffic and latency',
  panels: [
    rates('Stolen connections by port', 'mirrord_stolen_connections_count', ['port']),
    rates('Stolen requests by port', 'mirrord_stolen_requests_count', ['port']),
    {
      title: 'Stolen traffic by target',
      kind: 'table',
      width: 24,
      columns: columnsOf(['namespace', 'target', 'port']),
      queries: ['connections', 'requests'].map((what) => ({
        expr: promql.grown(`mirrord_stolen_${what}_count`, ['namespace', 'target', 'port'], RANGE),
        legend: heading(what),
      })),
    },
    quantiles('Round trip between users and the Operator', 'mirrord_operator_ping_latency', '15m'),
    {
      title: 'Round trip by user',
      kind: 'table',
      width: 12,
      unit: 's',
      columns: columnsOf(users),
      queries: [0.95, 0.5].map((q) => ({
        expr: promql.quantile(q, 'mirrord_operator_ping_latency', users, RANGE),
        legend: `p${q * 100}`,
        unit: 's',
      })),
    },
  ],
};

const queues: Row = {
  title: 'SQS',
  panels: [
    rates('Messages read by queue', 'mirrord_read_sqs_messages_count', ['original_queue'], { width: 8 }),
    rates(
      'Messages forwarded to users',
      'mirrord_sqs_messages_forwarded_to_user_count',
      ['k8s_user', 'original_queue'],
      { width: 8 },
    ),
    rates(
      "Messages that no user's filter matched",
      'mirrord_unmatched_sqs_messages_count',
      ['original_queue'],
      { width: 8 },
    ),
  ],
};

const previewLabels = ['target_namespace', 'target_kind', 'target_name'];

const ciAndPreviews: Row = {
  title: 'CI and previews',
  panels: [
    {
      title: 'CI sessions by user',
      kind: 'table',
      width: 24,
      columns: columnsOf(users),
      queries: [
        { expr: promql.grown('mirrord_ci_sessions_create_total', users, RANGE), legend: 'Sessions' },
        ...durations('mirrord_ci_sessions_duration', users, 'Finished'),
      ],
    },
    {
      title: 'Previews by target',
      kind: 'table',
      width: 24,
      columns: columnsOf(previewLabels),
      queries: [
        { expr: promql.grown('mirrord_previews_create_total', previewLabels, RANGE), legend: 'Previews' },
        ...durations('mirrord_previews_duration', previewLabels, 'Finished'),
      ],
    },
  ],
};

const log: Row = {
  title: 'Operator log',
  panels: [
    rates('Log records by level', 'mirrormon_log_records_total', ['level'], { width: 24, kind: 'bars' }),
  ],
};

export const operatorRows: readonly Row[] = [
  overview,
  sessions,
  targets,
  traffic,
  queues,
  ciAndPreviews,
  log,
];
