import type { LabelDefinition, MetricDefinition } from '../definition.ts';

const labels = (...names: string[]): LabelDefinition[] => names.map((name) => ({ name, field: name }));

/** The Operator's `user_id` is the `client_id` of its log. */
const client: LabelDefinition[] = [
  ...labels('client_hostname', 'client_name', 'client_user'),
  { name: 'user_id', field: 'client_id' },
];
const stolen = labels('port', 'namespace', 'target', 'user_id');
const preview = labels('target_namespace', 'target_kind', 'target_name');

/**
 * The target of a session in one form, whichever the record has: its parts, or `target` alone, `type/name` with
 * `/container/…` behind it. A copied target has a name of its own each time, which the dashboards leave out by
 * `mirrord-copy-.*`: here all of them are one.
 */
const target: LabelDefinition[] = [
  { name: 'target_namespace', field: 'target_namespace' },
  { name: 'target_type', field: 'target_type', otherwise: { field: 'target', segment: 0 } },
  {
    name: 'target_name',
    field: 'target_name',
    otherwise: { field: 'target', segment: 1 },
    collapse: 'mirrord-copy-',
  },
];

/** Seconds: a session lasts from one run of a test to an afternoon. */
const sessionBuckets = [1, 10, 60, 300, 900, 1800, 3600, 7200, 14400];
/** Seconds: a round trip between a laptop and the cluster. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const histogramOfSeconds = { type: 'histogram', unit: 'seconds' } as const;

/**
 * Everything that is measured of a mirrord Operator. The first thirteen are the Operator's own, by its names, kinds and
 * labels; those without `when` are not in its functional logs and come from metric-bearing records.
 */
export const mirrordCatalogue: readonly MetricDefinition[] = [
  {
    name: 'mirrord_license_valid_seconds',
    type: 'gauge',
    help: 'Seconds until the license expires.',
    labels: [],
    since: '3.101.0',
  },
  {
    name: 'mirrord_sessions_create_total',
    type: 'counter',
    help: 'Sessions created.',
    labels: client,
    since: '3.101.0',
    when: { kind: 'session-start' },
  },
  {
    name: 'mirrord_sessions_duration',
    ...histogramOfSeconds,
    help: 'Duration of finished sessions in seconds.',
    labels: client,
    buckets: sessionBuckets,
    since: '3.101.0',
    when: { kind: 'session-end' },
    value: 'session_duration',
  },
  {
    name: 'mirrord_operator_ping_latency',
    ...histogramOfSeconds,
    help: 'Round trip between a client and the Operator in seconds.',
    labels: client,
    buckets: latencyBuckets,
    since: '3.122.0',
  },
  {
    name: 'mirrord_stolen_connections_count',
    type: 'counter',
    help: 'TCP connections stolen.',
    labels: stolen,
    since: '3.122.0',
  },
  {
    name: 'mirrord_stolen_requests_count',
    type: 'counter',
    help: 'HTTP requests stolen.',
    labels: stolen,
    since: '3.122.0',
  },
  {
    name: 'mirrord_read_sqs_messages_count',
    type: 'counter',
    help: 'SQS messages read from the original queue.',
    labels: labels('original_queue'),
    since: '3.125.0',
  },
  {
    name: 'mirrord_sqs_messages_forwarded_to_user_count',
    type: 'counter',
    help: "SQS messages forwarded to a user's local service.",
    labels: labels('k8s_user', 'local_username', 'original_queue'),
    since: '3.125.0',
  },
  {
    name: 'mirrord_unmatched_sqs_messages_count',
    type: 'counter',
    help: "SQS messages that matched no user's filter and went on to the deployed application.",
    labels: labels('original_queue'),
    since: '3.125.0',
  },
  {
    name: 'mirrord_ci_sessions_create_total',
    type: 'counter',
    help: 'Sessions created by CI.',
    labels: client,
    since: '3.163.0',
  },
  {
    name: 'mirrord_ci_sessions_duration',
    ...histogramOfSeconds,
    help: 'Duration of finished CI sessions in seconds.',
    labels: client,
    buckets: sessionBuckets,
    since: '3.163.0',
  },
  {
    name: 'mirrord_previews_create_total',
    type: 'counter',
    help: 'Preview environments created.',
    labels: preview,
    since: '3.163.0',
  },
  {
    name: 'mirrord_previews_duration',
    ...histogramOfSeconds,
    help: 'Lifetime of finished preview environments in seconds.',
    labels: preview,
    buckets: sessionBuckets,
    since: '3.163.0',
  },
  {
    name: 'mirrormon_session_duration_seconds',
    ...histogramOfSeconds,
    help: 'Duration of finished sessions by target, in seconds.',
    labels: target,
    buckets: sessionBuckets,
    when: { kind: 'session-end' },
    value: 'session_duration',
  },
  {
    name: 'mirrormon_port_events_total',
    type: 'counter',
    help: 'Ports stolen, mirrored and released.',
    labels: [{ name: 'action', field: 'message' }],
    when: { kind: ['port-steal', 'port-mirror', 'port-release'] },
  },
  {
    name: 'mirrormon_copy_targets_total',
    type: 'counter',
    help: 'Targets copied.',
    labels: labels('scale_down'),
    when: { kind: 'copy-target' },
  },
  {
    name: 'mirrormon_log_records_total',
    type: 'counter',
    help: 'Log records by level.',
    labels: labels('level'),
    when: {},
  },
];
