/** JSON's numbers and Rust's, blanks around them allowed; no hexadecimal, no NaN, no infinities. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/**
 * The number that a text writes, as a filter on the way may have made one of it; NaN for any other text. Infinite where
 * it is too large for a double.
 */
export function numberOfText(text: string): number {
  return decimal.test(text) ? Number(text) : Number.NaN;
}
