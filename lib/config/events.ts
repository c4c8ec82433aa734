import { resolve } from 'node:path';
import type { Format, HandlerConfig, OperatorConfig, SubscriptionConfig } from '../config.ts';
import { eventTypes } from './event-types.ts';
import { nearest } from './nearest.ts';
import { type ConfigNode, isAbsent, type MapNode, placeText } from './node.ts';
import { handlerGroup, handlerTypes, subscriptionGroup } from './schema.ts';
import { readGroup, type Sources, warnOfStrangers } from './setting.ts';
import { anyOf, unfit } from './value.ts';

/** OpenZiti's handlers that lead to systems which mirrormon does not write to. */
const foreignHandlers = ['amqp', 'servicebus'];

/** Which keys mean something to which handlers; the others concern them all. */
const keysOf: Readonly<Record<string, readonly string[]>> = {
  file: ['path', 'maxsizemb', 'maxbackups'],
  stdout: [],
  prometheus: ['address', 'fallbackAddress'],
  otlp: ['url'],
};

const formatsOf: Readonly<Record<string, readonly Format[]>> = {
  file: ['json', 'logs'],
  stdout: ['json', 'table', 'logs'],
};

/** Reads `events`: a handler with its subscriptions for every entry that can be used. */
export function readEvents(
  node: ConfigNode | undefined,
  operator: OperatorConfig,
  sources: Sources,
): HandlerConfig[] {
  if (isAbsent(node)) return [];
  if (node.kind !== 'map') {
    unfit(node, 'events', 'a map of names to { subscriptions, handler }', sources);
    return [];
  }
  const handlers: HandlerConfig[] = [];
  for (const [name, { value }] of node.entries) {
    const path = `events.${name}`;
    if (value.kind === 'map') {
      const handler = readEntry(name, value, path, operator, sources);
      if (handler !== undefined) handlers.push(handler);
    } else {
      const hint = 'an entry is a map of subscriptions and handler';
      sources.problems.warning(
        value.origin,
        path,
        `${path} is no map and is ignored, as OpenZiti does`,
        hint,
      );
    }
  }
  refuseSharedPaths(node, handlers, sources);
  return handlers;
}

function readEntry(
  name: string,
  entry: MapNode,
  path: string,
  operator: OperatorConfig,
  sources: Sources,
): HandlerConfig | undefined {
  warnOfStrangers(['subscriptions', 'handler'], entry, path, sources);
  const handler = readHandler(entry, `${path}.handler`, operator, sources);
  const level = handler?.type === 'otlp' ? operator.otelLogLevel : operator.logLevel;
  const subscriptions = readSubscriptions(entry, path, level, sources);
  return handler && subscriptions && { name, ...handler, subscriptions };
}

type HandlerPart = Omit<HandlerConfig, 'name' | 'subscriptions'>;

function readHandler(
  entry: MapNode,
  path: string,
  operator: OperatorConfig,
  sources: Sources,
): HandlerPart | undefined {
  const { problems } = sources;
  const node = entry.entries.get('handler')?.value;
  if (isAbsent(node)) {
    const hint = 'add handler: { type: file, format: json, path: … }';
    problems.error(entry.origin, path, `${path} is missing`, hint);
    return undefined;
  }
  if (node.kind !== 'map') return unfit(node, path, 'a map with a type', sources);

  const typeNode = node.entries.get('type')?.value;
  if (isAbsent(typeNode)) {
    problems.error(node.origin, path, `${path} has no type`, `add type: ${anyOf(handlerTypes)}`);
    return undefined;
  }
  if (typeNode.kind === 'scalar' && foreignHandlers.includes(typeNode.text)) {
    const message = `${path}.type ${typeNode.text} is OpenZiti's own; mirrormon leaves events.${path.split('.')[1]} out`;
    problems.warning(typeNode.origin, `${path}.type`, message, `it knows ${anyOf(handlerTypes)}`);
    return undefined;
  }

  const read = readGroup(handlerGroup, node, path, sources);
  if (read.type === undefined) return undefined;
  const { type } = read;
  warnOfIdleKeys(type, node, path, sources);
  requireKeys(type, node, path, sources);
  const { format = 'json', maxsizemb, address, fallbackAddress, ...others } = read;
  const fits = formatsOf[type]?.includes(format) ?? true;
  if (!fits && read.format !== undefined) {
    const at = node.entries.get('format')!.value;
    unfit(at, `${path}.format`, `${anyOf(formatsOf[type]!)} for a ${type} handler`, sources);
  }
  return {
    ...others,
    type,
    format,
    // lumberjack, which rolls OpenZiti's files, takes 0 for 100.
    maxsizemb: maxsizemb === 0 ? 100 : maxsizemb,
    ...(type === 'prometheus' && {
      address: address ?? operator.metricsAddr,
      fallbackAddress: fallbackAddress ?? (address === undefined ? operator.metricsFallbackAddr : undefined),
    }),
    place: placeText(node.origin),
  };
}

