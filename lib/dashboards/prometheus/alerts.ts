import { metricsIn } from '../metrics.ts';
import { versionNote } from '../version-note.ts';
import { ended, promql, recordingRules, started } from './recording.ts';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: 'info' | 'warning' | 'critical' };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** The expressions behind the recorded series that an alert names. */
const recordedIn = (expr: string): string[] =>
  recordingRules.filter(({ record }) => expr.includes(record)).map((rule) => rule.expr);

type Severity = AlertRule['labels']['severity'];

function alert(
  name: string,
  expr: string,
  lasting: string,
  severity: Severity,
  summary: string,
  text: string,
): AlertRule {
  const note = versionNote(metricsIn([expr, ...recordedIn(expr)]));
  const description = note === '' ? text : `${text}\n${note}`;
  return { alert: name, expr, for: lasting, labels: { severity }, annotations: { summary, description } };
}

const license = `min by (job) (${promql.series('mirrord_license_valid_seconds')})`;
const DAY = 86_400;

const grown = (series: string, labels: readonly string[], window = '15m'): string =>
  promql.grown(series, labels, window);

/** Of the sessions that started in a day, those that ended; none is 0. */
const endedOrNone = `(${ended.record} or ${started.record} * 0)`;
const lag = `max by (job, instance) (${promql.series('mirrormon_event_time_lag_seconds')})`;
const reading = `sum by (job, instance) (rate(${promql.series('mirrormon_records_read_total')}[5m])) > 0`;

/** Of a topic, by whoever reads it. */
const unread = promql.sum('mirrormon_kafka_lag', ['instance', 'topic']);

const operator: readonly AlertRule[] = [
  alert(
    'MirrordLicenseExpires',
    `0 < ${license} < ${14 * DAY}`,
    '15m',
    'warning',
    'The mirrord license expires in {{ $value | humanizeDuration }}.',
    'Renew it before users are locked out.',
  ),
  alert(
    'MirrordLicenseExpired',
    `${license} <= 0`,
    '1m',
    'critical',
    'The mirrord license has expired.',
    'Users can start no session until it is renewed.',
  ),
  alert(
    'MirrordSessionsNotEnding',
    `${started.record} - ${endedOrNone} > 10 and ${started.record} > 2 * ${endedOrNone}`,
    '1h',
    'warning',
    '{{ $value | humanize }} sessions of the last day have not ended.',
    'Fewer than half of the sessions that started in a day have ended: clients die without saying so, or a part of the log is missing.',
  ),
  alert(
    'MirrordSessionsGivenUp',
    `${grown('mirrormon_sessions_given_up_total', ['instance'], '1h')} > 0`,
    '0m',
    'info',
    '{{ $value | humanize }} sessions have been open for longer than metrics.sessionMaxAge.',
    'They no longer count as active: their end was not logged, or the log that has it was not read.',
  ),
  alert(
    'MirrordPingLatencyHigh',
    `${promql.quantile(0.95, 'mirrord_operator_ping_latency', [], '15m')} > 1`,
    '15m',
    'warning',
    'The round trip between users and the Operator takes {{ $value | humanizeDuration }} for one in twenty.',
    'The network or the Operator is slow, and so is mirrord for its users.',
  ),
  alert(
    'MirrordOperatorErrors',
    `sum by (job) (rate(${promql.series('mirrormon_log_records_total', 'level="ERROR"')}[5m])) > 0.1`,
    '15m',
    'warning',
    'The Operator logs {{ $value | humanize }} errors a second.',
    'See its log for what fails.',
  ),
];

const own: readonly AlertRule[] = [
  alert(
    'MirrormonAbsent',
    `absent(${promql.series('mirrormon_records_read_total')})`,
    '10m',
    'warning',
    'No mirrormon is scraped.',
    'It does not run, or its endpoint is not among the targets.',
  ),
  alert(
    'MirrormonDeadLetters',
    `${grown('mirrormon_dead_letters_total', ['instance', 'reason'])} > 0`,
    '0m',
    'warning',
    '{{ $value | humanize }} records could not be read ({{ $labels.reason }}).',
    'Run with --dead-letters FILE to see them.',
  ),
  alert(
    'MirrormonDrops',
    `${grown('mirrormon_dropped_total', ['instance', 'handler', 'reason'])} > 0`,
    '0m',
    'critical',
    'Handler {{ $labels.handler }} dropped {{ $value | humanize }} records or events ({{ $labels.reason }}).',
    'Its onError allows that; what was dropped is lost.',
  ),
  alert(
    'MirrormonHandlerFailing',
    `${grown('mirrormon_handler_failures_total', ['instance', 'handler'], '5m')} > 0`,
    '5m',
    'warning',
    'Handler {{ $labels.handler }} keeps failing.',
    'Its sink does not take what is written; with onError wait the input is held up.',
  ),
  alert(
    'MirrormonBehind',
    `${lag} > 900 and on (job, instance) ${reading}`,
    '15m',
    'warning',
    'mirrormon reads records that are {{ $value | humanizeDuration }} old.',
    'A sink or the machine is too slow for the log, or an archive is being read.',
  ),
  alert(
    'MirrormonKafkaFallsBehind',
    // what has become less in half an hour is being caught up with
    `${unread} > 10000 and ${unread} > ${promql.sumBefore('mirrormon_kafka_lag', ['instance', 'topic'], '30m')}`,
    '30m',
    'warning',
    '{{ $value | humanize }} records of topic {{ $labels.topic }} wait to be read, and they become more.',
    'Read its partitions by several processes (kafka.role, or kafka.partitions) before retention removes records unread.',
  ),
  alert(
    'MirrormonKafkaRecordsLost',
    `${grown('mirrormon_kafka_lost_records_total', ['instance', 'topic'])} > 0`,
    '0m',
    'critical',
    '{{ $value | humanize }} records of topic {{ $labels.topic }} were removed before they were read.',
    'Its retention is shorter than mirrormon was behind, or away: raise retention.ms or retention.bytes; figures lack these records.',
  ),
  alert(
    'MirrormonKafkaGroupRestless',
    `${grown('mirrormon_kafka_rebalances_total', ['instance', 'role'], '30m')} > 10`,
    '0m',
    'warning',
    'The group of those who {{ $labels.role }} was divided anew {{ $value | humanize }} times in half an hour.',
    'Processes come and go, or are too busy to answer within 10 s: look at their restarts and at the limits of their memory and CPU.',
  ),
  alert(
    'MirrormonSilent',
    `max by (job, instance) (increase(${promql.series('mirrormon_records_read_total')}[6h])) == 0`,
    '0m',
    'info',
    'No record has been read for six hours.',
    'The Operator is idle, or the log no longer reaches mirrormon.',
  ),
];

export const alertGroups = [
  { name: 'mirrord-operator', rules: operator },
  { name: 'mirrormon', rules: own },
] as const;
