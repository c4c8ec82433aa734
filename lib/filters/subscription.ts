import type { Kinds } from '../batch/kinds.ts';
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
  if (config.type === 'logs') {
    return { kinds: mask(kinds, (kind) => kind.stream === 'log'), selector: new LogSelector(config, wants) };
  }
  if (config.type === 'spans') {
    return { kinds: mask(kinds, (kind) => kind.stream === 'span'), selector: everything };
  }
  const type = typeOfSubscription(config.type);
  const selected = mask(kinds, (kind) => type !== undefined && kind.name === kindOfType(type));
  const selector = type === 'metrics' ? new MetricSelector(config, wants) : openEventSelector(config, wants);
  return { kinds: selected, selector };
}

function mask(kinds: Kinds, selects: (kind: Kinds['all'][number]) => boolean): Uint8Array {
  return Uint8Array.from(kinds.all, (kind) => (selects(kind) ? 1 : 0));
}
