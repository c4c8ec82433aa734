import { Reservoirs, Timers } from '../math/index.ts';
import type { SeriesFigures } from './family.ts';
import type { SampleOptions } from './series-table.ts';
import { grown, type Measurements, SeriesTable } from './series-table.ts';

/**
 * Buckets for the exposition, decaying samples for reports; timers have rates there, too.
 *
 * Of every series the sum of its values, then how many fell into each bucket alone (+Inf last).
 */
export class Histograms extends SeriesTable {
  private readonly bounds: readonly number[];
  private readonly sample: Timers | Reservoirs;
  private readonly stride: number;
  private numbers: Float64Array;

  /** @param bounds ascending upper bounds, without +Inf */
  constructor(bounds: readonly number[], sample: Timers | Reservoirs) {
    super();
    this.bounds = bounds;
    this.sample = sample;
    this.stride = bounds.length + 2;
    this.numbers = new Float64Array(this.stride);
  }

  /** In reports `timer` events. */
  static timers(bounds: readonly number[], sample: SampleOptions): Histograms {
    return new Histograms(bounds, new Timers(sample));
  }

  /** In reports `histogram` events. */
  static plain(bounds: readonly number[], sample: SampleOptions): Histograms {
    return new Histograms(bounds, new Reservoirs(sample));
  }

  protected open(index: number, id: number, start: number): void {
    const end = (index + 1) * this.stride;
    if (end > this.numbers.length) this.numbers = grown(this.numbers, new Float64Array(2 * end));
    if (this.sample instanceof Timers) this.sample.add(start, id);
    else this.sample.add(id);
  }

  protected take({ count, series, values, seconds }: Measurements, from: number): number {
    const to = this.sample.updateAll(series, values, seconds, from, count);
    const { bounds, numbers, stride } = this;
    for (let k = from; k < to; k++) {
      const value = values[k]!;
      const base = series[k]! * stride;
      let bucket = 0;
      while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
      numbers[base] = numbers[base]! + value;
      numbers[base + 1 + bucket] = numbers[base + 1 + bucket]! + 1;
    }
    return to;
  }

  figures(index: number): SeriesFigures {
    const base = index * this.stride;
    return {
      labels: this.labels[index]!,
      value: Number.NaN,
      count: this.sample.count(index),
      sum: this.numbers[base]!,
      bucketCounts: this.numbers.slice(base + 1, base + this.stride),
    };
  }

  metrics(index: number, seconds: number): Record<string, number> {
    const rates = this.sample instanceof Timers ? this.sample.rates(index, seconds) : {};
    return { ...rates, ...this.sample.statistics(index) };
  }
}
