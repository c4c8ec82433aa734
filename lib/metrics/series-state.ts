import type { MeterState } from '../math/meters.ts';
import type { ReservoirState } from '../math/reservoirs.ts';

/** What a series knows beside its labels and its table's options, plain: to be stored, and merged. */
export type SeriesState = CounterState | GaugeState | HistogramState;

export interface CommonState {
  /** See `updatedAt`. */
  readonly updated: number;
  /** See `takeChanged`. */
  readonly changed: boolean;
}

export interface CounterState extends CommonState {
  readonly kind: 'counter';
  readonly meter: MeterState;
}

export interface GaugeState extends CommonState {
  readonly kind: 'gauge';
  /** What it was set to last, when, and the random number of that record; none if it was never set. */
  readonly set: readonly number[];
  /** All moves: see `ExactSums.state`. */
  readonly moved: readonly number[];
}

export interface HistogramState extends CommonState {
  readonly kind: 'histogram';
  readonly sum: readonly number[];
  /** Values in each bucket alone, +Inf last. */
  readonly buckets: readonly number[];
  readonly sample: ReservoirState;
  /** Of a timer. */
  readonly meter?: MeterState | undefined;
}

/** A state of another kind of series than the table's. */
export function otherKind(state: SeriesState): RangeError {
  return new RangeError(`no state of such a series: ${state.kind}`);
}
