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
const decimals = Array.from({ length: 1000 }, (_, k) => String(k / 1000).slice(1));

/** As String(value) writes it: quicker for what has no more than three decimals, as durations of logs have. */
export function decimalText(value: number): string {
  const thousandths = Math.round(value * 1000);
  // fifteen digits or fewer are told apart by doubles: what divides back to the value is its shortest text
  if (thousandths / 1000 !== value || thousandths < 0 || thousandths >= MOST_THOUSANDTHS)
    return String(value);
  const whole = (thousandths / 1000) | 0;
  return whole + decimals[thousandths - 1000 * whole]!;
}