function requireKeys(type: string, node: MapNode, path: string, { problems }: Sources): void {
  const missing = (key: string) => isAbsent(node.entries.get(key)?.value);
  if (type === 'file' && missing('path')) {
    problems.error(
      node.origin,
      path,
      `${path} has no path`,
      'add the file to write, path: /var/log/metrics.log',
    );
  }
  if (type === 'file' && missing('format')) {
    problems.error(node.origin, path, `${path} has no format`, 'add format: json');
  }
  if (type === 'otlp' && missing('url')) {
    const hint = 'add the full URL, url: http://collector:4318/v1/logs';
    problems.error(node.origin, path, `${path} has no url`, hint);
  }
}

function warnOfIdleKeys(type: string, node: MapNode, path: string, { problems }: Sources): void {
  for (const [other, keys] of Object.entries(keysOf)) {
    if (other === type) continue;
    for (const key of keys) {
      const entry = node.entries.get(key);
      if (entry === undefined) continue;
      const message = `${path}.${key} has no effect on a ${type} handler`;
      problems.warning(entry.origin, `${path}.${key}`, message, `it belongs to ${other} handlers`);
    }
  }
}

/** Two rolling files of one name would roll each other away. */
function refuseSharedPaths(events: MapNode, handlers: readonly HandlerConfig[], { problems }: Sources): void {
  const owners = new Map<string, string>();
  for (const { name, type, path } of handlers) {
    if (type !== 'file' || path === undefined) continue;
    const file = resolve(path);
    const owner = owners.get(file);
    if (owner === undefined) {
      owners.set(file, name);
      continue;
    }
    const entry = events.entries.get(name)!.value as MapNode;
    const handler = entry.entries.get('handler')!.value as MapNode;
    const full = `events.${name}.handler.path`;
    const message = `${full} is the file that events.${owner} writes already, ${path}`;
    const hint = 'give each handler a file of its own, or one handler both subscriptions';
    problems.error(handler.entries.get('path')!.value.origin, full, message, hint);
  }
}

function readSubscriptions(
  entry: MapNode,
  entryPath: string,
  level: string,
  sources: Sources,
): SubscriptionConfig[] | undefined {
  const path = `${entryPath}.subscriptions`;
  const node = entry.entries.get('subscriptions')?.value;
  if (isAbsent(node)) {
    sources.problems.error(
      entry.origin,
      path,
      `${path} is missing`,
      'add subscriptions: [{ type: metrics }]',
    );
    return undefined;
  }
  if (node.kind !== 'list') {
    const hint = node.kind === 'map' ? 'begin each subscription with a dash: - type: metrics' : undefined;
    return unfit(node, path, 'a list', sources, hint);
  }
  return node.items
    .map((item, k) => readSubscription(item, `${path}[${k}]`, level, sources))
    .filter((subscription) => subscription !== undefined);
}

function readSubscription(
  node: ConfigNode,
  path: string,
  level: string,
  sources: Sources,
): SubscriptionConfig | undefined {
  if (node.kind !== 'map') return unfit(node, path, 'a map with a type', sources);
  const typeNode = node.entries.get('type')?.value;
  if (isAbsent(typeNode)) {
    sources.problems.error(
      node.origin,
      path,
      `${path} has no type`,
      'add type: metrics, type: logs or an event type',
    );
    return undefined;
  }
  const read = readGroup(subscriptionGroup, node, path, sources);
  if (read.type === undefined) return undefined;
  if (!eventTypes.includes(read.type)) {
    const near = nearest(read.type, eventTypes);
    const hint = near === undefined ? '' : `did you mean ${near}? `;
    sources.problems.warning(
      typeNode.origin,
      `${path}.type`,
      `${path}.type ${read.type} is no event type, so this subscription is ignored, as OpenZiti does`,
      `${hint}valid types are ${anyOf(eventTypes)}`,
    );
    return undefined;
  }
  return { ...forType(read, level), place: placeText(node.origin) };
}

type SubscriptionValues = ReturnType<typeof readGroup<(typeof subscriptionGroup)['fields']>>;

/** OpenZiti passes over options that a type does not have. */
function forType(read: SubscriptionValues, level: string): Omit<SubscriptionConfig, 'place'> {
  const type = read.type!;
  if (type === 'metrics') {
    return { type, sourceFilter: read.sourceFilter, metricFilter: read.metricFilter };
  }
  if (type === 'logs') {
    const { messageFilter, fieldFilter } = read;
    return { type, level: read.level ?? level, messageFilter, fieldFilter };
  }
  return { type, version: type.endsWith('usage') ? read.version : undefined, include: read.include };
}
