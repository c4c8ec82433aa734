import { splitEntity } from '../../events/entity.ts';
import { systems } from '../../systems/index.ts';
import { type EventMetric, eventFamilies } from './event-families.ts';
import type { ExposedFamily } from './exposed-family.ts';
import { metricName } from './metric-names.ts';
import { PassedSeries } from './passed-series.ts';

export interface EventStoreOptions {
  /** Series of one metric; further ones are left out, with a warning. */
  readonly maxSeries: number;
  /** Milliseconds without an event after which a series is no longer exposed; 0 = never. */
  readonly expireAfter: number;
  now(): number;
  warn(message: string): void;
}

/** More names than any controller has; a stream of ever new ones must not fill the memory. */
const maxMetrics = 20_000;

/** Four times what a timer has. */
const maxKeys = 64;

/**
 * Metrics of the Operator that its functional logs do not carry: events bring them, from a scrape above all. They keep
 * their names. What is measured here from logs is not exposed by the same name from an event: it would be added up. Nor
 * are histograms, of whose buckets an event has nothing.
 */
const documented = new Map(
  systems
    .flatMap(({ catalogue }) => catalogue)
    .filter(({ when, type }) => when === undefined && type !== 'histogram')
    .map((definition) => [definition.name, definition]),
);

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A tag that is no text as its JSON: of an object, String asks the object itself how it wants to be written. */
function tagText(tag: unknown): string {
  return typeof tag === 'string' ? tag : JSON.stringify(tag);
}

function tagsOf(value: unknown): Record<string, string> {
  const tags: Record<string, string> = Object.create(null);
  if (typeof value !== 'object' || value === null) return tags;
  for (const [name, tag] of Object.entries(value)) tags[name] = tagText(tag);
  return tags;
}

/** `ziti_` and the name, its punctuation as `_`, its colons dropped: as the controller's own endpoint has it. */
function exposedName(metric: string): string {
  return metricName(`ziti_${metric.replaceAll(':', '').replace(/[' .\-=/]/g, '_')}`);
}

/**
 * The last value of every series of the metrics events that came in. A link's tags appear in some of its reports only; a
 * series with an entity is therefore known by source and entity.
 */
export class EventStore {
  private readonly metrics = new Map<string, EventMetric>();
  private readonly options: EventStoreOptions;
  private hasTold = false;

  constructor(options: EventStoreOptions) {
    this.options = options;
  }

  /**
   * Takes a metrics event of version 2 or 3. Throws where it has nothing that can be exposed.
   * @param keys the selected ones, undefined = all
   */
  take(event: Readonly<Record<string, unknown>>, keys: readonly string[] | undefined): void {
    const type = textOf(event.metric_type);
    const given = textOf(event.metric);
    if (type === undefined) throw new Error('it has no metric_type, a text, so it is no metric');
    if (given === undefined) throw new Error('its metric has no name');
    const values = this.numbersOf(event.metrics, keys, given);
    const [original, entity] = splitEntity(given, textOf(event.source_entity_id));
    const metric = this.metric(original, type);
    if (metric === undefined) return;
    const row = this.row(metric, textOf(event.source_id) ?? '', entity, tagsOf(event.tags));
    if (row === undefined) return;
    const { series } = metric;
    for (const [key, value] of values)
      if (series.keyCount < maxKeys || series.has(key)) series.set(row, key, value);
  }

  /** What can be exposed of them. The first other value beside them is told. */
  private numbersOf(
    values: unknown,
    keys: readonly string[] | undefined,
    metric: string,
  ): [string, number][] {
    const members = typeof values === 'object' && values !== null ? values : {};
    const chosen = keys ?? Object.keys(members);
    const numbers: [string, number][] = [];
    let other: string | undefined;
    for (const key of chosen) {
      const value = (members as Record<string, unknown>)[key];
      if (value === undefined) continue;
      if (typeof value === 'number' && Number.isFinite(value)) numbers.push([key, value]);
      else other ??= `${key} is no finite number in events of ${metric}`;
    }
    if (numbers.length === 0) throw new Error(other ?? `events of ${metric} have no values`);
    if (other !== undefined && !this.hasTold) {
      this.hasTold = true;
      this.options.warn(`${other}: such values are not exposed`);
    }
    return numbers;
  }

  private metric(original: string, type: string): EventMetric | undefined {
    const key = `${type} ${original}`;
    let metric = this.metrics.get(key);
    if (metric === undefined) {
      if (this.metrics.size >= maxMetrics) {
        this.options.warn(`more than ${maxMetrics} metrics in events: further ones are not exposed`);
        return undefined;
      }
      metric = {
        name: exposedName(original),
        original,
        type,
        documented: documented.get(original),
        series: new PassedSeries(),
      };
      this.metrics.set(key, metric);
    }
    return metric;
  }

  private row(
    metric: EventMetric,
    source: string,
    entity: string | undefined,
    tags: Record<string, string>,
  ): number | undefined {
    const { series } = metric;
    const row = series.row(source, entity, tags, this.options.maxSeries);
    if (row === undefined) {
      this.options.warn(
        `metric ${metric.name} has more than ${this.options.maxSeries} series: further ones are not exposed; ` +
          'raise metrics.maxSeries or narrow the sourceFilter',
      );
      return undefined;
    }
    series.touch(row, this.options.now());
    return row;
  }

  /** The metrics as they stand now, without the series that have expired. */
  *families(): Generator<ExposedFamily> {
    const { expireAfter, now } = this.options;
    const since = expireAfter > 0 ? now() - expireAfter : Number.NEGATIVE_INFINITY;
    for (const metric of this.metrics.values()) yield* eventFamilies(metric, since);
  }
}
