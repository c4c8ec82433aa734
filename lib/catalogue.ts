import type { MetricType } from './handler.ts';

/** A label of a metric and the record's field that gives it. */
export interface LabelDefinition {
  readonly name: string;
  /** A field as a subscription's fieldFilter names it, such as `client_user` or `kubernetes.namespace_name`. */
  readonly field: string;
}

/** Which records a metric is measured from. Every condition that is given must hold. */
export interface Condition {
  /** Kind of record, such as `session-start`, or several; any log record where neither is given. */
  readonly kind?: string | readonly string[] | undefined;
  /** RE2 expression on the message. */
  readonly message?: string | undefined;
  /** Field name to RE2 expression. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** How a metric appears in reports: the OpenZiti metric type. */
export type EventType = 'intValue' | 'floatValue' | 'meter' | 'histogram' | 'timer';

/** One line of the catalogue; a user's `metrics.rules` have the same form. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  /** `seconds` makes a histogram a timer in reports. */
  readonly unit?: string | undefined;
  readonly labels: readonly LabelDefinition[];
  /** Ascending upper bounds, without +Inf. */
  readonly buckets?: readonly number[] | undefined;
  /** First version of the system that has it. */
  readonly since?: string | undefined;
  /** undefined: functional logs do not carry it; it comes from metric-bearing records or events of its name. */
  readonly when?: Condition | undefined;
  /** The field whose number is measured; undefined = 1 per record. */
  readonly value?: string | undefined;
}

/** A counter is a meter in reports, a gauge a floatValue, a histogram of seconds a timer. */
export function eventTypeOf(definition: Pick<MetricDefinition, 'type' | 'unit'>): EventType {
  if (definition.type === 'counter') return 'meter';
  if (definition.type === 'gauge') return 'floatValue';
  return definition.unit === 'seconds' ? 'timer' : 'histogram';
}
