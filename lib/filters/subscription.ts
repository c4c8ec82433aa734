import type { Batch } from '../batch.ts';
import type { SubscriptionConfig } from '../config.ts';
import type { Wants } from '../fields.ts';
import type { Kinds } from '../kinds.ts';
import { typeOfSubscription } from '../ziti/namespaces.ts';
import { kindOfType } from '../ziti/system.ts';
import { LogSelector } from './log-selector.ts';
import { MetricSelector } from './metric-selector.ts';

/** Decides row by row for one subscription. Bound to a batch first, so that columns are looked up once per batch. */
export interface Selector {
  bind(batch: Batch): void;
  selects(row: number): boolean;
  /** Of the row selected last: the keys of its metrics to pass on; undefined = the record as it is. */
  readonly keys: readonly string[] | undefined;
}

/** A subscription ready to run. */
export interface Subscription {
  /** Indexed by kind: whether records of the kind are looked at. */
  readonly kinds: Uint8Array;
  readonly selector: Selector;
}

/** Selects everything of its kinds. */
const everything: Selector = { bind: () => {}, selects: () => true, keys: undefined };

/** Compiles a checked subscription. `kinds` must be complete. */
export function openSubscription(config: SubscriptionConfig, kinds: Kinds, wants: Wants): Subscription {
  if (config.type === 'logs') {
    return { kinds: mask(kinds, (kind) => kind.stream === 'log'), selector: new LogSelector(config, wants) };
  }
  const type = typeOfSubscription(config.type);
  const selected = mask(kinds, (kind) => type !== undefined && kind.name === kindOfType(type));
  return { kinds: selected, selector: type === 'metrics' ? new MetricSelector(config, wants) : everything };
}

function mask(kinds: Kinds, selects: (kind: Kinds['all'][number]) => boolean): Uint8Array {
  return Uint8Array.from(kinds.all, (kind) => (selects(kind) ? 1 : 0));
}
