import type { Kind, Kinds } from '../batch/kinds.ts';
import type { Wants } from '../batch/wants.ts';
import type { SubscriptionConfig } from '../config.ts';
import { kindOfType, typeOfSubscription } from '../events/namespaces.ts';
import { openEventSelector } from './event-selector.ts';
import { LogSelector } from './log-selector.ts';
import { MetricSelector } from './metric-selector.ts';
import { everything, type Selector } from './selector.ts';

/** A subscription ready to run. */
export interface Subscription {
  /** Indexed by kind: whether records of the kind are looked at. */
  readonly kinds: Uint8Array;
  readonly selector: Selector;
}

/** Compiles a checked subscription. `kinds` must be complete. */
export function openSubscription(config: SubscriptionConfig, kinds: Kinds, wants: Wants): Subscription {
  const selected = kinds.all.filter(kindsOf(config));
  const selector = selectorOf(config, wants);
  const ids = selected.map(({ id }) => id);
  for (const column of selector.reads ?? []) wants.reads(column, ids);
  return { kinds: Uint8Array.from(kinds.all, (kind) => (selected.includes(kind) ? 1 : 0)), selector };
}

function kindsOf({ type }: SubscriptionConfig): (kind: Kind) => boolean {
  if (type === 'logs') return ({ stream }) => stream === 'log';
  if (type === 'spans') return ({ stream }) => stream === 'span';
  const event = typeOfSubscription(type);
  return ({ name }) => event !== undefined && name === kindOfType(event);
}

function selectorOf(config: SubscriptionConfig, wants: Wants): Selector {
  if (config.type === 'logs') return new LogSelector(config, wants);
  if (config.type === 'spans') return everything;
  const isOfMetrics = typeOfSubscription(config.type) === 'metrics';
  return isOfMetrics ? new MetricSelector(config, wants) : openEventSelector(config, wants);
}
