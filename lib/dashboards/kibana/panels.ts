import { messages, portMessages } from '../log-fields.ts';
import type { Panel } from './kibana-panel.ts';
import { type Column, distinct, path, terms } from './lens.ts';

function is(...texts: readonly string[]): string {
  const quoted = texts.map((text) => `"${text}"`);
  return `${path('message')} : ${quoted.length === 1 ? quoted[0] : `(${quoted.join(' or ')})`}`;
}

const time: Column = { kind: 'time', label: 'Time' };
const count: Column = { kind: 'count', label: 'Records' };
const sessions = distinct('session_id', 'Sessions');
const client: readonly Column[] = [terms('client_id', 'Client ID'), terms('client_name', 'Client')];
const target: readonly Column[] = [
  terms('target_namespace', 'Target namespace'),
  terms('target_type', 'Target type'),
  terms('target_name', 'Target'),
];
const duration = (percentile: number, label: string): Column => ({
  kind: 'percentile',
  label,
  field: 'session_duration',
  percentile,
});
const totalTime: Column = { kind: 'sum', label: 'Session time (s)', field: 'session_duration' };

const table = (id: string, title: string, columns: readonly Column[], query?: string): Panel => ({
  id,
  title,
  kind: 'table',
  width: 24,
  height: 15,
  columns,
  query,
});

const figure = (id: string, title: string, column: Column, query?: string): Panel => ({
  id,
  title,
  kind: 'figure',
  width: 12,
  height: 6,
  columns: [column],
  query,
});

const bars = (id: string, title: string, split: Column, query?: string): Panel => ({
  id,
  title,
  kind: 'bars',
  width: 24,
  height: 12,
  columns: [time, split, count],
  query,
});

const functional = Object.values(messages).filter((text) => text !== messages.license);

export const panels: readonly Panel[] = [
  figure('sessions', 'Sessions', sessions),
  figure('users', 'Users', distinct('client_id', 'Client ids')),
  figure('duration', '95th percentile of duration', duration(95, 'Seconds'), is(messages.end)),
  figure('session-time', 'Session time', totalTime, is(messages.end)),
  table('user-sessions', 'Sessions by client and target', [...client, ...target, sessions]),
  {
    id: 'targets',
    title: 'Sessions by target',
    kind: 'donut',
    width: 24,
    height: 15,
    columns: [target[0]!, target[2]!, sessions],
  },
  bars('events', 'Events by message', terms('message', 'Message'), is(...functional)),
  bars('levels', 'Log records by level', { kind: 'terms', label: 'Level', field: 'level' }),
  table(
    'durations',
    'Durations by target, in seconds',
    [...target, duration(50, 'Median'), duration(95, 'p95'), totalTime],
    is(messages.end),
  ),
  table(
    'copy-targets',
    'Copy target events',
    [time, terms('client_id', 'Client ID'), ...target, terms('scale_down', 'Scale down'), count],
    is(messages.copy),
  ),
  {
    ...table(
      'ports',
      'Port events',
      [
        time,
        ...client,
        ...target,
        terms('message', 'Event'),
        terms('port', 'Port'),
        terms('http_filter', 'HTTP filter'),
        terms('session_id', 'Session ID'),
        count,
      ],
      is(...portMessages),
    ),
    width: 48,
  },
];
