import { debugStringEnd, readDebugString } from './rust-debug.ts';

const integer = /^-?(?:0|[1-9]\d*)$/;
const float = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e-?\d+)?$/;
/** What fits 64 bits; tracing's JSON layout writes wider integers as strings. */
const least = -(2n ** 63n);
const most = 2n ** 64n - 1n;

/**
 * A field's value as tracing's JSON layout has it, from what a text layout shows: quoted texts are strings, numbers keep
 * their digits, NaN and infinities are null, and anything else is the string that it is.
 */
export function valueToJson(text: string): string {
  if (text.startsWith('"') && debugStringEnd(text, 0) === text.length) {
    return JSON.stringify(readDebugString(text));
  }
  if (text === 'true' || text === 'false') return text;
  if (text === 'NaN' || text === 'inf' || text === '-inf') return 'null';
  if (integer.test(text) && fits(text)) return text;
  return float.test(text) && !integer.test(text) ? text : JSON.stringify(text);
}

function fits(digits: string): boolean {
  if (digits === '-0') return false;
  if (digits.length < 19) return true;
  if (digits.length > 20) return false;
  const value = BigInt(digits);
  return value >= least && value <= most;
}
