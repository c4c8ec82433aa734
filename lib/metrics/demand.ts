import type { Config } from '../config.ts';
import type { EventType } from '../events/metric-event.ts';
import { typeOfSubscription } from '../events/namespaces.ts';
import { Expression } from '../filters/expression.ts';
import { eventKeys } from './series-tables.ts';

/** Whether anyone sees a metric: no series are kept of others. */
export type IsRead = (metric: string, type: EventType) => boolean;

const MOST_REMEMBERED = 4096;

export const allAreRead: IsRead = () => true;

/**
 * What handlers can see of what is measured: all of it where they are read themselves, else those metrics of whose
 * events a subscription can select anything.
 * @returns undefined if they see nothing
 */
export function metricsRead({ handlers }: Config): IsRead | undefined {
  if (handlers.some(({ type }) => type === 'prometheus')) return allAreRead;
  const filters = handlers
    .flatMap(({ subscriptions }) => subscriptions)
    .filter(({ type }) => typeOfSubscription(type) === 'metrics')
    .map(({ metricFilter = '' }) => new Expression(metricFilter));
  if (filters.length === 0) return undefined;
  if (filters.some(({ matchesAll }) => matchesAll)) return allAreRead;
  return remembered((metric, type) =>
    eventKeys(type).some((key) => filters.some((filter) => filter.test(`${metric}.${key}`))),
  );
}

/** Records may name ever new metrics, so not for ever. */
function remembered(isRead: IsRead): IsRead {
  const known = new Map<string, boolean>();
  return (metric, type) => {
    const name = `${type} ${metric}`;
    let found = known.get(name);
    if (found === undefined) {
      found = isRead(metric, type);
      if (known.size === MOST_REMEMBERED) known.clear();
      known.set(name, found);
    }
    return found;
  };
}
