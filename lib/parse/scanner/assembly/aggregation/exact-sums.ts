/**
 * Sums that are exact: an integer of 192 bits, in two's complement, counts multiples of 2^-84. Additions of integers
 * have no order. Values with bits below 2^-84, or of 2^69 and more, do not fit and are for the host to add.
 */

export const SUM_BYTES: usize = 24;
/** Bits behind the point. */
const SCALE: i32 = 84;
/** The lowest bit of a value may be shifted so far: 192 bits hold 2^38 values of the greatest magnitude. */
const MOST_SHIFT: i32 = 100;

/** Adds a finite value to the sum at `sum`; false, with nothing changed, if it does not fit. */
// @ts-ignore: decorator
@inline
export function addToSum(sum: usize, value: f64): bool {
  const bits = reinterpret<u64>(value);
  const exponent = <i32>((bits >> 52) & 2047);
  const fraction = bits & 0xfffffffffffff;
  if (fraction == 0 && exponent == 0) return true;
  const mantissa = exponent == 0 ? fraction : fraction | 0x10000000000000;
  const shift = (exponent == 0 ? 1 : exponent) - 1075 + SCALE;
  if (<u32>shift > <u32>MOST_SHIFT) return addSmall(sum, mantissa, shift, <i64>bits < 0);
  addShifted(sum, mantissa, shift, <i64>bits < 0);
  return true;
}

/** A value whose mantissa begins below the grid, but whose lowest ones may be zeros. */
function addSmall(sum: usize, mantissa: u64, shift: i32, negative: bool): bool {
  if (shift >= 0 || shift <= -53) return false;
  const below = <u64>(-shift);
  if ((mantissa & (((<u64>1) << below) - 1)) != 0) return false;
  addShifted(sum, mantissa >> below, 0, negative);
  return true;
}

// @ts-ignore: decorator
@inline
function addShifted(sum: usize, mantissa: u64, shift: i32, negative: bool): void {
  const word = <usize>(shift >> 6);
  const bits = <u64>(shift & 63);
  const low = mantissa << bits;
  const high = bits == 0 ? 0 : mantissa >> (64 - bits);
  if (negative) subtract(sum, word, low, high);
  else add(sum, word, low, high);
}

// @ts-ignore: decorator
@inline
function add(sum: usize, word: usize, low: u64, high: u64): void {
  const at = sum + (word << 3);
  const a = load<u64>(at) + low;
  const carry: u64 = a < low ? 1 : 0;
  const before = load<u64>(at, 8);
  const b = before + high + carry;
  store<u64>(at, a);
  store<u64>(at, b, 8);
  if (word == 0 && b < before) store<u64>(at, load<u64>(at, 16) + 1, 16);
}

// @ts-ignore: decorator
@inline
function subtract(sum: usize, word: usize, low: u64, high: u64): void {
  const at = sum + (word << 3);
  const before0 = load<u64>(at);
  const borrow: u64 = before0 < low ? 1 : 0;
  const before = load<u64>(at, 8);
  const b = before - high - borrow;
  store<u64>(at, before0 - low);
  store<u64>(at, b, 8);
  if (word == 0 && b > before) store<u64>(at, load<u64>(at, 16) - 1, 16);
}
