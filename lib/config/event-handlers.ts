import { resolve } from 'node:path';
import type { HandlerConfig, OnError, OperatorConfig, SubscriptionConfig } from '../config.ts';
import { handlerSpecs, handlerTypes } from '../handlers/handler-specs.ts';
import type { HandlerSpec } from '../handlers/spec.ts';
import { handlerGroup } from './event-schema.ts';
import { type ConfigNode, isAbsent, type MapEntry, type MapNode, type Origin, placeText } from './node.ts';
import type { Reading } from './reading.ts';
import { readGroup, warnOfStrangers } from './setting.ts';
import { readSubscriptions } from './subscriptions.ts';
import { anyOf, unfit } from './value-kind.ts';

/** OpenZiti's handlers that lead to systems which mirrormon does not write to. */
const foreignHandlers = ['amqp', 'servicebus'];

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
      const [home] = reading.homesOf(name, true);
      const hint =
        home === undefined ? 'an entry is a map of subscriptions and handler' : `${name} belongs to ${home}`;
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
  const level = operator[handlerSpecs[handler?.type ?? 'stdout'].level];
  const subscriptions = readSubscriptions(
    entry.entries.get('subscriptions')?.value,
    origin,
    `${path}.subscriptions`,
    level,
    reading,
  );
  if (handler === undefined || subscriptions === undefined) return undefined;
  refuseMixedSpans(handler.type, subscriptions, origin, path, reading);
  if (handler.type === 'otlp') warnOfWhatIsNotExported(entry, subscriptions, path, reading);
  return { name, ...handler, subscriptions };
}

/** Sessions become spans in an export alone, and one request holds spans or log records. */
function refuseMixedSpans(
  type: string,
  subscriptions: readonly SubscriptionConfig[],
  origin: Origin,
  path: string,
  { problems }: Reading,
): void {
  const spans = subscriptions.filter((subscription) => subscription.type === 'spans');
  if (spans.length === 0 || (type === 'otlp' && spans.length === subscriptions.length)) return;
  const message =
    type === 'otlp'
      ? `${path} exports spans and other things, which go to different URLs`
      : `${path} subscribes to spans, which ${aHandler(type)} cannot write`;
  problems.error(
    origin,
    path,
    message,
    'give spans an entry of their own with handler: { type: otlp, url: …/v1/traces }',
  );
}

/** What an export has no form for is dropped, and counted: better known before. */
function warnOfWhatIsNotExported(
  entry: MapNode,
  subscriptions: readonly SubscriptionConfig[],
  path: string,
  { problems }: Reading,
): void {
  const list = entry.entries.get('subscriptions')!.value;
  if (list.kind !== 'list') return;
  list.items.forEach(({ origin }, k) => {
    const type = subscriptions.find(({ place }) => place === placeText(origin))?.type;
    if (type === undefined || type === 'logs' || type === 'spans') return;
    const at = `${path}.subscriptions[${k}]`;
    const message = `${at} selects ${type}, which an otlp handler does not export, and drops`;
    problems.warning(origin, at, message, 'it exports logs, and spans');
  });
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
  const spec: HandlerSpec = handlerSpecs[read.type];
  warnOfIdleKeys(spec, node, path, reading);
  warnOfIdlePatience(spec, read, node, path, reading);
  requireKeys(spec, node, entry.origin, path, reading);
  const {
    format = spec.formats[0] ?? 'json',
    onError,
    maxsizemb,
    address,
    fallbackAddress,
    webConfig,
    spool,
    ...others
  } = read;
  if (spec.formats.length > 0) checkWord('format', read.format, spec.formats, spec, node, path, reading);
  else if (read.format !== undefined && read.format !== 'json') {
    const { origin } = node.entries.get('format')!;
    const at = `${path}.format`;
    reading.problems.warning(origin, at, `${at} has no effect on ${aHandler(spec.type)}`, 'leave it out');
  }
  checkWord('onError', onError, spec.onError, spec, node, path, reading);
  return {
    ...others,
    type: spec.type,
    format,
    onError: onError ?? defaultOnError(spec),
    // lumberjack, which rolls OpenZiti's files, takes 0 for 100.
    maxsizemb: maxsizemb === 0 ? 100 : maxsizemb,
    ...('spool' in spec.options && { spool }),
    ...(spec.type === 'prometheus' && {
      address: address ?? operator.metricsAddr,
      webConfig: webConfig ?? operator.metricsWebConfig,
      fallbackAddress: fallbackAddress ?? (address === undefined ? operator.metricsFallbackAddr : undefined),
    }),
    place: placeText(node.origin),
  };
}

