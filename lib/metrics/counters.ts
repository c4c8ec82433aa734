import type { SeriesPartial } from '../batch/measure-plan.ts';
import { Meters } from '../math/meters.ts';
import type { SeriesFigures } from './family.ts';
import type { Measurements } from './measurements.ts';
import { type CommonState, otherKind, type SeriesState } from './series-state.ts';
import { type SampleOptions, type SeriesNames, SeriesTable, withRates } from './series-table.ts';
import type { Span } from './span.ts';

/** Only go up. In reports meters, with the statistics of the amounts. */
export class Counters extends SeriesTable {
  private readonly meters: Meters;

  constructor(sample: SampleOptions, names: SeriesNames, recent?: Counters) {
    super(names, recent);
    this.meters = new Meters({ statistics: sample });
  }

  protected open(): void {
    this.meters.add();
  }

  protected take({ count, series, values, times, randoms }: Measurements): number {
    this.meters.markAll(series, values, times, randoms, 0, count);
    return 0;
  }

  /** Of marks of 1 no sample is kept, so they need no random numbers. */
  override countAll(measured: Measurements, span: Span): void {
    const { count, series, times } = measured;
    this.meters.countAll(series, times, 0, count);
    this.note(measured, span.touched);
    this.recent?.countAll(measured, span);
    if (this.watch === undefined) return;
    measured.values.fill(1, 0, count);
    this.watch(measured, span, false);
  }

  /** Takes what was measured of a series where records are read. */
  takePartial(index: number, { marks, first, last }: SeriesPartial): void {
    this.noteTaken(index, last);
    this.meters.takeTimes(index, marks, first, last);
  }

  /** Takes marks by tick; their times come with `takePartial`. */
  takeTicks(index: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    this.meters.takeTicks(index, ticks, marks, count);
  }

  protected stateOf(index: number, common: CommonState): SeriesState {
    return { ...common, kind: 'counter', meter: this.meters.state(index) };
  }

  protected mergeState(index: number, state: SeriesState): void {
    if (state.kind !== 'counter') throw otherKind(state);
    this.meters.take(index, state.meter);
  }

  protected forget(index: number): void {
    this.meters.begin(index);
  }

  figures(index: number): SeriesFigures {
    return { labels: this.labels(index), value: this.meters.count(index) };
  }

  metrics(index: number, time: number): Record<string, number> {
    const rates = this.meters.rates(index, time);
    const metrics = withRates(this.meters.statistics(index), rates);
    // a meter's count is the sum of the amounts, not their number
    metrics.count = rates.count;
    return metrics;
  }
}
