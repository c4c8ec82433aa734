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

/**
 * Whether a metric is one of OpenZiti's, by its name: those have dots (pool.link.dialer.work_timer) or are paths; ours, and
 * those of rules, are names as Prometheus has them, with neither.
 */
export function isOfOpenZiti(metric: string): boolean {
  return /[./]/.test(metric);
}

/** Its histograms of times. */
const times = /\.(latency|queue_time)$/;

/**
 * Seconds in one of what the value, or the distribution, of a metrics event is in; undefined where that is no time. Events do
 * not say it: OpenZiti's timers are in nanoseconds, and so are its histograms of latencies and of times in queues, as a real
 * controller writes them; timers that mirrormon makes are in seconds, and so are gauges whose name says it.
 */
export function timeUnitOf(metric: string, type: string): number | undefined {
  if (type === 'timer') return isOfOpenZiti(metric) ? 1e-9 : 1;
  if (type === 'floatValue' || type === 'intValue') return metric.endsWith('_seconds') ? 1 : undefined;
  return type === 'histogram' && times.test(metric) ? 1e-9 : undefined;
}
