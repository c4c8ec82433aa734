import { address, caselessOneOf, duration, integer, oneOf, text } from './scalars.ts';
import { group, setting } from './setting.ts';
import { expression, expressionsByField, flag, levels, textList, url, version } from './special.ts';

/** `events.NAME.subscriptions[]`: of all types together; each type reads its own. */
export const subscriptionGroup = group({
  type: setting(text, {
    default: undefined,
    description:
      'metrics, logs, or an event type of OpenZiti, such as circuit; by an old name, such as fabric.circuits, events get the old namespace.',
  }),
  sourceFilter: setting(expression, {
    default: undefined,
    defaultText: 'all',
    description: 'Which source ids, of metrics.',
    example: 'ctrl_client',
  }),
  metricFilter: setting(expression, {
    default: undefined,
    defaultText: 'all',
    description: 'Which metrics, matched on METRIC.KEY.',
    example: '.*pool.*',
  }),
  level: setting(levels, {
    default: undefined,
    defaultText: 'operator.logLevel',
    description: 'Which levels, of logs.',
    example: 'mirrord=info',
  }),
  messageFilter: setting(expression, {
    default: undefined,
    defaultText: 'all',
    description: 'Which messages, of logs.',
    example: '^Port',
  }),
  fieldFilter: setting(expressionsByField, {
    default: undefined,
    defaultText: 'all',
    description: 'Expressions that fields must match, of logs.',
    example: '{ client_user: "@corp$" }',
  }),
  version: setting(version, {
    default: undefined,
    defaultText: '2',
    description: 'Which usage events: those of version 2 (one a key) or 3 (a map of keys).',
    example: '3',
  }),
  include: setting(textList, {
    default: undefined,
    defaultText: 'all',
    description:
      'Which events of apiSession, authentication, circuit and session by their event_type, of entityChange by their entityType; which keys of usage events of version 3.',
    example: '[created, deleted]',
  }),
  includeParentEvents: setting(flag, {
    default: false,
    description: 'Of entityChange: also the events of what an entity extends.',
  }),
  propagateAlways: setting(flag, {
    default: false,
    description: 'Accepted for entityChange and entityCount; what comes in was propagated already.',
  }),
  interval: setting(duration({ zero: false }), {
    default: undefined,
    description: 'Accepted for entityCount; events that come in are never resampled.',
    example: '5m',
  }),
});

export const handlerTypes = ['file', 'stdout', 'prometheus', 'otlp'] as const;

/** `events.NAME.handler`. */
export const handlerGroup = group({
  type: setting(oneOf(...handlerTypes), { default: undefined, description: 'What the handler writes to.' }),
  format: setting(caselessOneOf('json', 'table', 'logs'), {
    default: undefined,
    defaultText: 'json for stdout; file needs it',
    description:
      'json: an event or record a line. logs: log records alone. table: figures to look at (stdout).',
  }),
  version: setting(version, {
    default: undefined,
    defaultText: '2 of events made here; others unchanged',
    description: 'Layout of metric events.',
    example: '3',
  }),
  path: setting(text, {
    default: undefined,
    description: 'The file to write, relative to the working directory.',
    example: '/var/log/mirrormon/metrics.log',
  }),
  maxsizemb: setting(integer(0, 1_000_000), {
    default: 10,
    description: 'The file is rolled before it would exceed this many MiB.',
    lenient: true,
  }),
  maxbackups: setting(integer(0), {
    default: 0,
    description: 'Rolled files to keep; 0 = all.',
    lenient: true,
  }),
  address: setting(address, {
    default: undefined,
    defaultText: 'operator.metricsAddr',
    description: 'Where a prometheus handler serves.',
    example: '":9000"',
  }),
  fallbackAddress: setting(address, {
    default: undefined,
    description: 'Where it serves if address cannot be had.',
    example: '0.0.0.0:9000',
  }),
  url: setting(url, {
    default: undefined,
    description: 'Where an otlp handler sends log records.',
    example: 'http://collector:4318/v1/logs',
  }),
  bufferSize: setting(integer(0, 1_000_000), {
    default: 10,
    description: 'Batches that may wait for this handler.',
    lenient: true,
  }),
  onError: setting(oneOf('wait', 'fail', 'drop'), {
    default: 'wait',
    description: 'wait: retry for ever and slow the source. fail: after retryFor. drop: go on, and count it.',
  }),
  retryFor: setting(duration({ zero: true }), {
    default: 300_000,
    description: 'How long onError: fail tries again.',
  }),
});
