/** XXH64 of whole records: the same as lib/math/identity/record-hash.ts, which says what for. */
import { listStart } from './row-lists';
import { LENGTH, OFFSET, WINDOW } from './slot';

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

/** The hash of a span under a seed. Reads nothing behind it. */
export function xxh64(start: usize, length: usize, seed: u64): u64 {
  const end = start + length;
  let at = start;
  let hash = seed + P5;
  if (length >= 32) {
    let a = seed + P1 + P2;
    let b = seed + P2;
    let c = seed;
    let d = seed - P1;
    for (; at + 32 <= end; at += 32) {
      a = round(a, load<u64>(at));
      b = round(b, load<u64>(at, 8));
      c = round(c, load<u64>(at, 16));
      d = round(d, load<u64>(at, 24));
    }
    hash = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
    hash = (hash ^ round(0, a)) * P1 + P4;
    hash = (hash ^ round(0, b)) * P1 + P4;
    hash = (hash ^ round(0, c)) * P1 + P4;
    hash = (hash ^ round(0, d)) * P1 + P4;
  }
  hash += <u64>length;
  for (; at + 8 <= end; at += 8) hash = rotl(hash ^ round(0, load<u64>(at)), 27) * P1 + P4;
  if (at + 4 <= end) {
    hash = rotl(hash ^ (<u64>load<u32>(at) * P1), 23) * P2 + P3;
    at += 4;
  }
  for (; at < end; at++) hash = rotl(hash ^ (<u64>load<u8>(at) * P5), 11) * P1;
  hash = (hash ^ (hash >> 33)) * P2;
  hash = (hash ^ (hash >> 29)) * P3;
  return hash ^ (hash >> 32);
}

/** Hashes of the listed rows' records, 64 bits each, to `out`. */
export function recordHashesOfList(slot: usize, count: u32, out: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row = <usize>load<u32>(listStart() + (<usize>k << 2)) << 2;
    const start = slot + WINDOW + <usize>load<u32>(slot + OFFSET + row);
    store<u64>(out + (<usize>k << 3), xxh64(start, <usize>load<u32>(slot + LENGTH + row), 0));
  }
}
