import type { EventType } from '../events/metric-event.ts';

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** A label of a metric and the record's field that gives it. */
export interface LabelDefinition {
  readonly name: string;
  /** A field as a subscription's fieldFilter names it, such as `client_user` or `kubernetes.namespace_name`. */
  readonly field: string;
  /** Where the field is missing or empty: a piece of another one that names several things, as `deployment/web` does. */
  readonly otherwise?: Segment | undefined;
  /** Texts that begin so are all written as it with a `*`: names that are made for one use would be a series each. */
  readonly collapse?: string | undefined;
}

/** What stands between the slashes of a field: segment 0 before the first one. */
export interface Segment {
  readonly field: string;
  readonly segment: number;
}

/** The fields that the labels are read from: one for each, and behind them those that some fall back to. */
export function fieldsOfLabels(labels: readonly LabelDefinition[]): string[] {
  return [...labels.map((label) => label.field), ...fallbacksOf(labels)];
}

function fallbacksOf(labels: readonly LabelDefinition[]): string[] {
  return [...new Set(labels.flatMap(({ otherwise }) => (otherwise === undefined ? [] : [otherwise.field])))];
}

/**
 * The values of the labels from the texts of `fieldsOfLabels`; undefined if they are those texts as they stand, which
 * saves their copy.
 */
export function labelReader(
  labels: readonly LabelDefinition[],
): ((texts: readonly string[]) => readonly string[]) | undefined {
  if (labels.every(({ otherwise, collapse }) => otherwise === undefined && collapse === undefined)) {
    return undefined;
  }
  const fallbacks = fallbacksOf(labels);
  const readers = labels.map(({ otherwise, collapse }, place) => {
    const fallback = otherwise === undefined ? place : labels.length + fallbacks.indexOf(otherwise.field);
    return (texts: readonly string[]): string => {
      let text = texts[place] ?? '';
      if (text === '' && otherwise !== undefined) {
        text = (texts[fallback] ?? '').split('/')[otherwise.segment] ?? '';
      }
      return collapse !== undefined && text.startsWith(collapse) ? `${collapse}*` : text;
    };
  });
  return (texts) => readers.map((read) => read(texts));
}

/**
 * What a field must be; all that is given must hold. Of a field that a record lacks, or that is null, nothing holds but
 * `exists: false`. Numbers may also be written as texts.
 */
export interface FieldTest {
  /** RE2 expression. */
  readonly matches?: string | undefined;
  readonly equals?: string | number | boolean | undefined;
  readonly exists?: boolean | undefined;
  readonly above?: number | undefined;
  readonly atLeast?: number | undefined;
  readonly below?: number | undefined;
  readonly atMost?: number | undefined;
}

/** Which records a metric is measured from. Every condition that is given must hold. */
export interface Condition {
  /** Kind of record, such as `session-start`, or several; any log record where neither is given. */
  readonly kind?: string | readonly string[] | undefined;
  /** RE2 expression on the message. */
  readonly message?: string | undefined;
  /** Field name to RE2 expression, or to what it must be. */
  readonly fields?: Readonly<Record<string, string | FieldTest>> | undefined;
  /** At least one of these must hold. */
  readonly any?: readonly Condition[] | undefined;
  /** This must not hold. */
  readonly not?: Condition | undefined;
}

/** How long ago the record before this one was that fits `since` and has the same text in the field `key`. */
export interface Elapsed {
  readonly since: Condition;
  readonly key: string;
}

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
  /** The field whose number is measured; undefined = 1 per record, unless one of the next two is given. */
  readonly value?: string | undefined;
  /** What is measured of every record. */
  readonly amount?: number | undefined;
  /** Seconds since another record are measured. */
  readonly elapsed?: Elapsed | undefined;
  /** Of a gauge: in reports it is an intValue until one of its values is no integer. */
  readonly asIntegers?: boolean | undefined;
}

/** A counter is a meter in reports, a gauge a floatValue, a histogram of seconds a timer. */
export function eventTypeOf(definition: Pick<MetricDefinition, 'type' | 'unit'>): EventType {
  if (definition.type === 'counter') return 'meter';
  if (definition.type === 'gauge') return 'floatValue';
  return definition.unit === 'seconds' ? 'timer' : 'histogram';
}
