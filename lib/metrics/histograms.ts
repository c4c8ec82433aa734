import type { SeriesPartial } from '../batch/measure-plan.ts';
import { ExactSums } from '../math/exact/exact-sums.ts';
import { nextRoom } from '../math/growth.ts';
import { Reservoirs } from '../math/reservoirs.ts';
import { Rows } from '../math/rows.ts';
import { Timers } from '../math/timers.ts';
import { WholeCounts } from '../math/whole-counts.ts';
import type { SeriesFigures } from './family.ts';
import type { Measurements } from './measurements.ts';
import { type CommonState, otherKind, type SeriesState } from './series-state.ts';
import { type SampleOptions, type SeriesNames, SeriesTable, withRates } from './series-table.ts';

/**
 * Buckets and exact sums for the exposition, decaying samples for reports; timers have rates there, too.
 */
export class Histograms extends SeriesTable {
  private readonly bounds: readonly number[];
  private readonly sample: Timers | Reservoirs;
  private readonly sumRows = new Rows();
  private readonly sums = new ExactSums(this.sumRows);
  /** Of every series how many values fell into each bucket alone, +Inf last. */
  private readonly counts: WholeCounts;
  private readonly stride: number;

  /** @param bounds ascending upper bounds, without +Inf */
  constructor(
    bounds: readonly number[],
    sample: Timers | Reservoirs,
    names: SeriesNames,
    recent?: Histograms,
  ) {
    super(names, recent);
    this.bounds = bounds;
    this.sample = sample;
    this.stride = bounds.length + 1;
    this.counts = new WholeCounts(this.stride);
  }

  /** In reports `timer` events. */
  static timers(
    bounds: readonly number[],
    sample: SampleOptions,
    names: SeriesNames,
    recent?: Histograms,
  ): Histograms {
    return new Histograms(bounds, new Timers(sample), names, recent);
  }

  /** In reports `histogram` events. */
  static plain(
    bounds: readonly number[],
    sample: SampleOptions,
    names: SeriesNames,
    recent?: Histograms,
  ): Histograms {
    return new Histograms(bounds, new Reservoirs(sample), names, recent);
  }

  protected open(index: number): void {
    const { counts, stride } = this;
    if ((index + 1) * stride > counts.room) counts.grow(nextRoom(index) * stride);
    this.sumRows.next();
    this.sumRows.add();
    this.sample.add();
  }

  protected take({ count, series, values, times, randoms }: Measurements): number {
    this.sample.updateAll(series, values, times, randoms, 0, count);
    const { bounds, counts, stride, sums } = this;
    for (let k = 0; k < count; k++) {
      const value = values[k]!;
      const index = series[k]!;
      let bucket = 0;
      while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
      counts.add(index * stride + bucket, 1);
      sums.add(index, value);
    }
    return 0;
  }

  /** Takes what was measured of a series where records are read. */
  takePartial(index: number, partial: SeriesPartial): void {
    this.noteTaken(index, partial.last);
    const { counts, sample, stride, sums } = this;
    for (const sum of partial.sums) sums.add(index, sum);
    for (let bucket = 0; bucket < stride; bucket++) {
      counts.add(index * stride + bucket, partial.buckets[bucket]!);
    }
    const { hasNewest, newestValue, newestTime, newestRandom } = partial;
    const state = {
      count: partial.marks,
      newest: hasNewest ? ([newestValue, newestTime, newestRandom] as const) : undefined,
      entries: partial.pairs,
    };
    if (sample instanceof Timers) sample.takeSample(index, state, partial.first);
    else sample.take(index, state);
  }

  /** Takes values by tick; all else comes with `takePartial`. */
  takeTicks(index: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    if (this.sample instanceof Timers) this.sample.takeTicks(index, ticks, marks, count);
  }

  protected stateOf(index: number, common: CommonState): SeriesState {
    const { counts, sample, stride, sums } = this;
    const buckets = Array.from(counts.slice(index * stride, (index + 1) * stride));
    const of = { ...common, kind: 'histogram', sum: sums.state(index), buckets } as const;
    if (!(sample instanceof Timers)) return { ...of, sample: sample.state(index) };
    const { histogram, meter } = sample.state(index);
    return { ...of, sample: histogram, meter };
  }

  protected mergeState(index: number, state: SeriesState): void {
    const { counts, sample, stride, sums } = this;
    if (state.kind !== 'histogram') throw otherKind(state);
    if (state.buckets.length !== stride) throw new RangeError('no state of a histogram with these buckets');
    if (!(sample instanceof Timers)) sample.take(index, state.sample);
    else if (state.meter === undefined) throw new RangeError('no state of a timer');
    else sample.take(index, { histogram: state.sample, meter: state.meter });
    for (const part of state.sum) sums.add(index, part);
    for (const [bucket, count] of state.buckets.entries()) counts.add(index * stride + bucket, count);
  }

  protected forget(index: number): void {
    this.counts.clear(index * this.stride, (index + 1) * this.stride);
    this.sums.load(index, []);
    this.sample.begin(index);
  }

  figures(index: number): SeriesFigures {
    const base = index * this.stride;
    return {
      labels: this.labels(index),
      value: Number.NaN,
      count: this.sample.count(index),
      sum: this.sums.value(index),
      bucketCounts: this.counts.slice(base, base + this.stride),
    };
  }

  metrics(index: number, time: number): Record<string, number> {
    const { sample } = this;
    const statistics = sample.statistics(index);
    return sample instanceof Timers ? withRates(statistics, sample.rates(index, time)) : { ...statistics };
  }
}
