import { PackedTuples } from '../batch/packed-tuples.ts';
import type { ReservoirConfig } from '../config.ts';
import type { EventType } from '../events/metric-event.ts';
import { Counters } from './counters.ts';
import { Gauges } from './gauges.ts';
import { Histograms } from './histograms.ts';
import { SeriesLabels } from './series-labels.ts';
import type { SeriesNames, SeriesTable } from './series-table.ts';

export interface TableOptions {
  readonly reservoir: ReservoirConfig;
  readonly buckets: readonly number[];
  readonly names: SeriesNames;
  /** Whether reports are of what came since the last one. */
  readonly ofIntervals?: boolean | undefined;
}

/** The table for series of an event type. */
export function openTable(type: EventType, options: TableOptions): SeriesTable {
  const { reservoir, buckets, names, ofIntervals = false } = options;
  const { size, timerSize, alpha, admission } = reservoir;
  const twice = <T extends SeriesTable>(open: (recent?: T) => T): T => open(ofIntervals ? open() : undefined);
  switch (type) {
    case 'meter':
      return twice<Counters>((recent) => new Counters({ size, alpha, admission }, names, recent));
    case 'intValue':
    case 'floatValue':
      return new Gauges(names);
    case 'histogram':
      return twice<Histograms>((recent) =>
        Histograms.plain(buckets, { size, alpha, admission }, names, recent),
      );
    case 'timer':
      return twice<Histograms>((recent) =>
        Histograms.timers(buckets, { size: timerSize, alpha, admission }, names, recent),
      );
  }
}

/** What metric filters are matched on, behind the metric's name and a point: the keys of an event, or nothing if it has one value. */
export function eventKeys(type: EventType): readonly string[] {
  if (type === 'intValue' || type === 'floatValue') return [''];
  const reservoir = { size: 1, timerSize: 1, alpha: 1, admission: 'priority' } as const;
  const names = { labels: new SeriesLabels(new PackedTuples(0)), keyOf: () => ({ low: 0, high: 0 }) };
  const table = openTable(type, { reservoir, buckets: [], names });
  return Object.keys(table.metrics(table.add([]), 0));
}
