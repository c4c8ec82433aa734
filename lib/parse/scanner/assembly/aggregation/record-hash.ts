/**
 * What tells a record from others wherever it is read: XXH64 of its text, under seed 0; and of a series, of its name and
 * labels. Both together give the random number by which a value of the record enters the sample of the series.
 * The same as lib/math has it, bit for bit.
 */

const P1: u64 = 0x9e3779b185ebca87;
const P2: u64 = 0xc2b2ae3d27d4eb4f;
const P3: u64 = 0x165667b19e3779f9;
const P4: u64 = 0x85ebca77c2b2ae63;
const P5: u64 = 0x27d4eb2f165667c5;

// @ts-ignore: decorator
@inline
function round(lane: u64, word: u64): u64 {
  return rotl(lane + word * P2, 31) * P1;
}

// @ts-ignore: decorator
@inline
function joined(hash: u64, lane: u64): u64 {
  return (hash ^ round(0, lane)) * P1 + P4;
}

/** Y. Collet, "XXH64", of the bytes of a span. Reads nothing behind it. */
export function xxh64(start: usize, length: usize, seed: u64): u64 {
  const end = start + length;
  let p = start;
  let hash = seed + P5;
  if (length >= 32) {
    let a = seed + P1 + P2;
    let b = seed + P2;
    let c = seed;
    let d = seed - P1;
    for (const last = end - 32; p <= last; p += 32) {
      a = round(a, load<u64>(p));
      b = round(b, load<u64>(p, 8));
      c = round(c, load<u64>(p, 16));
      d = round(d, load<u64>(p, 24));
    }
    hash = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
    hash = joined(joined(joined(joined(hash, a), b), c), d);
  }
  hash += <u64>length;
  for (; p + 8 <= end; p += 8) hash = rotl(hash ^ round(0, load<u64>(p)), 27) * P1 + P4;
  if (p + 4 <= end) {
    hash = rotl(hash ^ (<u64>load<u32>(p) * P1), 23) * P2 + P3;
    p += 4;
  }
  for (; p < end; p++) hash = rotl(hash ^ (<u64>load<u8>(p) * P5), 11) * P1;
  hash = (hash ^ (hash >> 33)) * P2;
  hash = (hash ^ (hash >> 29)) * P3;
  return hash ^ (hash >> 32);
}

/** The random number of a record in a series, strictly inside (0,1), from the hashes of both. */
// @ts-ignore: decorator
@inline
export function uniformOf(record: u64, series: u64): f64 {
  let h = record ^ series;
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccd;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53;
  h ^= h >> 33;
  return (<f64>(h >> 12) + 0.5) * 2.220446049250313e-16;
}
