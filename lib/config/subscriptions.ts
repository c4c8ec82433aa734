import type { SubscriptionConfig } from '../config.ts';
import { subscriptionNames } from '../events/namespaces.ts';
import { includeOf, optionsOf } from '../events/subscription-options.ts';
import { nearest } from '../text/nearest.ts';
import { subscriptionGroup } from './event-schema.ts';
import { type ConfigNode, isAbsent, type MapNode, type Origin, placeText } from './node.ts';
import type { Reading } from './reading.ts';
import { text } from './scalars.ts';
import { type Fields, type Group, group, readGroup, type Values } from './setting.ts';
import { anyOf, unfit } from './value-kind.ts';

/** Reads the subscriptions of an entry that stands at `around`; `level` is what its log subscriptions default to. */
export function readSubscriptions(
  node: ConfigNode | undefined,
  around: Origin,
  path: string,
  level: string,
  reading: Reading,
): SubscriptionConfig[] | undefined {
  if (isAbsent(node)) {
    reading.problems.error(around, path, `${path} is missing`, 'add subscriptions: [{ type: metrics }]');
    return undefined;
  }
  if (node.kind !== 'list') {
    const hint = node.kind === 'map' ? 'begin each subscription with a dash: - type: metrics' : undefined;
    return unfit(node, path, 'a list', reading, hint);
  }
  return node.items
    .map((item, k) => readSubscription(item, `${path}[${k}]`, level, reading))
    .filter((subscription) => subscription !== undefined);
}

function readSubscription(
  node: ConfigNode,
  path: string,
  level: string,
  reading: Reading,
): SubscriptionConfig | undefined {
  if (node.kind !== 'map') return unfit(node, path, 'a map with a type', reading);
  const typeNode = node.entries.get('type')?.value;
  if (isAbsent(typeNode)) {
    reading.problems.error(
      node.origin,
      path,
      `${path} has no type`,
      'add type: metrics, type: logs or an event type',
    );
    return undefined;
  }
  const type = text.read(typeNode, `${path}.type`, reading);
  if (type === undefined) return undefined;
  if (!types.includes(type)) {
    warnOfUnknownType(typeNode, type, path, reading);
    return undefined;
  }
  const options = ownOptions[type] ?? optionsOf(type);
  warnOfIdleOptions(type, options, node, path, reading);
  const read = readGroup(groupOf(options), node, path, reading);
  const include = checkInclude(type, read, node, path, reading);
  return { ...forType(type, read, level, include), place: placeText(node.origin) };
}

/** Our own subscription types and OpenZiti's, in the order in which messages name them. */
const types: readonly string[] = [
  'metrics',
  'logs',
  'spans',
  ...subscriptionNames.filter((name) => name !== 'metrics'),
];

const ownOptions: Readonly<Record<string, readonly string[]>> = {
  logs: ['level', 'messageFilter', 'fieldFilter'],
  spans: [],
};

type SubscriptionFields = (typeof subscriptionGroup)['fields'];
type SubscriptionValues = Partial<Values<SubscriptionFields>>;

/** Only what a type has is read: a controller passes over the rest, so a mistake in it is none. */
function groupOf(options: readonly string[]): Group<Partial<SubscriptionFields> & Fields> {
  const all = Object.entries(subscriptionGroup.fields);
  const own = all.filter(([key]) => key === 'type' || options.includes(key));
  return group(Object.fromEntries(own), { foreign: all.map(([key]) => key) });
}

function warnOfUnknownType(node: ConfigNode, type: string, path: string, { problems }: Reading): void {
  const near = nearest(type, types);
  const hint = near === undefined ? '' : `did you mean ${near}? `;
  problems.warning(
    node.origin,
    `${path}.type`,
    `${path}.type ${type} is no event type, so this subscription is ignored, as OpenZiti does`,
    `${hint}valid types are ${anyOf(types)}`,
  );
}

function warnOfIdleOptions(
  type: string,
  options: readonly string[],
  node: MapNode,
  path: string,
  { problems }: Reading,
): void {
  for (const key of Object.keys(subscriptionGroup.fields)) {
    const entry = node.entries.get(key);
    if (key === 'type' || entry === undefined || options.includes(key)) continue;
    const message = `${path}.${key} has no effect on a subscription of type ${type}`;
    const hint = options.length === 0 ? 'it has no options' : `its options are ${options.join(', ')}`;
    problems.warning(entry.origin, `${path}.${key}`, message, hint);
  }
}

/** The words of `include` that count; undefined = all events. */
function checkInclude(
  type: string,
  { include: words, version }: SubscriptionValues,
  node: MapNode,
  path: string,
  { problems }: Reading,
): readonly string[] | undefined {
  const rule = includeOf(type);
  const written = node.entries.get('include')?.value;
  if (rule === undefined || words === undefined || written === undefined) return undefined;
  const at = `${path}.include`;
  if (type.endsWith('usage') && version !== 3) {
    const message = `${at} has no effect on usage events of version 2, as in OpenZiti`;
    problems.warning(written.origin, at, message, 'add version: 3');
    return undefined;
  }
  if (words.length === 0) {
    // there an empty list of kinds is all of them
    if (rule.field === 'event_type') return undefined;
    problems.error(written.origin, at, `${at} is empty, which selects nothing`, 'leave it out for all');
    return undefined;
  }
  for (const [k, word] of words.entries()) {
    const { words: valid, open } = rule;
    if (valid === undefined || valid.includes(word)) continue;
    const { origin } = written.kind === 'list' ? written.items[k]! : written;
    const near = nearest(word, valid);
    const meant = near && `did you mean ${near}?`;
    if (open) problems.warning(origin, at, `${at} names ${word}, which no known controller has`, meant);
    else problems.error(origin, at, `${at} must be ${anyOf(valid)}, not ${JSON.stringify(word)}`, meant);
  }
  return words;
}

function forType(
  type: string,
  read: SubscriptionValues,
  level: string,
  include: readonly string[] | undefined,
): Omit<SubscriptionConfig, 'place'> {
  switch (type) {
    case 'metrics':
      return { type, sourceFilter: read.sourceFilter, metricFilter: read.metricFilter };
    case 'logs':
      return {
        type,
        level: read.level ?? level,
        messageFilter: read.messageFilter,
        fieldFilter: read.fieldFilter,
      };
    case 'entityChange':
      return { type, include, includeParentEvents: read.includeParentEvents };
    default:
      return { type, version: read.version, include };
  }
}
