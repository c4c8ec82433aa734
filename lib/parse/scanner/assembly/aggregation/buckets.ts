/** How many values fell into each bucket of a histogram alone, a word for each, the one without an upper bound last. */

/** @param bounds ascending upper bounds, `count` of them, which a value may be equal to */
// @ts-ignore: decorator
@inline
export function countInBucket(bounds: usize, count: u32, buckets: usize, value: f64): void {
  let bucket: usize = 0;
  while (bucket < <usize>count && value > load<f64>(bounds + (bucket << 3))) bucket++;
  const place = buckets + (bucket << 2);
  store<u32>(place, load<u32>(place) + 1);
}
