import { resolve } from 'node:path';
import type { Format, HandlerConfig, OperatorConfig } from '../config.ts';
import { handlerGroup, handlerTypes } from './event-schema.ts';
import { type ConfigNode, isAbsent, type MapEntry, type MapNode, type Origin, placeText } from './node.ts';
import type { Reading } from './reading.ts';
import { readGroup, warnOfStrangers } from './setting.ts';
import { readSubscriptions } from './subscriptions.ts';
import { anyOf, unfit } from './value-kind.ts';

/** OpenZiti's handlers that lead to systems which mirrormon does not write to. */
const foreignHandlers = ['amqp', 'servicebus'];

/** Which keys mean something to which handlers; the others concern them all. */
const keysOf: Readonly<Record<string, readonly string[]>> = {
  file: ['path', 'maxsizemb', 'maxbackups'],
  stdout: [],
  prometheus: ['address', 'fallbackAddress'],
  otlp: ['url'],
};

/** Which of them are indispensable, and how to add them. */
const requiredOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  file: { path: 'add path: /var/log/metrics.log', format: 'add format: json' },
  otlp: { url: 'add the full URL, url: http://collector:4318/v1/logs' },
};

const formatsOf: Readonly<Record<string, readonly Format[]>> = {
  file: ['json', 'logs'],
  stdout: ['json', 'table', 'logs'],
};

/** Reads `events`: a handler with its subscriptions for every entry that can be used. */
export function readEvents(
  node: ConfigNode | undefined,
  operator: OperatorConfig,
  reading: Reading,
): HandlerConfig[] {
  if (isAbsent(node)) return [];
  if (node.kind !== 'map') {
    unfit(node, 'events', 'a map of names to { subscriptions, handler }', reading);
    return [];
  }
  const handlers: HandlerConfig[] = [];
  for (const [name, { origin, value }] of node.entries) {
    const path = `events.${name}`;
    if (value.kind === 'map') {
      const handler = readEntry(name, value, origin, operator, reading);
      if (handler !== undefined) handlers.push(handler);
    } else {
      const hint = 'an entry is a map of subscriptions and handler';
      reading.problems.warning(
        value.origin,
        path,
        `${path} is no map and is ignored, as OpenZiti does`,
        hint,
      );
    }
  }
  refuseSharedPaths(node, handlers, reading);
  return handlers;
}

function readEntry(
  name: string,
  entry: MapNode,
  origin: Origin,
  operator: OperatorConfig,
  reading: Reading,
): HandlerConfig | undefined {
  const path = `events.${name}`;
  warnOfStrangers(['subscriptions', 'handler'], entry, path, reading);
  const handler = readHandler(entry.entries.get('handler'), origin, `${path}.handler`, operator, reading);
  const level = handler?.type === 'otlp' ? operator.otelLogLevel : operator.logLevel;
  const subscriptions = readSubscriptions(
    entry.entries.get('subscriptions')?.value,
    origin,
    `${path}.subscriptions`,
    level,
    reading,
  );
  return handler && subscriptions && { name, ...handler, subscriptions };
}

type HandlerPart = Omit<HandlerConfig, 'name' | 'subscriptions'>;

function readHandler(
  entry: MapEntry | undefined,
  around: Origin,
  path: string,
  operator: OperatorConfig,
  reading: Reading,
): HandlerPart | undefined {
  const { problems } = reading;
  const node = entry?.value;
  if (entry === undefined || isAbsent(node)) {
    const hint = 'add handler: { type: file, format: json, path: … }';
    problems.error(around, path, `${path} is missing`, hint);
    return undefined;
  }
  if (node.kind !== 'map') return unfit(node, path, 'a map with a type', reading);

  const typeNode = node.entries.get('type')?.value;
  if (isAbsent(typeNode)) {
    problems.error(entry.origin, path, `${path} has no type`, `add type: ${anyOf(handlerTypes)}`);
    return undefined;
  }
  if (typeNode.kind === 'scalar' && foreignHandlers.includes(typeNode.text)) {
    const message = `${path}.type ${typeNode.text} is not one that mirrormon writes to; this entry is left out`;
    problems.warning(typeNode.origin, `${path}.type`, message, `handlers here are ${anyOf(handlerTypes)}`);
    return undefined;
  }

  const read = readGroup(handlerGroup, node, path, reading);
  if (read.type === undefined) return undefined;
  const { type } = read;
  warnOfIdleKeys(type, node, path, reading);
  requireKeys(type, node, entry.origin, path, reading);
  const { format = 'json', maxsizemb, address, fallbackAddress, ...others } = read;
  const fits = formatsOf[type]?.includes(format) ?? true;
  if (!fits && read.format !== undefined) {
    const at = node.entries.get('format')!.value;
    unfit(at, `${path}.format`, `${anyOf(formatsOf[type]!)} for a ${type} handler`, reading);
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

function requireKeys(type: string, node: MapNode, at: Origin, path: string, { problems }: Reading): void {
  for (const [key, advice] of Object.entries(requiredOf[type] ?? {})) {
    if (isAbsent(node.entries.get(key)?.value)) {
      problems.error(at, path, `${path} has no ${key}, which a ${type} handler needs`, advice);
    }
  }
}

function warnOfIdleKeys(type: string, node: MapNode, path: string, { problems }: Reading): void {
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
function refuseSharedPaths(events: MapNode, handlers: readonly HandlerConfig[], { problems }: Reading): void {
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
