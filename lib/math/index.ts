/** Reservoirs, meters and timers that agree with go-metrics: numbers in, numbers out. Times are in seconds. */
export * from './errors.ts';
export { Ewma, type EwmaOptions, TICK_SECONDS } from './ewma.ts';
export { Histogram, type HistogramOptions } from './histogram.ts';
export { Meter, type MeterOptions, type MeterState, type Rates } from './meter.ts';
export { counterRandom, type RandomKey, randomKey, uniform } from './random.ts';
export {
  type Admission,
  Reservoir,
  type ReservoirOptions,
  type ReservoirState,
  type Statistics,
} from './reservoir.ts';
export { Timer, type TimerOptions, type TimerState } from './timer.ts';
