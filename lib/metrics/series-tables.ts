import type { ReservoirConfig } from '../config.ts';
import type { EventType } from '../events/metric-event.ts';
import { Counters } from './counters.ts';
import { Gauges } from './gauges.ts';
import { Histograms } from './histograms.ts';
import type { KeyOf, SeriesTable } from './series-table.ts';

export interface TableOptions {
  readonly reservoir: ReservoirConfig;
  readonly buckets: readonly number[];
  /** See SeriesTable. */
  readonly keyOf: KeyOf;
}

/** The table for series of an event type. */
export function openTable(type: EventType, { reservoir, buckets, keyOf }: TableOptions): SeriesTable {
  const { alpha, admission } = reservoir;
  const sample = { size: reservoir.size, alpha, admission };
  switch (type) {
    case 'meter':
      return new Counters(sample, keyOf);
    case 'intValue':
    case 'floatValue':
      return new Gauges(keyOf);
    case 'histogram':
      return Histograms.plain(buckets, sample, keyOf);
    case 'timer':
      return Histograms.timers(buckets, { ...sample, size: reservoir.timerSize }, keyOf);
  }
}

/** What metric filters are matched on, behind the metric's name and a point: the keys of an event, or nothing if it has one value. */
export function eventKeys(type: EventType): readonly string[] {
  if (type === 'intValue' || type === 'floatValue') return [''];
  const reservoir = { size: 1, timerSize: 1, alpha: 1, admission: 'priority' } as const;
  const table = openTable(type, { reservoir, buckets: [], keyOf: () => ({ low: 0, high: 0 }) });
  return Object.keys(table.metrics(table.add([]), 0));
}
