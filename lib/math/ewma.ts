import { MeasurementError } from './errors.ts';

/** Seconds from one tick to the next, of every EWMA. */
export const TICK_SECONDS = 5;

/** The share of the newest interval in an average over so many minutes: 1 - exp(-5 / (60 minutes)), as go-metrics. */
export function smoothing(minutes: number): number {
  return 1 - Math.exp(-TICK_SECONDS / 60 / minutes);
}

/** Powers of 1 - alpha are looked up below this exponent: an hour and a half of silence at a tick in 5 s. */
const KEPT_POWERS = 1024;

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

/** One smoothing factor, with what a silence of so many ticks leaves of a rate. */
export class Smoothing {
  readonly alpha: number;
  private readonly powers: Float64Array;

  /** @param alpha from `smoothing` */
  constructor(alpha: number) {
    this.alpha = alpha;
    this.powers = Float64Array.from({ length: KEPT_POWERS }, (_, k) => power(1 - alpha, k));
  }

  /** (1 - alpha)^k; an exponentiation costs ten times as much as the look-up, and series are idle most of the time */
  remaining(k: number): number {
    return k < KEPT_POWERS ? this.powers[k]! : power(1 - this.alpha, k);
  }
}

const factors = new Map<number, Smoothing>();

/** The smoothing of an average over so many minutes; one for all that average alike, for its table of powers. */
export function smoothingOver(minutes: number): Smoothing {
  let factor = factors.get(minutes);
  if (factor === undefined) {
    factor = new Smoothing(smoothing(minutes));
    factors.set(minutes, factor);
  }
  return factor;
}

/**
 * An average rate after k ticks, k at least 1: the first of them closes an interval in which `uncounted` came, in the
 * others nothing did, so that they are one multiplication by (1 - alpha)^(k-1).
 * @param rate per second; NaN before the first tick, which sets the rate instead of smoothing it
 * @returns per second
 */
export function tickedRate(rate: number, uncounted: number, factor: Smoothing, k: number): number {
  const instant = uncounted / TICK_SECONDS;
  const next = Number.isNaN(rate) ? instant : rate + factor.alpha * (instant - rate);
  return k === 1 ? next : next * factor.remaining(k - 1);
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
  readonly #factor: Smoothing;
  #uncounted = 0;
  #rate = NaN;

  /** @throws RangeError if minutes is not a positive number */
  constructor({ minutes }: EwmaOptions) {
    if (!(minutes > 0)) throw new RangeError(`minutes must be more than 0, not ${minutes}`);
    this.minutes = minutes;
    this.#factor = smoothingOver(minutes);
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
    this.#rate = tickedRate(this.#rate, this.#uncounted, this.#factor, k);
    this.#uncounted = 0;
  }

  /** Per second, as of the last tick; 0 before the first. */
  rate(): number {
    return Number.isNaN(this.#rate) ? 0 : this.#rate;
  }
}
