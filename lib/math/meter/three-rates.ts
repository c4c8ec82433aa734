import { power, smoothing, tickedRate } from '../ewma.ts';

const ALPHA_1 = smoothing(1);
const ALPHA_5 = smoothing(5);
const ALPHA_15 = smoothing(15);

/** Powers are looked up below this exponent: an hour and a half of silence at a tick in 5 s. */
const KEPT = 1024;

/**
 * Three average rates, over 1, 5 and 15 minutes, that lie side by side. What silence leaves of them, the powers of
 * 1 - alpha, lies side by side too, as one tick needs all three. An exponentiation costs ten times as much as a
 * look-up, and series are idle most of the time.
 */
export class ThreeRates {
  private readonly powers = new Float64Array(3 * (KEPT + 1));

  constructor() {
    for (let k = 0; k < KEPT; k++) this.write(k, k);
  }

  /**
   * Ticks k times; see `tickedRate`.
   * @param a where the rates are
   * @param at the place of the rate over 1 minute; those over 5 and 15 follow
   * @param instant the rate of the interval that ends: its place
   * @param k integer, 1 or more
   */
  tick(a: Float64Array, at: number, instant: number, k: number): void {
    const { powers } = this;
    const idle = Math.min(k - 1, KEPT);
    if (idle === KEPT) this.write(KEPT, k - 1);
    const left = 3 * idle;
    const now = a[instant]!;
    a[at] = tickedRate(a[at]!, now, ALPHA_1, powers[left]!);
    a[at + 1] = tickedRate(a[at + 1]!, now, ALPHA_5, powers[left + 1]!);
    a[at + 2] = tickedRate(a[at + 2]!, now, ALPHA_15, powers[left + 2]!);
  }

  private write(row: number, k: number): void {
    this.powers[3 * row] = power(1 - ALPHA_1, k);
    this.powers[3 * row + 1] = power(1 - ALPHA_5, k);
    this.powers[3 * row + 2] = power(1 - ALPHA_15, k);
  }
}
