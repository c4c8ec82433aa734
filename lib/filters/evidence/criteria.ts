import { type Batch, levels, ValueType } from '../../batch/batch.ts';
import type { Wants } from '../../batch/wants.ts';
import type { SubscriptionConfig } from '../../config.ts';
import { eventFields } from '../../events/event-fields.ts';
import { typeOfSubscription } from '../../events/namespaces.ts';
import { includeOf } from '../../events/subscription-options.ts';
import { parseLevels } from '../../tracing/levels.ts';
import { logField } from '../../tracing/record-fields.ts';
import { Expression } from '../expression.ts';
import { isEnabledBy } from '../log-selector.ts';
import { Tally } from './tally.ts';

/** One thing that a subscription asks of a record, tried alone. */
export interface Criterion {
  /** As it was written: `messageFilter '^Port'`. */
  readonly filter: string;
  /** As a sentence goes on with it: `no record …`. */
  readonly asked: string;
  /** What records have in its place; of what they lack, nothing. */
  readonly seen: Tally;
  /** `have target`, for what was seen. */
  readonly place: string;
  /** What the user wrote, for the nearest of what there is. */
  readonly word: string;
  /** What else it takes to understand that nothing fits. */
  readonly note?: string | undefined;
  /** Whether the record fits. */
  fits(batch: Batch, row: number): boolean;
  /** What the record has in its place; undefined if nothing. */
  text(batch: Batch, row: number): string | undefined;
  /** The same as a phrase: `module operator::license`, `no client_user`. */
  found(batch: Batch, row: number): string;
}

/**
 * What a subscription asks of the records of its type; all of it must hold.
 * @param wants complete: the subscription is compiled, so no field is new
 */
export function criteriaOf(config: SubscriptionConfig, wants: Wants): Criterion[] {
  const { level, messageFilter, fieldFilter = {}, sourceFilter = '', metricFilter = '' } = config;
  if (config.type === 'logs') {
    return [
      ...(level === undefined ? [] : [levelCriterion(level, wants)]),
      ...(messageFilter === undefined
        ? []
        : [logCriterion('messageFilter', 'message', messageFilter, wants)]),
      ...Object.entries(fieldFilter).map(([name, source]) =>
        logCriterion('fieldFilter', name, source, wants),
      ),
    ];
  }
  if (typeOfSubscription(config.type) !== 'metrics') return eventCriteria(config, wants);
  return [
    ...(isAll(sourceFilter) ? [] : [sourceCriterion(sourceFilter, wants)]),
    ...(isAll(metricFilter) ? [] : [metricCriterion(metricFilter, wants)]),
  ];
}

const isAll = (source: string): boolean => new Expression(source).matchesAll;

const phrase = (noun: string, text: string | undefined): string =>
  text === undefined || text === '' ? `no ${noun}` : `${noun} ${text}`;

