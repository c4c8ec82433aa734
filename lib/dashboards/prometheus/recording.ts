import { Promql } from '../promql.ts';
import { targetLabels } from '../target-labels.ts';

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** Rules keep apart what two jobs say: the Operator's own endpoint has the same names. */
export const promql = new Promql(() => [], ['job']);

const created = 'mirrord_sessions_create_total';
const duration = 'mirrormon_session_duration_seconds';
const users = ['client_user', 'client_name'];

/** Of a day, what the alert on sessions that do not end compares. */
export const started: RecordingRule = {
  record: 'job:mirrord_sessions_create:increase1d',
  expr: promql.grown(created, [], '1d'),
};
export const ended: RecordingRule = {
  record: 'job:mirrord_sessions_duration_count:increase1d',
  expr: promql.grown('mirrord_sessions_duration_count', [], '1d'),
};

/** Names are level:metric:operation, as Prometheus advises. */
export const recordingRules: readonly RecordingRule[] = [
  started,
  ended,
  { record: 'job:mirrormon_sessions_active:sum', expr: promql.sum('mirrormon_sessions_active') },
  { record: 'job_client_user:mirrord_sessions_create:rate5m', expr: promql.rate(created, users, '5m') },
  { record: 'job_client_user:mirrord_sessions_create:increase1d', expr: promql.grown(created, users, '1d') },
  {
    record: 'job_client_user:mirrord_sessions_duration_seconds:increase1d',
    expr: promql.grown('mirrord_sessions_duration_sum', users, '1d'),
  },
  ...[50, 95, 99].map((percent) => ({
    record: `job_target:${duration}:p${percent}_1d`,
    expr: promql.quantile(percent / 100, duration, targetLabels, '1d'),
  })),
  {
    record: 'job_port:mirrord_stolen_connections:rate5m',
    expr: promql.rate('mirrord_stolen_connections_count', ['port'], '5m'),
  },
  {
    record: 'job_port:mirrord_stolen_requests:rate5m',
    expr: promql.rate('mirrord_stolen_requests_count', ['port'], '5m'),
  },
  {
    record: 'job:mirrord_operator_ping_latency_seconds:p95_15m',
    expr: promql.quantile(0.95, 'mirrord_operator_ping_latency', [], '15m'),
  },
  {
    record: 'job_level:mirrormon_log_records:rate5m',
    expr: promql.rate('mirrormon_log_records_total', ['level'], '5m'),
  },
];
