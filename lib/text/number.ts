/** JSON's numbers and Rust's, blanks around them allowed; no hexadecimal, no NaN, no infinities. */
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/**
 * The number that a text writes, as a filter on the way may have made one of it; NaN for any other text. Infinite where
 * it is too large for a double.
 */
export function numberOfText(text: string): number {
  return decimal.test(text) ? Number(text) : Number.NaN;
}

/** Thousandths below it, and what is made of them, are exact. */
const MOST_THOUSANDTHS = 2 ** 31;
/** `.125` of 125, '' of 0. */
export const decimals: readonly string[] = Array.from({ length: 1000 }, (_, k) => String(k / 1000).slice(1));

/**
 * How many thousandths a number is that String(value) writes with three decimals at most, as durations of logs are: its
 * text is that of the whole ones and `decimals` of the rest; -1 of any other number.
 */
export function thousandthsOf(value: number): number {
  const thousandths = Math.round(value * 1000);
  // fifteen digits or fewer are told apart by doubles: what divides back to the value is its shortest text
  const isExact = thousandths / 1000 === value && thousandths >= 0 && thousandths < MOST_THOUSANDTHS;
  return isExact ? thousandths : -1;
}
