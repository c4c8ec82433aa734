import { Meters } from '../math/index.ts';
import type { SeriesFigures } from './family.ts';
import type { SampleOptions } from './series-table.ts';
import { type Measurements, SeriesTable } from './series-table.ts';

/** Only go up. In reports meters, with the statistics of the amounts. */
export class Counters extends SeriesTable {
  private readonly meters: Meters;

  constructor(sample: SampleOptions) {
    super();
    this.meters = new Meters({ statistics: sample });
  }

  protected open(_index: number, id: number, start: number): void {
    this.meters.add(start, id);
  }

  protected take({ count, series, values, seconds }: Measurements, from: number): number {
    let to = from;
    while (to < count && values[to]! >= 0) to++;
    return this.meters.markAll(series, values, seconds, from, to);
  }

  figures(index: number): SeriesFigures {
    return { labels: this.labels[index]!, value: this.meters.count(index) };
  }

  metrics(index: number, seconds: number): Record<string, number> {
    // a meter's count is the sum of the amounts, not their number
    return { ...this.meters.statistics(index), ...this.meters.rates(index, seconds) };
  }
}
