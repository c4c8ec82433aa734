import { levels } from '../../batch/batch.ts';
import type { SubscriptionConfig } from '../../config.ts';
import { parseLevels } from '../../tracing/levels.ts';
import { Expression } from '../expression.ts';
import { Tally } from './tally.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** One thing that a subscription asks of a record, tried alone. */
export interface Criterion {
  /** As a sentence goes on with it: `no record …`. */
  readonly asked: string;
  /** What records have in its place; of what they lack, nothing. */
  readonly seen: Tally;
  /** `have target`, for what was seen. */
  readonly place: string;
  /** What the user wrote, for the nearest of what there is. */
  readonly word: string;
  /** Whether the record fits. Notes what it has. */
  fits(record: JsonObject): boolean;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field as subscriptions name it: of the event, of the record, or by a path. */
function fieldOf(record: JsonObject, name: string): unknown {
  for (const place of [record.fields, record]) {
    if (isObject(place) && Object.hasOwn(place, name)) return place[name];
  }
  return name.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), record);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** What a subscription asks of the records of its type. */
export function criteriaOf(config: SubscriptionConfig): Criterion[] {
  const { level, messageFilter, fieldFilter = {}, sourceFilter = '', metricFilter = '' } = config;
  if (config.type === 'logs') {
    return [
      ...(level === undefined ? [] : [levelCriterion(level)]),
      ...(messageFilter === undefined ? [] : [fieldCriterion('message', messageFilter)]),
      ...Object.entries(fieldFilter).map(([name, source]) => fieldCriterion(name, source)),
    ];
  }
  return [
    ...(isAll(sourceFilter) ? [] : [fieldCriterion('source_id', sourceFilter)]),
    ...(isAll(metricFilter) ? [] : [metricCriterion(metricFilter)]),
  ];
}

const isAll = (source: string): boolean => new Expression(source).matchesAll;

function levelCriterion(text: string): Criterion {
  const filter = parseLevels(text);
  const seen = new Tally();
  return {
    asked: `is let through by level '${text}'`,
    seen,
    place: filter.needsLevelOnly ? 'have level' : 'have target',
    word: text.replace(/[[=].*$/, ''),
    fits(record) {
      const level = textOf(record.level)?.toUpperCase() ?? '';
      const target = textOf(record.target) ?? '';
      seen.add(filter.needsLevelOnly ? level : target);
      const index = Math.max(0, (levels as readonly string[]).indexOf(level));
      // what hangs on spans and fields is not looked into: such a directive may hold
      return filter.needsSpans || filter.enabled(index, target);
    },
  };
}

function fieldCriterion(name: string, source: string): Criterion {
  const expression = new Expression(source);
  const seen = new Tally();
  return {
    asked: `has a ${name} that matches '${source}'`,
    seen,
    place: `have ${name}`,
    word: source.replace(/[^\w .:/-]/g, ''),
    fits(record) {
      const text = textOf(fieldOf(record, name));
      if (text !== undefined) seen.add(text);
      return text !== undefined && expression.test(text);
    },
  };
}

/** As a controller matches it: on `metric.key`. */
function metricCriterion(source: string): Criterion {
  const expression = new Expression(source);
  const seen = new Tally();
  return {
    asked: `has a metric and key that match '${source}'`,
    seen,
    place: 'are of',
    word: source.replace(/[^\w .:/-]/g, ''),
    fits({ metric, metrics }) {
      if (typeof metric !== 'string' || !isObject(metrics)) return false;
      seen.add(metric);
      return [...Object.keys(metrics), ''].some((key) => expression.test(`${metric}.${key}`));
    },
  };
}