/** Where a spool is the default, it is that of live runs alone, so what counts is known only later. */
export function defaultOnError({ onError: [first] }: HandlerSpec): OnError | undefined {
  return first === 'spool' ? undefined : first;
}

/** Of a word that is valid for some handlers: whether this one takes it. */
function checkWord(
  key: string,
  word: string | undefined,
  words: readonly string[],
  { type }: HandlerSpec,
  node: MapNode,
  path: string,
  reading: Reading,
): void {
  if (word === undefined || words.includes(word)) return;
  unfit(node.entries.get(key)!.value, `${path}.${key}`, `${anyOf(words)} for ${aHandler(type)}`, reading);
}

function requireKeys(
  { type, options, formatRequired }: HandlerSpec,
  node: MapNode,
  at: Origin,
  path: string,
  { problems }: Reading,
): void {
  const advices = Object.entries(options).map(
    ([key, spec]) => [key, 'required' in spec && spec.required] as const,
  );
  for (const [key, advice] of [...advices, ['format', formatRequired] as const]) {
    if (advice && isAbsent(node.entries.get(key)?.value)) {
      problems.error(at, path, `${path} has no ${key}, which ${aHandler(type)} needs`, advice);
    }
  }
}

function warnOfIdleKeys(
  { type, options }: HandlerSpec,
  node: MapNode,
  path: string,
  { problems }: Reading,
): void {
  for (const [key, { origin }] of node.entries) {
    const owners = Object.values(handlerSpecs).filter((other) => key in other.options);
    if (owners.length === 0 || key in options) continue;
    const message = `${path}.${key} has no effect on ${aHandler(type)}`;
    const whose = owners.map((owner) => owner.type).join(' and ');
    problems.warning(origin, `${path}.${key}`, message, `it belongs to ${whose} handlers`);
  }
}

/** Keys that only one way of failing has a use for, where another one is said. A default is no wish: it is printed, too. */
function warnOfIdlePatience(
  spec: HandlerSpec,
  { onError: said, retryFor, spool }: Pick<HandlerPart, 'onError' | 'retryFor' | 'spool'>,
  node: MapNode,
  path: string,
  { problems }: Reading,
): void {
  const onError = said ?? defaultOnError(spec);
  if (onError === undefined || !spec.onError.includes(onError)) return;
  const tell = (key: string, wanted: OnError): void => {
    const entry = node.entries.get(key);
    if (entry === undefined || isAbsent(entry.value)) return;
    const message = `${path}.${key} has no effect with onError: ${onError}`;
    problems.warning(entry.origin, `${path}.${key}`, message, `it is of onError: ${wanted}`);
  };
  const isLong = retryFor !== handlerGroup.fields.retryFor.default;
  if (isLong && (onError === 'wait' || onError === 'drop')) tell('retryFor', 'fail');
  if (onError !== 'spool' && 'spool' in spec.options && spool?.path !== undefined) tell('spool', 'spool');
}

const aHandler = (type: string): string => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type} handler`;

/** Two rolling files of one name would roll each other away, and two spools deliver one another's requests. */
function refuseSharedPaths(events: MapNode, handlers: readonly HandlerConfig[], { problems }: Reading): void {
  const owners = new Map<string, string>();
  const claim = (name: string, keys: readonly string[], path: string, verb: string, hint: string): void => {
    const key = keys.join('.');
    const place = `${key} ${resolve(path)}`;
    const owner = owners.get(place);
    if (owner === undefined) {
      owners.set(place, name);
      return;
    }
    let node: ConfigNode = events.entries.get(name)!.value;
    for (const word of ['handler', ...keys]) node = (node as MapNode).entries.get(word)!.value;
    const full = `events.${name}.handler.${key}`;
    problems.error(
      node.origin,
      full,
      `${full} is ${verb.replace('OWNER', `events.${owner}`)}, ${path}`,
      hint,
    );
  };
  for (const { name, type, path, spool } of handlers) {
    if (type === 'file' && path !== undefined) {
      const hint = 'give each handler a file of its own, or one handler both subscriptions';
      claim(name, ['path'], path, 'the file that OWNER writes already', hint);
    }
    if (spool?.path !== undefined) {
      const hint = 'give each handler a folder of its own, or leave it out: the spool is in memory then';
      claim(name, ['spool', 'path'], spool.path, 'the folder that OWNER spools in already', hint);
    }
  }
}
