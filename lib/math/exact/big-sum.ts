/**
 * Sums of doubles without any rounding, as whole multiples of the smallest double: what the quick way cannot hold. Slow,
 * and never wrong.
 */

/** 2^1074 of these units are 1. */
const UNIT_EXPONENT = -1074;
const FRACTION = 2n ** 52n - 1n;
const HIDDEN = 2n ** 52n;

/** A double as a whole number of units. */
export function unitsOf(x: number): bigint {
  const bits = new BigUint64Array(new Float64Array([x]).buffer)[0]!;
  const exponent = Number((bits >> 52n) & 2047n);
  const fraction = bits & FRACTION;
  const magnitude = exponent === 0 ? fraction : (fraction | HIDDEN) << BigInt(exponent - 1);
  return x < 0 ? -magnitude : magnitude;
}

/** The double next to so many units, of two the even one; beyond the range of doubles, the largest. */
export function roundedUnits(units: bigint): number {
  const magnitude = units < 0n ? -units : units;
  const rounded = Math.min(magnitudeOf(magnitude), Number.MAX_VALUE);
  return units < 0n ? -rounded : rounded;
}

function magnitudeOf(magnitude: bigint): number {
  // up to 53 bits are exact, however small; the product of two powers, as 2^-1074 alone is a double but 2^1074 is not
  if (magnitude <= FRACTION) return Number(magnitude) * Number.MIN_VALUE;
  // 64 leading bits, the last of which is set if anything follows, round as all of them would
  const shift = BigInt(Math.max(0, magnitude.toString(16).length * 4 - 64));
  const leading = magnitude >> shift;
  const sticky = leading << shift === magnitude ? leading : leading | 1n;
  const exponent = Number(shift) + UNIT_EXPONENT;
  // two steps, each of which stays within the exponents that a double has
  const half = Math.trunc(exponent / 2);
  return Number(sticky) * 2 ** half * 2 ** (exponent - half);
}
