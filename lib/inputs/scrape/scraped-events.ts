/** The File Reporter events of scraped series, version 2, as an OpenZiti controller would write them. */

import { jsonOf } from '../../text/exposition-sample.ts';
import { toParts } from '../../text/time.ts';
import { type Distribution, type ScrapedSeries, type Single, seriesKey } from './families.ts';
import { arePercentiles, bucketPercentiles, quantileKey } from './quantiles.ts';
import type { Counters } from './rates.ts';

/** One reading of an endpoint. */
export interface Scrape {
  /** The events' source_id: the endpoint's host and port. */
  readonly sourceId: string;
  readonly eventId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly counters: Counters;
}

/** Key and value as JSON writes it. */
type Figures = (readonly [key: string, json: string])[];

/**
 * What writes the events of a scrape: a series' event as JSON, undefined if there is nothing that it could say. Texts are
 * bytes as latin1.
 */
export function eventWriter(scrape: Scrape): (series: ScrapedSeries) => string | undefined {
  const source = Buffer.from(JSON.stringify(scrape.sourceId)).toString('latin1');
  const stamp = (time: number): string => JSON.stringify(toParts(time));
  const now = stamp(scrape.time);
  return (series) => {
    const { name, labels, type, time } = series;
    const figures = 'value' in series ? single(series, scrape) : spread(series);
    if (figures.length === 0) return undefined;
    // by hand, since a label may well be called __proto__, and digits are to stay
    const tags = labels.map(([label, text]) => `${JSON.stringify(label)}:${JSON.stringify(text)}`);
    const values = figures.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, json]) => `"${key}":${json}`);
    return (
      `{"metric_type":"${eventTypes[type]}","namespace":"metrics","source_id":${source},"version":2,` +
      `"timestamp":${time === undefined ? now : stamp(time)},"metric":${JSON.stringify(name)},"metrics":{${values.join()}},` +
      `${tags.length === 0 ? '' : `"tags":{${tags.join()}},`}"source_event_id":"${scrape.eventId}"}`
    );
  };
}

const eventTypes = { counter: 'meter', gauge: 'floatValue', histogram: 'histogram', summary: 'histogram' };

function single({ type, name, labels, value, text }: Single, { counters, time }: Scrape): Figures {
  const json = jsonOf(text) ?? String(value);
  if (type === 'gauge') return [['value', json]];
  const rates = counters.look(seriesKey(name, labels), value, time / 1000);
  return [['count', json], ...finite(rates.metrics())];
}

/**
 * Of all observations since the endpoint began: their number and mean; a summary's quantiles as it tells them, a
 * histogram's percentiles as its buckets let one estimate them. Extremes, variance and rates nobody told.
 */
function spread({ count, sum, buckets, quantiles }: Distribution): Figures {
  const observed = count ?? buckets.find(({ bound }) => bound === Number.POSITIVE_INFINITY)?.below;
  const figures: (readonly [string, number])[] = [];
  if (observed !== undefined) figures.push(['count', observed]);
  if (observed !== undefined && observed > 0 && sum !== undefined) figures.push(['mean', sum / observed]);
  const told = quantiles.flatMap(([quantile, value]) => {
    const key = quantileKey(quantile);
    return key === undefined ? [] : [[key, value] as const];
  });
  const percentiles = arePercentiles(buckets)
    ? buckets.map(({ bound, below }) => [quantileKey(bound)!, below] as const)
    : bucketPercentiles(buckets);
  return finite(new Map([...figures, ...told, ...percentiles]));
}

/** JSON has no other numbers. */
function finite(figures: Iterable<readonly [string, number]>): Figures {
  return Array.from(figures)
    .filter(([, value]) => Number.isFinite(value))
    .map(([key, value]) => [key, String(value)] as const);
}
