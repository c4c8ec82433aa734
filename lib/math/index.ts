/**
 * Reservoirs, meters and timers that agree with go-metrics: numbers in, numbers out. Times are in seconds; of the pools,
 * which are for many series and not offered here, in milliseconds.
 */

export { Ewma, type EwmaOptions, TICK_SECONDS } from './ewma.ts';
export { Histogram, type HistogramOptions } from './histogram.ts';
export * from './math-errors.ts';
export type { Rates } from './meter/ticking.ts';
export { Meter, type MeterOptions } from './meter.ts';
export type { MeterState } from './meters.ts';
export { counterRandom, type RandomKey, randomKey, uniform } from './random.ts';
export type { Admission, ReservoirOptions } from './reservoir/reservoir-options.ts';
export type { Statistics } from './reservoir/statistics.ts';
export { Reservoir } from './reservoir.ts';
export type { ReservoirState } from './reservoirs.ts';
export { Timer, type TimerOptions } from './timer.ts';
export type { TimerState } from './timers.ts';
