import { type LogField, messages, portMessages } from '../log-fields.ts';
import {
  columns,
  distinct,
  duration,
  facet,
  figure,
  graph,
  is,
  type Json,
  records,
  search,
  table,
  titled,
  variables,
  type Widget,
} from './widgets.ts';

/** Every session with its client: records of one session_id are one line. */
function sessions(): Widget {
  const shown: readonly LogField[] = ['client_id', 'client_name', 'client_hostname'];
  const request = {
    response_format: 'event_list',
    query: {
      data_source: 'logs_transaction_stream',
      query_string: search(),
      indexes: [],
      group_by: [{ facet: facet('session_id') }],
      compute: shown.map((field) => ({ facet: facet(field), aggregation: 'most_frequent' })),
      sort: { column: 'timeline', order: 'desc' },
    },
    columns: columns([
      'group_by',
      'timeline',
      ...shown.map((field) => `${facet(field)}:most_frequent`),
      'duration',
    ]),
  };
  return {
    width: 6,
    height: 4,
    definition: titled('Sessions', 'list_stream', { time: {}, requests: [request] }),
  };
}

function users(): Widget {
  const shown: readonly LogField[] = ['client_name', 'client_hostname', 'client_id'];
  const request = {
    response_format: 'event_list',
    query: {
      data_source: 'logs_pattern_stream',
      query_string: search(`${facet('message')}:*`),
      indexes: [],
      clustering_pattern_field_path: facet('client_id'),
      group_by: shown.map((field) => ({ facet: facet(field) })),
    },
    columns: columns(['status_line', ...shown.map(facet)]),
  };
  const time = { type: 'live', unit: 'month', value: 1 };
  return {
    width: 6,
    height: 4,
    definition: titled('Users (last 30 days)', 'list_stream', { time, requests: [request] }),
  };
}

const target: readonly LogField[] = ['target_namespace', 'target_type', 'target_name'];
const ended = search(is(messages.end));

const widgets: readonly Widget[] = [
  figure('Sessions', search(), distinct('session_id')),
  figure('Users', search(), distinct('client_id')),
  figure('95th percentile of duration', ended, duration('pc95'), 's'),
  figure('Session time', ended, duration('sum'), 's'),
  sessions(),
  table('Sessions by target', search(), target, [
    { alias: 'Sessions', compute: distinct('session_id'), bar: true },
    { alias: 'Users', compute: distinct('client_id') },
  ]),
  table('Durations by target, in seconds', ended, target, [
    { alias: 'p95', compute: duration('pc95'), bar: true },
    { alias: 'Median', compute: duration('median') },
    { alias: 'Total', compute: duration('sum') },
  ]),
  table(
    'Sessions by user',
    search(),
    ['client_user', 'client_name'],
    [
      { alias: 'Sessions', compute: distinct('session_id'), bar: true },
      { alias: 'Seconds', compute: duration('sum') },
    ],
  ),
  graph(
    'Events by message',
    search(is(...Object.values(messages).filter((text) => text !== messages.license))),
    'message',
  ),
  graph('Sessions started by namespace', search(is(messages.start)), 'target_namespace'),
  records('Copy target events', search(is(messages.copy)), ['client_id', ...target, 'scale_down', 'message']),
  records('Port events', search(is(...portMessages)), [
    'client_id',
    ...target,
    'message',
    'port',
    'http_filter',
  ]),
  graph('Stolen ports', search(is(messages.steal)), 'port'),
  graph('Log records by level', search(), 'level'),
  records('Log', search(`${facet('message')}:*`), ['level', 'target_name', 'message']),
  users(),
];

const COLUMNS = 12;

/** Left to right, line after line: every line is filled by widgets of one height. */
function placed(): Json[] {
  let [x, y, high] = [0, 0, 0];
  return widgets.map(({ width, height, definition }, place) => {
    if (x + width > COLUMNS) [x, y, high] = [0, y + high, 0];
    const layout = { x, y, width, height };
    x += width;
    high = Math.max(high, height);
    return { id: place + 1, definition, layout };
  });
}

/** The Datadog dashboard, on the Operator's log. */
export function datadog(): Json {
  return {
    title: 'mirrord Operator (mirrormon)',
    description: "The mirrord Operator's functional log. `@fields.session_duration` has to be a measure.",
    widgets: placed(),
    template_variables: variables.map((variable) => ({ ...variable, available_values: [] })),
    layout_type: 'ordered',
    notify_list: [],
    reflow_type: 'fixed',
  };
}
