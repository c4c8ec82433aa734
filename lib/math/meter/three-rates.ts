import { power, smoothing } from '../ewma.ts';

/** The shares of the newest interval in the averages over 1, 5 and 15 minutes. */
export const ALPHAS = [smoothing(1), smoothing(5), smoothing(15)] as const;
const [ALPHA_1, ALPHA_5, ALPHA_15] = ALPHAS;

/** Powers are looked up below this exponent: an hour and a half of silence at a tick in 5 s. */
const KEPT = 1024;
/** (1 - alpha)^k of all three, side by side, for k from 0: an exponentiation costs ten times as much as a look-up. */
const POWERS = Float64Array.from({ length: 3 * KEPT }, (_, i) =>
  power(1 - ALPHAS[i % 3]!, Math.floor(i / 3)),
);

/** Doublings of KEPT up to the greatest whole number that a double counts to. */
const DOUBLINGS = 43;
/** (1 - alpha)^(KEPT * 2^j) of all three, side by side, for j from 0: squares, as `power` makes them. */
const SQUARES = squaresOf(POWERS);

function squaresOf(powers: Float64Array): Float64Array {
  const squares = new Float64Array(3 * DOUBLINGS);
  const half = 3 * (KEPT / 2);
  for (let i = 0; i < squares.length; i++) {
    const root = i < 3 ? powers[half + i]! : squares[i - 3]!;
    squares[i] = root * root;
  }
  return squares;
}

/** What k idle ticks leave of an average over 1, 5 or 15 minutes (which = 0, 1, 2), k an integer of 0 or more. */
export function remaining(which: 0 | 1 | 2, k: number): number {
  if (k < KEPT) return POWERS[3 * k + which]!;
  // the factors of `power`, from the lowest bit on: those of the bits below KEPT are multiplied already
  let left = Math.floor(k / KEPT);
  let result = POWERS[3 * (k - left * KEPT) + which]!;
  for (let i = which; left > 0 && result !== 0; left = Math.floor(left / 2), i += 3) {
    if (left % 2 === 1) result *= SQUARES[i]!;
  }
  return result;
}

/**
 * An average over 1, 5 or 15 minutes after an interval was closed, and k idle ones behind it.
 * @param instant the rate of the interval, per second
 * @param k integer, 0 or more
 */
export function closed(which: 0 | 1 | 2, average: number, instant: number, k: number): number {
  const alpha = ALPHAS[which];
  return (average * (1 - alpha) + alpha * instant) * remaining(which, k);
}

/** The same for three averages that lie side by side, the one over 1 minute at `at`. */
export function closeAll(a: Float64Array, at: number, instant: number, k: number): void {
  if (k >= KEPT) {
    a[at] = closed(0, a[at]!, instant, k);
    a[at + 1] = closed(1, a[at + 1]!, instant, k);
    a[at + 2] = closed(2, a[at + 2]!, instant, k);
    return;
  }
  a[at] = (a[at]! * (1 - ALPHA_1) + ALPHA_1 * instant) * POWERS[3 * k]!;
  a[at + 1] = (a[at + 1]! * (1 - ALPHA_5) + ALPHA_5 * instant) * POWERS[3 * k + 1]!;
  a[at + 2] = (a[at + 2]! * (1 - ALPHA_15) + ALPHA_15 * instant) * POWERS[3 * k + 2]!;
}

/**
 * Adds what an interval that is closed has still to get, k idle ticks after it, to three averages that lie side by side.
 * @param at the place of the one over 1 minute; those over 5 and 15 follow
 */
export function addLate(a: Float64Array, at: number, instant: number, k: number): void {
  a[at] = a[at]! + ALPHA_1 * instant * remaining(0, k);
  a[at + 1] = a[at + 1]! + ALPHA_5 * instant * remaining(1, k);
  a[at + 2] = a[at + 2]! + ALPHA_15 * instant * remaining(2, k);
}
