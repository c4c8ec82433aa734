import { copiedPrefix, type LogField, messages, portMessages } from '../log-fields.ts';
import { heading } from '../target-labels.ts';
import { dashboard } from './grafana-dashboard.ts';
import type { Panel, Query, Row } from './grafana-panel.ts';
import { measurementsRow } from './loki-measurements.ts';
import type { Json } from './render.ts';

/** Loki's json stage joins nested keys by `_` and writes `_` for what a label may not hold. */
const label = (field: LogField): string => `fields_${field}`;

const filtered: readonly LogField[] = ['client_user', 'target_namespace', 'target_type', 'target_name'];
const target: readonly LogField[] = ['target_namespace', 'target_type', 'target_name', 'target'];
const client: readonly LogField[] = ['client_id', 'client_name', 'client_user'];

const RANGE = '$__range';
const STEP = '$__auto';

/** The Operator's stream, parsed, with what the variables select; `.*` takes records without the field too. */
function records(...stages: readonly string[]): string {
  const chosen = filtered.map((field) => `${label(field)} =~ "$${field}"`);
  return ['$stream', 'json', ...stages, ...chosen].join(' | ');
}

const is = (...texts: readonly string[]): string =>
  texts.length === 1 ? `fields_message = \`${texts[0]}\`` : `fields_message =~ \`${texts.join('|')}\``;
const isInfo = 'level = `INFO`';
const isNotCopied = `${label('target_name')} !~ \`${copiedPrefix}.*\``;

const by = (fields: readonly LogField[]): string => ` by (${fields.map(label).join(', ')})`;
const count = (log: string, window: string, fields: readonly LogField[] = []): string =>
  `sum${fields.length === 0 ? '' : by(fields)} (count_over_time(${log} [${window}]))`;
const columns = (fields: readonly LogField[]): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [label(field), heading(field)]));
const legend = (field: LogField): string => `{{${label(field)}}}`;

function overTime(name: string, log: string, unwrapped: string, window: string, grouping: string): string {
  return `${name}${log} | unwrap ${unwrapped} [${window}])${grouping}`;
}

const quantile = (q: number, fields: readonly LogField[], window: string): string =>
  overTime(
    `quantile_over_time(${q}, `,
    records(is(messages.end)),
    label('session_duration'),
    window,
    by(fields),
  );

const stat = (title: string, expr: string, unit = 'short', description?: string): Panel => ({
  title,
  kind: 'stat',
  width: 6,
  unit,
  queries: [{ expr }],
  description,
});

const bars = (title: string, log: string, field: LogField, width = 12): Panel => ({
  title,
  kind: 'bars',
  width,
  queries: [{ expr: count(log, STEP, [field]), legend: legend(field) }],
});

const list = (title: string, log: string, fields: readonly string[]): Panel => ({
  title,
  kind: 'logs',
  width: 24,
  queries: [{ expr: `${log} | line_format "${fields.map((field) => `{{.${field}}}`).join('  ')}"` }],
});

const sessionTime: Query = {
  expr: `sum${by(client)} (${overTime('sum_over_time(', records(is(messages.end)), label('session_duration'), RANGE, '')})`,
  legend: 'Session time',
  unit: 's',
};

const overview: Row = {
  title: 'Overview',
  panels: [
    stat('Sessions', count(records(is(messages.start)), RANGE)),
    stat(
      'Users in 30 days',
      `count(${count(records(`${label('client_id')} != \`\``), '30d', ['client_id'])})`,
      'short',
      'Distinct client ids. Operators before 3.86.0 log none.',
    ),
    stat(
      '95th percentile of duration',
      overTime(
        'quantile_over_time(0.95, ',
        records(is(messages.end)),
        label('session_duration'),
        RANGE,
        ' by ()',
      ),
      's',
    ),
    stat('Errors and warnings', count(records('level =~ `ERROR|WARN`'), RANGE)),
  ],
};

const usage: Row = {
  title: 'Sessions',
  panels: [
    {
      title: 'Sessions by client',
      kind: 'table',
      width: 24,
      columns: columns(client),
      queries: [{ expr: count(records(is(messages.end)), RANGE, client), legend: 'Sessions' }, sessionTime],
    },
    {
      title: 'Sessions by target',
      description: `Copied targets (${copiedPrefix}…) are left out.`,
      kind: 'table',
      width: 24,
      columns: columns(target),
      queries: [
        { expr: count(records(is(messages.end), isNotCopied), RANGE, target), legend: 'Sessions' },
        ...[0.5, 0.95, 0.99].map((q) => ({
          expr: quantile(q, target, RANGE),
          legend: `p${q * 100}`,
          unit: 's',
        })),
      ],
    },
    bars('Sessions started by user', records(is(messages.start)), 'client_user'),
    bars('Sessions started by namespace', records(is(messages.start)), 'target_namespace'),
  ],
};

const eventFields = ['client_name', 'target_namespace', 'target_type', 'target_name'] as const;

const events: Row = {
  title: 'Events',
  panels: [
    bars('Events by message', records(isInfo, `fields_message != \`${messages.license}\``), 'message'),
    bars('Stolen ports', records(is(messages.steal)), 'port'),
    list('All events', records(isInfo, `fields_message != \`${messages.license}\``), [
      ...(['message', ...eventFields, 'session_id', 'session_duration'] as const).map(label),
    ]),
    list('Target sessions', records(isInfo, `${label('target_type')} != \`\``, isNotCopied), [
      ...(
        ['message', ...eventFields, 'client_id', 'session_id', 'session_duration', 'scale_down'] as const
      ).map(label),
    ]),
    list('Port events', records(is(...portMessages)), [
      ...(['message', 'port', 'http_filter', ...eventFields, 'session_id'] as const).map(label),
    ]),
    list('Copied targets', records(is(messages.copy)), [
      ...(['message', 'scale_down', ...eventFields] as const).map(label),
    ]),
    list('Errors and warnings', records('level =~ `ERROR|WARN`'), ['level', 'target', label('message')]),
  ],
};

const textbox = (name: string, label: string, text: string): Json => ({
  type: 'textbox',
  name,
  label,
  query: text,
  current: { selected: true, text, value: text },
  hide: 0,
  options: [{ selected: true, text, value: text }],
  skipUrlSync: false,
});

/** The Grafana dashboard on a Loki that holds the Operator's log, or our `-o logs`. */
export function grafanaOnLoki(): Json {
  return dashboard({
    title: 'mirrord Operator (log, Loki)',
    uid: 'mirrormon-loki',
    description:
      "The mirrord Operator's functional log in Loki: as the Operator writes it, or as mirrormon -o logs passes it on.",
    source: 'loki',
    variables: [
      textbox('stream', 'Stream', '{namespace="mirrord", service_name="mirrord-operator"}'),
      ...filtered.map((field) => textbox(field, heading(field), '.*')),
    ],
    rows: [overview, usage, events, measurementsRow],
    from: 'now-24h',
  });
}
