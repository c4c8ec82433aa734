import type { Field, Wants } from '../batch/wants.ts';

/** The fields of a metrics event that subscriptions look at. */
export interface EventFields {
  readonly namespace: Field;
  readonly sourceId: Field;
  readonly metric: Field;
  readonly metricType: Field;
  readonly metrics: Field;
}

export function eventFields(wants: Wants): EventFields {
  const top = (name: string): Field => wants.field(name, [[name]]);
  return {
    namespace: top('namespace'),
    sourceId: top('source_id'),
    metric: top('metric'),
    metricType: top('metric_type'),
    metrics: top('metrics'),
  };
}
