import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LoadedConfig } from '../../config/load.ts';
import type { Problem } from '../../config/problem.ts';
import type { Config, HandlerConfig, SubscriptionConfig } from '../../config.ts';
import { logFields, messages } from '../../dashboards/log-fields.ts';
import { metrics } from '../../dashboards/metrics.ts';
import { Expression } from '../../filters/expression.ts';
import { nearest } from '../../text/nearest.ts';
import { eventKeys, zitiMetrics } from './known-metrics.ts';

/** What is valid, and yet hardly what was meant. It is tried against the catalogue; nothing is read but the configuration. */
export function adviceOn(loaded: LoadedConfig): Problem[] {
  const { config, origins } = loaded;
  const advice: Problem[] = [];
  const tell = (path: string, message: string, hint?: string, fallback = ''): void => {
    advice.push({
      severity: 'warning',
      ...placeAt(origins.get(path) ?? fallback),
      path,
      message: `${path} ${message}`,
      hint,
    });
  };
  adviseOnRules(config, origins.get('metrics.rules'), tell);
  adviseOnBuckets(config, origins.get('metrics.buckets'), tell);
  for (const handler of config.handlers) {
    if (placeAt(handler.place).file === undefined) continue;
    adviseOnFolder(handler, tell);
    const isTold = loaded.warnings.some(({ path }) =>
      path.startsWith(`events.${handler.name}.subscriptions`),
    );
    if (handler.subscriptions.length === 0 && !isTold) {
      const hint = 'add subscriptions, such as [{ type: metrics }]';
      tell(`events.${handler.name}`, 'has no subscription, so nothing is written', hint, handler.place);
    }
    handler.subscriptions.forEach((subscription, k) => {
      const path = `events.${handler.name}.subscriptions[${k}]`;
      adviseOnRepetition(handler.subscriptions, k, path, tell);
      if (subscription.type === 'metrics') adviseOnMetrics(subscription, config, path, tell);
      if (subscription.type === 'logs') adviseOnLogs(subscription, path, tell);
    });
  }
  return advice;
}

type Tell = (path: string, message: string, hint?: string, fallback?: string) => void;

/** `ctrl.yml:12:7` in its parts; nothing of what stands in no file. */
export function placeAt(place: string): Pick<Problem, 'file' | 'line' | 'column'> {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/s.exec(place) ?? [];
  return file === undefined ? {} : { file, line: Number(line), column: Number(column) };
}

function adviseOnFolder({ name, type, path }: HandlerConfig, tell: Tell): void {
  if (type !== 'file' || path === undefined) return;
  const folder = dirname(resolve(path));
  const stats = statSync(folder, { throwIfNoEntry: false });
  const at = `events.${name}.handler.path`;
  if (stats === undefined)
    tell(
      at,
      `is in the folder ${folder}, which is missing here`,
      'make it before the run: folders are never made',
    );
  else if (!stats.isDirectory()) tell(at, `is in ${folder}, which is no folder`);
  else if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    tell(at, 'is a folder', 'give the path of a file in it');
}

/** What a subscription before it selects already is written twice, as by the controller. */
function adviseOnRepetition(all: readonly SubscriptionConfig[], k: number, path: string, tell: Tell): void {
  const { place, ...own } = all[k]!;
  const first = all.slice(0, k).findIndex(({ place: _, ...earlier }) => coversAll(earlier, own));
  if (first < 0) return;
  const hint = 'each subscription writes what it selects, so it stands there twice; leave one out';
  tell(path, `selects nothing that subscriptions[${first}] does not select already`, hint, place);
}

type Filters = Omit<SubscriptionConfig, 'place'>;

/** Whether the earlier one selects at least what the later one does, as far as one can tell without solving expressions. */
function coversAll(earlier: Filters, later: Filters): boolean {
  if (earlier.type !== later.type || earlier.version !== later.version) return false;
  const keys = [
    'sourceFilter',
    'metricFilter',
    'level',
    'messageFilter',
    'fieldFilter',
    'include',
    'includeParentEvents',
  ] as const;
  return keys.every((key) => {
    const filter = earlier[key];
    const isOpen =
      filter === undefined ||
      ((key.endsWith('Filter') || key === 'sourceFilter') && (filter === '' || filter === '.*'));
    return isOpen || JSON.stringify(filter) === JSON.stringify(later[key]);
  });
}

