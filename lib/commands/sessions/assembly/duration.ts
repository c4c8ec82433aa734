/** Durations as people read them: `duration` of lib/text/figures.ts, of whole milliseconds. */
import { beginText, digits, endText, fraction, letter, twoDigits } from './figures';

const DAYS: u8 = 0x64;
const HOURS: u8 = 0x68;
const MINUTES: u8 = 0x6d;
const SECONDS: u8 = 0x73;

/** Below it three digits of seconds are told. Milliseconds. */
const SHORT: u32 = 59_950;
const EXPONENT_BITS: u64 = 52;
const IMPLIED_BIT: u64 = 1 << 52;
const EXPONENT_BIAS: u64 = 1023;

export function duration(ms: u32): usize {
  beginText();
  if (ms != 0 && ms < 1000) {
    digits(ms);
    letter(MINUTES);
    letter(SECONDS);
  } else if (ms < SHORT) seconds(ms);
  else if (rounded(ms, 1000) < 3600) parts(rounded(ms, 1000), 60, MINUTES, SECONDS);
  else if (rounded(ms, 60_000) < 1440) parts(rounded(ms, 60_000), 60, HOURS, MINUTES);
  else parts(rounded(ms, 3_600_000), 24, DAYS, HOURS);
  return endText();
}

// @ts-expect-error: decorator
@inline
function rounded(ms: u32, unit: u32): u32 {
  return (ms + unit / 2) / unit;
}

function parts(total: u32, size: u32, major: u8, minor: u8): void {
  digits(total / size);
  letter(major);
  twoDigits(total % size);
  letter(minor);
}

/** Three digits that matter. */
function seconds(ms: u32): void {
  const unit: u32 = ms < 10_000 ? 10 : 100;
  const rest = ms % unit;
  const half = unit / 2;
  const isUp = rest > half || (rest == half && isNotBelow(ms));
  const told = ms - rest + (isUp ? unit : 0);
  digits(told / 1000);
  fraction(told % 1000, 3);
  letter(SECONDS);
}

/** Whether the double for so many milliseconds as seconds, 1 to 60, is not below what it stands for. */
function isNotBelow(ms: u32): bool {
  const bits = reinterpret<u64>(<f64>ms / 1000);
  const mantissa = (bits & (IMPLIED_BIT - 1)) | IMPLIED_BIT;
  const shift = EXPONENT_BITS + EXPONENT_BIAS - (bits >> EXPONENT_BITS);
  return mantissa * 1000 >= (<u64>ms) << shift;
}
