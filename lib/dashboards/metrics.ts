import { Kinds } from '../batch/kinds.ts';
import { Wants } from '../batch/wants.ts';
import { Ledger } from '../ledger.ts';
import { healthFamilies } from '../metrics/health.ts';
import type { Condition, MetricDefinition, MetricType } from '../systems/definition.ts';
import { systems } from '../systems/index.ts';

/** Where a metric's figures come from. */
export type Origin = 'log' | 'measurement' | 'health';

export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly labels: readonly { readonly name: string; readonly field: string | undefined }[];
  /** First version of the Operator whose own endpoint has it; undefined = mirrormon's own. */
  readonly since: string | undefined;
  /** `log`: ordinary log records are enough. `measurement`: metric-bearing records or a scrape must bring it. */
  readonly origin: Origin;
  /** The records that it is measured from, in words. */
  readonly records: string;
}

/** `session-start` is the kind of the record `Session Start`. */
function messageOf(kind: string): string {
  return kind.replace(
    /(^|-)([a-z])/g,
    (_, dash: string, letter: string) => (dash && ' ') + letter.toUpperCase(),
  );
}

function recordsOf(when: Condition | undefined): string {
  if (when === undefined) return 'metric-bearing records';
  const kinds = when.kind === undefined ? [] : [when.kind].flat();
  const messages = kinds.length === 0 ? 'every log record' : kinds.map(messageOf).join(', ');
  const conditions = [
    ...(when.message === undefined ? [] : [`message ~ ${when.message}`]),
    ...Object.entries(when.fields ?? {}).map(([field, test]) =>
      typeof test === 'string' ? `${field} ~ ${test}` : `${field} ${JSON.stringify(test)}`,
    ),
  ];
  return conditions.length === 0 ? messages : `${messages} where ${conditions.join(' and ')}`;
}

function fromCatalogue(definition: MetricDefinition): Metric {
  const { name, type, help, labels, since, when } = definition;
  const origin = when === undefined ? 'measurement' : 'log';
  return { name, type, help, labels, since, origin, records: recordsOf(when) };
}

/** What the sessions themselves give, such as how many are active. */
function computed(): Metric[] {
  return systems.flatMap((system) => {
    const kinds = new Kinds();
    const { gauges, observedKinds } = system.open(new Wants(), kinds);
    const observed = kinds.all.filter(({ id }) => observedKinds.has(id)).map(({ name }) => messageOf(name));
    return gauges.map(({ definition }) => ({
      ...fromCatalogue(definition),
      origin: 'log' as const,
      records: observed.join(', '),
    }));
  });
}

function health(): Metric[] {
  const sources = { ledger: new Ledger(), held: () => new Map<string, number>(), lag: () => 0 };
  return Array.from(healthFamilies(sources), ({ name, type, help, labels }) => ({
    name,
    type,
    help,
    labels: labels.map((label) => ({ name: label, field: undefined })),
    since: undefined,
    origin: 'health',
    records: 'mirrormon itself',
  }));
}

/** Of the endpoint's process; a test holds them to what the endpoint says. */
const processMetrics: readonly Pick<Metric, 'name' | 'type' | 'help'>[] = [
  {
    name: 'mirrormon_scrape_duration_seconds',
    type: 'histogram',
    help: 'Time from the request to the last byte of an exposition.',
  },
  {
    name: 'mirrormon_scrapes_refused_total',
    type: 'counter',
    help: 'Scrapes answered with 503 because too many were running.',
  },
  {
    name: 'mirrormon_scrapes_cut_off_total',
    type: 'counter',
    help: 'Scrapes broken off because the client did not take them in time.',
  },
  {
    name: 'mirrormon_process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of mirrormon.',
  },
  {
    name: 'mirrormon_process_uptime_seconds',
    type: 'gauge',
    help: 'Time since the endpoint was opened.',
  },
  {
    name: 'mirrormon_process_cpu_seconds_total',
    type: 'counter',
    help: 'CPU time that mirrormon has used, user and system.',
  },
];

/** Every metric that the endpoint has of a mirrord Operator and of mirrormon, in the catalogue's order. */
export const metrics: readonly Metric[] = [
  ...systems.flatMap(({ catalogue }) => catalogue.map(fromCatalogue)),
  ...computed(),
  ...health(),
  ...processMetrics.map(
    (metric): Metric => ({
      ...metric,
      labels: [],
      since: undefined,
      origin: 'health',
      records: 'mirrormon itself',
    }),
  ),
];

const byName = new Map(metrics.map((metric) => [metric.name, metric]));

/**
 * The metric of a series' name, which for a histogram ends in _bucket, _sum or _count.
 * @throws {RangeError} if there is none: a dashboard asks for a metric that the catalogue does not have
 */
export function metricOf(series: string): Metric {
  const exact = byName.get(series);
  if (exact !== undefined && exact.type !== 'histogram') return exact;
  const family = byName.get(series.replace(/_(bucket|sum|count)$/, ''));
  if (family?.type === 'histogram' && family.name !== series) return family;
  throw new RangeError(`no metric has series of the name ${series}`);
}

/** The metrics whose series an expression names, in the catalogue's order. */
export function metricsIn(expressions: Iterable<string>): Metric[] {
  const words = new Set([...expressions].flatMap((text) => text.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? []));
  return metrics.filter(({ name, type }) =>
    type === 'histogram'
      ? ['bucket', 'sum', 'count'].some((part) => words.has(`${name}_${part}`))
      : words.has(name),
  );
}

export const labelNamesOf = (series: string): string[] => metricOf(series).labels.map(({ name }) => name);
