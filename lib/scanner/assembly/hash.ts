/**
 * Hashes of byte spans under secret multipliers, and their comparison.
 *
 * Whoever writes a log must not be able to choose texts that collide, or each look-up would walk a long chain. Every
 * 16 bytes go through two rounds of multiplication by random odd numbers with a rotation between, so that no difference
 * of inputs has a difference of hashes that could be foretold without the secret. It is no cryptographic hash.
 */

let k1: u64 = 0x9e3779b97f4a7c15;
let k2: u64 = 0xd6e8feb86659fd93;
let k3: u64 = 0x9fb21c651e98df25;
let k4: u64 = 0xff51afd7ed558ccd;

export function seedHash(a: u64, b: u64, c: u64, d: u64): void {
  k1 = a | 1;
  k2 = b | 1;
  k3 = c | 1;
  k4 = d | 1;
}

// @ts-ignore: decorator
@inline
function mix(h: u64, a: u64, b: u64): u64 {
  return (rotl((h ^ a) * k1, 32) ^ rotl((b ^ k4) * k2, 17)) * k3;
}

/** `salt` tells apart equal bytes of different meaning. Reads up to 7 bytes behind a span shorter than 8. */
export function hashOf(start: usize, length: usize, salt: u64): u64 {
  let h: u64 = (salt + 1) * k4 + <u64>length * k2;
  if (length < 8) {
    const word = length == 0 ? 0 : load<u64>(start) & (<u64>-1 >> (<u64>(8 - length) << 3));
    h = mix(h, word, word);
  } else {
    const last = start + length - 16;
    let p = start;
    for (; p < last && length > 16; p += 16) h = mix(h, load<u64>(p), load<u64>(p, 8));
    h = length > 16 ? mix(h, load<u64>(last), load<u64>(last, 8)) : mix(h, load<u64>(start), load<u64>(last, 8));
  }
  h ^= h >> 32;
  h *= k2;
  return h ^ (h >> 29);
}

/** Whether two spans of one length hold the same bytes. Reads up to 15 bytes behind spans shorter than 16. */
export function equal(a: usize, b: usize, length: usize): bool {
  if (length < 16) {
    const wanted = (<u32>1 << <u32>length) - 1;
    return (<u32>i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))) & wanted) == wanted;
  }
  const last = a + length - 16;
  let x = a;
  let y = b;
  while (x < last) {
    if (v128.any_true(v128.xor(v128.load(x), v128.load(y)))) return false;
    x += 16;
    y += 16;
  }
  return !v128.any_true(v128.xor(v128.load(last), v128.load(b + length - 16)));
}

/** Copies a span in steps of 16; writes up to 15 bytes behind it. */
// @ts-ignore: decorator
@inline
export function copySpan(to: usize, from: usize, length: usize): void {
  for (let k: usize = 0; k < length; k += 16) v128.store(to + k, v128.load(from + k));
}
