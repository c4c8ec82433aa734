/** Bits that a pass looks at. */
const DIGIT = 11;
const DIGITS = 1 << DIGIT;

/**
 * Sorts places by the key that each has, keeping the order of equal ones: by several keys, the last one first. A pass a
 * digit, so the time is that of the places, not of comparisons.
 * @param order places in `key`; sorted in place
 */
export function orderBy(order: Uint32Array, key: Uint32Array): void {
  const { length } = order;
  let least = 0xffff_ffff;
  let most = 0;
  let isOrdered = true;
  let before = 0;
  for (let k = 0; k < length; k++) {
    const value = key[order[k]!]!;
    if (value < least) least = value;
    if (value > most) most = value;
    isOrdered &&= value >= before;
    before = value;
  }
  if (isOrdered) return;
  let from = order;
  let to: Uint32Array = new Uint32Array(length);
  const starts = new Uint32Array(DIGITS);
  for (let shift = 0; shift < 32 && (most - least) >>> shift > 0; shift += DIGIT) {
    starts.fill(0);
    for (let k = 0; k < length; k++) starts[((key[from[k]!]! - least) >>> shift) & (DIGITS - 1)]!++;
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = starts[digit]!;
      starts[digit] = start;
      start += count;
    }
    for (let k = 0; k < length; k++) {
      const place = from[k]!;
      to[starts[((key[place]! - least) >>> shift) & (DIGITS - 1)]!++] = place;
    }
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
}
