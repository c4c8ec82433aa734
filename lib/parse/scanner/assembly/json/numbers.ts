/** JSON numbers: where one ends, and its value where a double can be had exactly by one operation. */
import { DOT, isDigit, MINUS, PLUS, ZERO } from './ascii';

/** Powers of ten that a double holds exactly. */
const powersOfTen = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]);
const LARGEST_POWER: i32 = 22;
/** Below it every integer is a double. */
const LARGEST_MANTISSA: u64 = 9007199254740992;
/** So many digits always fit 64 bits. */
const MOST_DIGITS: i32 = 19;

// @ts-ignore: decorator
@inline
export function powerOfTen(exponent: i32): f64 {
  return load<f64>(powersOfTen + (<usize>exponent << 3));
}

function digitsEnd(at: usize): usize {
  let p = at;
  while (isDigit(load<u8>(p))) p++;
  return p;
}

/** Behind the number at `at`; 0 if there is none. */
export function numberEnd(at: usize): usize {
  let p = at;
  if (load<u8>(p) == MINUS) p++;
  let c = <u32>load<u8>(p);
  if (c == ZERO) p++;
  else if (isDigit(c)) p = digitsEnd(p + 1);
  else return 0;
  c = load<u8>(p);
  if (c == DOT) {
    if (!isDigit(load<u8>(++p))) return 0;
    p = digitsEnd(p + 1);
    c = load<u8>(p);
  }
  if ((c | 0x20) == 0x65) {
    c = load<u8>(++p);
    if (c == PLUS || c == MINUS) p++;
    if (!isDigit(load<u8>(p))) return 0;
    p = digitsEnd(p + 1);
  }
  return p;
}

/**
 * The double of a valid number, correctly rounded: if mantissa and power of ten are exact, so is all but the last
 * multiplication or division. NaN for the few numbers that need more; those the host reads.
 */
export function exactNumber(start: usize, end: usize): f64 {
  let p = start;
  const negative = load<u8>(p) == MINUS;
  if (negative) p++;
  let mantissa: u64 = 0;
  let digits = 0;
  let exponent = 0;
  let behindDot = false;
  for (; p < end; p++) {
    const c = <u32>load<u8>(p);
    if (isDigit(c)) {
      mantissa = mantissa * 10 + <u64>(c - ZERO);
      if (++digits > MOST_DIGITS) return NaN;
      if (behindDot) exponent--;
    } else if (c == DOT) behindDot = true;
    else break;
  }
  if (p < end) exponent += writtenExponent(p + 1, end);
  if (mantissa > LARGEST_MANTISSA || exponent > LARGEST_POWER || exponent < -LARGEST_POWER) return NaN;
  const value = exponent < 0 ? <f64>mantissa / powerOfTen(-exponent) : <f64>mantissa * powerOfTen(exponent);
  return negative ? -value : value;
}

/** The figure behind the `e`, cut off where it is beyond all use. */
function writtenExponent(start: usize, end: usize): i32 {
  let p = start;
  const sign = <u32>load<u8>(p);
  if (sign == MINUS || sign == PLUS) p++;
  let figure = 0;
  for (; p < end; p++) if (figure < 100000) figure = figure * 10 + <i32>load<u8>(p) - 0x30;
  return sign == MINUS ? -figure : figure;
}