/** What has the name of a catalogue's metric is measured in its place. */
function adviseOnRules({ metrics: { rules } }: Config, place: string | undefined, tell: Tell): void {
  rules.forEach(({ name }, k) => {
    if (!metrics.some((metric) => metric.name === name)) return;
    const hint = 'give it another name to have both';
    tell(`metrics.rules[${k}]`, `takes the place of ${name}, which mirrormon measures itself`, hint, place);
  });
}

/** Records may bring histograms of any name, so only what is near to a known one, or has no buckets, is told. */
function adviseOnBuckets(
  { metrics: { buckets, rules } }: Config,
  place: string | undefined,
  tell: Tell,
): void {
  const types = new Map([...metrics, ...rules].map(({ name, type }) => [name, type]));
  const withBuckets = [...types].filter(([, type]) => type === 'histogram').map(([name]) => name);
  for (const name of Object.keys(buckets)) {
    const type = types.get(name);
    if (type === 'histogram') continue;
    const path = `metrics.buckets.${name}`;
    if (type !== undefined) {
      tell(path, `are of a ${type}, which has none`, `histograms are ${withBuckets.join(', ')}`, place);
      continue;
    }
    const near = nearest(name, withBuckets);
    if (near !== undefined)
      tell(path, 'are of no metric that is measured here', `did you mean ${near}?`, place);
  }
}

function adviseOnMetrics(
  { metricFilter, sourceFilter, place }: SubscriptionConfig,
  { metrics: own }: Config,
  path: string,
  tell: Tell,
): void {
  if (metricFilter === undefined) return;
  const filter = new Expression(metricFilter);
  const measured = [
    ...metrics.filter(({ origin }) => origin !== 'health').map(({ name }) => name),
    ...own.rules.map(({ name }) => name),
  ];
  const keyed = (names: readonly string[]) =>
    names.flatMap((name) => [`${name}.`, ...eventKeys.map((key) => `${name}.${key}`)]);
  const fitsMeasured = keyed(measured).some((name) => filter.test(name));
  const fitsZiti = keyed(zitiMetrics).some((name) => filter.test(name));
  const at = `${path}.metricFilter`;
  if (
    fitsMeasured &&
    !fitsZiti &&
    sourceFilter !== undefined &&
    !new Expression(sourceFilter).test(own.sourceId)
  ) {
    const hint = `what is measured here has the source ${own.sourceId} (metrics.sourceId)`;
    tell(at, `fits what mirrormon measures, but sourceFilter ${sourceFilter} leaves that out`, hint, place);
  }
  if (fitsMeasured || fitsZiti) return;
  const bare = [...measured, ...zitiMetrics].find((name) => filter.test(name));
  if (bare !== undefined) {
    tell(
      at,
      `fits metrics such as ${bare}, but it is matched on METRIC.KEY, such as ${bare}.count`,
      'end it with \\..*, or leave the $ out',
      place,
    );
    return;
  }
  const word = /[a-z][a-z0-9_.-]{5,}/i.exec(metricFilter)?.[0];
  const near = word === undefined ? undefined : nearest(word, [...measured, ...zitiMetrics]);
  if (near === undefined && !/mirrord|mirrormon/.test(metricFilter)) return;
  tell(
    at,
    'fits no metric that is measured here, nor one that OpenZiti is known to report',
    near && `did you mean ${near}?`,
    place,
  );
}

function adviseOnLogs(
  { level, messageFilter, fieldFilter = {}, place }: SubscriptionConfig,
  path: string,
  tell: Tell,
): void {
  if (level?.trim().toLowerCase() === 'off')
    tell(`${path}.level`, 'is off, so nothing is selected', undefined, place);
  const literal = messageFilter?.replace(/^\^|\$$/g, '');
  if (literal !== undefined && /^[A-Za-z !]{4,}$/.test(literal)) {
    const known = Object.values(messages);
    const near = nearest(literal, known);
    if (near !== undefined && !known.some((message) => message.includes(literal))) {
      tell(
        `${path}.messageFilter`,
        `fits no functional message of the Operator`,
        `did you mean ${near}?`,
        place,
      );
    }
  }
  const fields = Object.keys(logFields);
  for (const field of Object.keys(fieldFilter)) {
    const near = fields.includes(field) ? undefined : nearest(field, fields);
    if (near !== undefined)
      tell(
        `${path}.fieldFilter`,
        `names ${field}, a field that no functional message has`,
        `did you mean ${near}?`,
        place,
      );
  }
}
