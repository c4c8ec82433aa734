/** How a metric appears in reports: the OpenZiti metric type. */
export type EventType = 'intValue' | 'floatValue' | 'meter' | 'histogram' | 'timer';

/** A metrics event in the terms that versions 2 and 3 share. */
export interface MetricEvent {
  readonly metric_type: EventType;
  readonly namespace: 'metrics';
  readonly source_id: string;
  readonly source_entity_id?: string | undefined;
  readonly metric: string;
  /** Key to number; written in ascending order of keys. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** From when to when it is, of a report of an interval alone: RFC 3339. */
  readonly interval_start?: string | undefined;
  readonly interval_end?: string | undefined;
}
