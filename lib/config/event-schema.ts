import { handlerTypes, typeOptions } from '../handlers/handler-specs.ts';
import { deliveryOptions, layoutOptions } from '../handlers/spec.ts';
import { settingsOf } from './handler-options.ts';
import { duration, oneOf, SHORTEST_MS, text } from './scalars.ts';
import { group, setting } from './setting.ts';
import { expression, expressionsByField, flag, levels, textList, version } from './special.ts';

/** `events.NAME.subscriptions[]`: of all types together; each type reads its own. */
export const subscriptionGroup = group({
  type: setting(text, {
    default: undefined,
    description:
      'metrics, logs, spans (sessions as traces, of an otlp handler), or an event type of OpenZiti, such as circuit; by an old name, such as fabric.circuits, events get the old namespace.',
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
  interval: setting(duration({ least: SHORTEST_MS }), {
    default: undefined,
    description: 'Accepted for entityCount; events that come in are never resampled.',
    example: '5m',
  }),
});

/** `events.NAME.handler`: of all types together; each says which are its own. */
export const handlerGroup = group({
  type: setting(oneOf(...handlerTypes), { default: undefined, description: 'What the handler writes to.' }),
  ...settingsOf(layoutOptions),
  ...settingsOf(typeOptions),
  ...settingsOf(deliveryOptions),
});
