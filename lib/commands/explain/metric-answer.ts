import { metrics as known } from '../../dashboards/metrics.ts';
import { Expression } from '../../filters/expression.ts';
import { eventKeys } from '../../metrics/series-tables.ts';
import { eventTypeOf } from '../../systems/definition.ts';
import { nearest } from '../../text/nearest.ts';
import { thousands } from '../../text/thousands.ts';
import { eventKeys as zitiKeys, zitiMetrics } from '../check/known-metrics.ts';
import { destination, entry, type Look, paragraph, refusalText, type Told } from './paragraphs.ts';
import type { SubscriptionAccount } from './subscription-account.ts';
import { listed } from './tell.ts';

const MOST = 8;

/** Why a metric is written, or why not: where it comes from, and who takes it. */
export function* metricLines(told: Told, name: string, look: Look): Generator<string> {
  yield look.paint.bold(paragraph(`Metric ${name}`, 0, look).join('\n'));
  for (const [label, text] of origin(told, name)) yield* entry(label, text, look);
  const accounts = told.explanation.accounts.flat();
  const shows = told.config.handlers.filter(({ subscriptions }) => subscriptions.length === 0);
  for (const handler of shows)
    yield* entry(handler.name, `shows all that is measured at ${destination(handler)}`, look);
  for (const account of accounts) {
    if (account.takes === 'metrics events') {
      yield* entry(account.name, `${takenText(account, name, told)} (${destination(account.handler)})`, look);
    }
  }
  if (!accounts.some(({ takes }) => takes === 'metrics events') && shows.length === 0)
    yield* entry('written', 'by nobody: no subscription is to metrics', look);
}

/** What the records say of it. */
function origin(told: Told, name: string): [label: string, text: string][] {
  const { explanation } = told;
  const account = explanation.metrics.get(name);
  const lines: [string, string][] = [];
  const definition = definitionOf(told, name);
  if (definition !== undefined) lines.push(['is', definition.text]);
  if (account !== undefined && account.measured > 0) {
    const series = thousands(account.metric!.series.length);
    const kinds = listed(account.kinds.entries, MOST);
    lines.push([
      'measured',
      `${thousands(account.measured)} times in ${series} series, from records of kind ${kinds}`,
    ]);
  }
  if (account !== undefined && account.refused.entries.length > 0)
    lines.push(['refused', `values that no series takes: ${listed(account.refused.entries, MOST)}`]);
  if (account !== undefined && account.events.entries.length > 0)
    lines.push(['came', `as metrics events, by source: ${listed(account.events.entries, MOST)}`]);
  const wasSeen = lines.some(([label]) => label === 'measured' || label === 'came');
  if (!wasSeen && !isComputed(told, name))
    lines.push(['not there', absence(told, name, definition !== undefined)]);
  return lines;
}

function definitionOf({ config }: Told, name: string): { readonly text: string } | undefined {
  const rule = config.metrics.rules.find((one) => one.name === name);
  if (rule !== undefined) return { text: `a ${rule.type} of metrics.rules. ${rule.help}` };
  const found = known.find((one) => one.name === name);
  return found && { text: `a ${found.type} measured from ${found.records}. ${found.help}` };
}

/** Figures that are kept beside the series, such as how many sessions are active. */
function isComputed({ explanation }: Told, name: string): boolean {
  return explanation.accounts.flat().some(({ byMetric }) => byMetric.has(name));
}

function absence({ explanation }: Told, name: string, isDefined: boolean): string {
  const { kinds, records } = explanation;
  const events = kinds.entries.find(([kind]) => kind === 'event:metrics')?.[1] ?? 0;
  if (isDefined)
    return `no record of ${thousands(records)} gave it; there are ${listed(kinds.entries, MOST) || 'none'}`;
  const parts: string[] = [];
  if (zitiMetrics.includes(name))
    parts.push('controllers and routers of OpenZiti report it themselves, as metrics events');
  else parts.push('nothing here measures it: neither the catalogue nor a rule, nor a record that names it');
  parts.push(
    events === 0
      ? `of ${thousands(records)} records none is a metrics event (${listed(kinds.entries, MOST) || 'none'})`
      : `of ${thousands(events)} metrics events none is of it`,
  );
  const others = new Set([...explanation.metrics.keys(), ...known.map((one) => one.name), ...zitiMetrics]);
  others.delete(name);
  const near = nearest(name, others);
  return parts.join('; ') + (near === undefined ? '' : `; the nearest is ${near}`);
}

function takenText(account: SubscriptionAccount, name: string, { config }: Told): string {
  const verdict = account.byMetric.get(name);
  if (verdict === undefined) return wouldTake(account, name, config);
  const { taken, left, keys, refusals } = verdict;
  if (taken === 0) return refusalText(refusals);
  const what = keys === undefined ? '' : `, of each ${keys.join(', ')}`;
  const rest = left === 0 ? '' : `; of the others it ${refusalText(refusals)}`;
  return `takes ${thousands(taken)} of ${thousands(taken + left)} events${what}${rest}`;
}

/** What a subscription would say of a metric that did not come. */
function wouldTake(
  { config: { metricFilter = '' } }: SubscriptionAccount,
  name: string,
  config: Told['config'],
): string {
  const definition = [...config.metrics.rules, ...known].find((one) => one.name === name);
  const keys = definition === undefined ? [...zitiKeys, ''] : eventKeys(eventTypeOf(definition));
  const filter = new Expression(metricFilter);
  const fits = keys.some((key) => filter.test(`${name}.${key}`));
  return fits
    ? 'its metricFilter would take it, if it came'
    : `would leave it out by metricFilter '${metricFilter}'`;
}
