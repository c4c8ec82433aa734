import { exponential } from './exponential.ts';
import { MeasurementError } from './math-errors.ts';

/** Seconds from one tick to the next, of every EWMA. */
export const TICK_SECONDS = 5;

/** The share of the newest interval in an average over so many minutes: 1 - exp(-5 / (60 minutes)), as go-metrics. */
export function smoothing(minutes: number): number {
  return 1 - exponential(-TICK_SECONDS / 60 / minutes);
}

/**
 * base^k by repeated squaring, k a whole number of 0 or more. Not the language's own power, whose last bit differs from
 * one version of V8 to the next: multiplications are the same everywhere, so the same input gives the same bytes.
 */
export function power(base: number, k: number): number {
  let result = 1;
  let square = base;
  for (let left = k; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/**
 * An average rate after k ticks, k at least 1: the first of them closes an interval of which `instant` is the rate, in
 * the others nothing came, so that they are one multiplication.
 * @param rate per second; NaN before the first tick, which sets the rate instead of smoothing it
 * @param instant per second
 * @param alpha from `smoothing`
 * @param remaining (1 - alpha)^(k-1)
 * @returns per second
 */
export function tickedRate(rate: number, instant: number, alpha: number, remaining: number): number {
  return (Number.isNaN(rate) ? instant : rate + alpha * (instant - rate)) * remaining;
}

export interface EwmaOptions {
  /** over how long it averages: more than 0 */
  minutes: number;
}

/**
 * An exponentially weighted moving average of a rate, as the load average of Unix: every 5 s the rate moves by
 * alpha = 1 - exp(-5 / (60 minutes)) of its distance to that of the last 5 s. Ticks are the caller's; see `Meter`.
 */
export class Ewma {
  readonly minutes: number;
  readonly #alpha: number;
  #uncounted = 0;
  #rate = NaN;

  /** @throws RangeError if minutes is not a positive number */
  constructor({ minutes }: EwmaOptions) {
    if (!(minutes > 0)) throw new RangeError(`minutes must be more than 0, not ${minutes}`);
    this.minutes = minutes;
    this.#alpha = smoothing(minutes);
  }

  /**
   * Counts n events into the open interval.
   * @throws MeasurementError, with nothing changed, if that leaves the finite numbers
   */
  update(n: number): void {
    const uncounted = this.#uncounted + n;
    if (uncounted - uncounted !== 0) throw new MeasurementError(`an amount must be finite, not ${n}`);
    this.#uncounted = uncounted;
  }

  /**
   * Closes the interval, and k - 1 empty ones after it.
   * @param k integer, 0 or more
   */
  tick(k = 1): void {
    if (!(Number.isInteger(k) && k >= 0))
      throw new RangeError(`ticks must be an integer of 0 or more, not ${k}`);
    if (k === 0) return;
    const remaining = power(1 - this.#alpha, k - 1);
    this.#rate = tickedRate(this.#rate, this.#uncounted / TICK_SECONDS, this.#alpha, remaining);
    this.#uncounted = 0;
  }

  /** Per second, as of the last tick; 0 before the first. */
  rate(): number {
    return Number.isNaN(this.#rate) ? 0 : this.#rate;
  }
}
