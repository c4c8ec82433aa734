import type { SubscriptionConfig } from '../config.ts';
import { subscriptionGroup } from './event-schema.ts';
import { eventTypes } from './event-types.ts';
import { nearest } from './nearest.ts';
import { type ConfigNode, isAbsent, type Origin, placeText } from './node.ts';
import type { Reading } from './reading.ts';
import { readGroup } from './setting.ts';
import { anyOf, unfit } from './value.ts';

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
  const read = readGroup(subscriptionGroup, node, path, reading);
  if (read.type === undefined) return undefined;
  if (!eventTypes.includes(read.type)) {
    const near = nearest(read.type, eventTypes);
    const hint = near === undefined ? '' : `did you mean ${near}? `;
    reading.problems.warning(
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
