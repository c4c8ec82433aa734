/**
 * A histogram in the sense of OpenZiti's events is a decaying sample with its statistics, and a reservoir is just
 * that: size 128, alpha 0.015 and admission newest are what OpenZiti's histograms have.
 */
export type { ReservoirOptions as HistogramOptions } from './reservoir/reservoir-options.ts';
export { Reservoir as Histogram } from './reservoir.ts';
