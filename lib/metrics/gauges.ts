import type { SeriesFigures } from './family.ts';
import { grown, type Measurements, SeriesTable } from './series-table.ts';

/** Set (`gauge`), or moved up and down (`counter` fields). */
export class Gauges extends SeriesTable {
  private values: Float64Array = new Float64Array(1);

  protected open(index: number): void {
    if (index === this.values.length) this.values = grown(this.values, new Float64Array(2 * index));
  }

  protected take({ count, series, values }: Measurements, from: number): number {
    for (let k = from; k < count; k++) this.values[series[k]!] = values[k]!;
    return count;
  }

  /** Moves it by an amount. False if that leads beyond the finite numbers, or is none. */
  move(index: number, amount: number, seconds: number): boolean {
    return this.record(index, this.values[index]! + amount, seconds);
  }

  figures(index: number): SeriesFigures {
    return { labels: this.labels[index]!, value: this.values[index]! };
  }

  metrics(index: number): Record<string, number> {
    return { value: this.values[index]! };
  }
}