function levelCriterion(text: string, wants: Wants): Criterion {
  const filter = parseLevels(text);
  const module = logField(wants, 'module');
  const moduleOf = (batch: Batch, row: number): string => batch.column(module).text(row) ?? '';
  const levelOf = (batch: Batch, row: number): string => levels[batch.level[row]!]!;
  return {
    filter: `level '${text}'`,
    asked: `is let through by level '${text}'`,
    seen: new Tally(),
    place: filter.needsLevelOnly ? 'have level' : 'have target',
    word: text.replace(/[[=].*$/, ''),
    note: filter.needsLevelOnly
      ? undefined
      : 'a directive such as NAME=info takes modules that begin with NAME, and no others; info alone takes all',
    fits: (batch, row) => isEnabledBy(filter, batch, row, moduleOf(batch, row)),
    text: (batch, row) => (filter.needsLevelOnly ? levelOf(batch, row) : moduleOf(batch, row)),
    found(batch, row) {
      const name = moduleOf(batch, row);
      if (filter.needsLevelOnly) return phrase('level', levelOf(batch, row));
      return filter.names(name)
        ? `${levelOf(batch, row)} of module ${name}`
        : `${phrase('module', name)}, which it does not name`;
    },
  };
}

function logCriterion(key: string, name: string, source: string, wants: Wants): Criterion {
  const expression = new Expression(source);
  const field = logField(wants, name);
  const text = (batch: Batch, row: number) => batch.column(field).text(row);
  return {
    filter: key === 'fieldFilter' ? `fieldFilter ${name}: '${source}'` : `${key} '${source}'`,
    asked: `has a ${name} that matches '${source}'`,
    seen: new Tally(),
    place: `have ${name}`,
    word: wordOf(source),
    fits: (batch, row) => expression.matches(batch, field, row),
    text,
    found: (batch, row) => phrase(name, text(batch, row)),
  };
}

function sourceCriterion(source: string, wants: Wants): Criterion {
  const expression = new Expression(source);
  const { sourceId } = eventFields(wants);
  const text = (batch: Batch, row: number) => batch.column(sourceId).text(row);
  return {
    filter: `sourceFilter '${source}'`,
    asked: `has a source_id that matches '${source}'`,
    seen: new Tally(),
    place: 'have source_id',
    word: wordOf(source),
    fits: (batch, row) => expression.test(text(batch, row) ?? ''),
    text,
    found: (batch, row) => phrase('source_id', text(batch, row)),
  };
}

/** As a controller matches it: on `metric.key`, or on `metric.` where there is one value. */
function metricCriterion(source: string, wants: Wants): Criterion {
  const expression = new Expression(source);
  const { metric, metricType, metrics } = eventFields(wants);
  const text = (batch: Batch, row: number) => batch.column(metric).text(row);
  return {
    filter: `metricFilter '${source}'`,
    asked: `has a metric and key that match '${source}'`,
    seen: new Tally(),
    place: 'are of',
    word: wordOf(source),
    note: "it is matched on METRIC.KEY, such as 'a.b.count', and on 'a.b.' of intValue and floatValue",
    fits(batch, row) {
      const type = batch.column(metricType).text(row);
      const list = batch.symbols.text(batch.column(metrics).keys(row));
      const keys = type === 'intValue' || type === 'floatValue' ? [''] : list.split('\u0000').slice(0, -1);
      return keys.some((key) => expression.test(`${text(batch, row) ?? ''}.${key}`));
    },
    text,
    found: (batch, row) => phrase('metric', text(batch, row)),
  };
}

/** What subscriptions to the other event types choose by. */
function eventCriteria(config: SubscriptionConfig, wants: Wants): Criterion[] {
  const { type, version = 2, include, includeParentEvents = false } = config;
  const rule = includeOf(type);
  const words = include?.join(', ');
  if (typeOfSubscription(type) === 'usage') {
    const usage = wants.field('usage', [['usage']]);
    const keysOf = (batch: Batch, row: number) =>
      batch.symbols.text(batch.column(usage).keys(row)).split('\u0000').slice(0, -1);
    const hasKey = (batch: Batch, row: number) => keysOf(batch, row).some((key) => include!.includes(key));
    return [
      plainCriterion('version', 'version', `${version}`, wants, (text) => (text === '3' ? 3 : 2) === version),
      ...(version === 3 && include !== undefined
        ? [{ ...plainCriterion('include', 'usage', words!, wants, () => true), fits: hasKey }]
        : []),
    ];
  }
  return [
    ...(typeOfSubscription(type) === 'entityChange' && !includeParentEvents ? [parentCriterion(wants)] : []),
    ...(rule === undefined || include === undefined
      ? []
      : [includeCriterion(rule.field, include, typeOfSubscription(type) === 'entityChange', wants)]),
  ];
}

function plainCriterion(
  key: string,
  name: string,
  word: string,
  wants: Wants,
  holds: (text: string | undefined) => boolean,
): Criterion {
  const field = wants.field(name, [[name]]);
  const text = (batch: Batch, row: number) => batch.column(field).text(row);
  return {
    filter: `${key} ${word}`,
    asked: `has a ${name} of ${key} ${word}`,
    seen: new Tally(),
    place: `have ${name}`,
    word,
    fits: (batch, row) => holds(text(batch, row)),
    text,
    found: (batch, row) => phrase(name, text(batch, row)),
  };
}

function parentCriterion(wants: Wants): Criterion {
  const field = wants.field('isParentEvent', [['isParentEvent']]);
  return {
    ...plainCriterion('includeParentEvents', 'isParentEvent', 'false', wants, () => true),
    fits: (batch, row) => batch.column(field).type(row) !== ValueType.true,
  };
}

/** A commit names no entity type: it goes where its change went, which one record does not tell. */
function includeCriterion(
  field: string,
  include: readonly string[],
  isOfChange: boolean,
  wants: Wants,
): Criterion {
  const kind = wants.field('eventType', [['eventType']]);
  const criterion = plainCriterion('include', field, include.join(', '), wants, (text) =>
    include.includes(text ?? ''),
  );
  if (!isOfChange) return criterion;
  return {
    ...criterion,
    fits: (batch, row) => batch.column(kind).text(row) === 'committed' || criterion.fits(batch, row),
  };
}

const wordOf = (source: string): string => source.replace(/[^\w .:/-]/g, '');
