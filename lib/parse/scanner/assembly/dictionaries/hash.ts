/**
 * Hashes of byte spans under secret multipliers, and their comparison.
 *
 * Whoever writes a log must not be able to choose texts that collide, or each look-up would walk a long chain. Every
 * 16 bytes go through two rounds of multiplication by random odd numbers with a rotation between, so that no difference
 * of inputs has a difference of hashes that could be foretold without the secret. It is no cryptographic hash.
 *
 * Most spans are short, and of lengths that nothing foretells. Up to SHORT bytes there is neither a loop nor a branch:
 * a span is read as so many bytes, and what lies behind it masked out.
 */

export const SHORT: usize = 32;

/** From 32 less the length of a short span on, as many ones stand here as it has bytes, and zeros behind them. */
const masks = memory.data<u64>([-1, -1, -1, -1, 0, 0, 0, 0]);

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

/** The first half of a short span, zeros behind it. Reads SHORT bytes with the other half. */
// @ts-ignore: decorator
@inline
export function headOf(text: usize, length: usize): v128 {
  return v128.and(v128.load(text), v128.load(masks + 32 - length));
}

// @ts-ignore: decorator
@inline
export function tailOf(text: usize, length: usize): v128 {
  return v128.and(v128.load(text, 16), v128.load(masks + 48 - length));
}

// @ts-ignore: decorator
@inline
function mix(h: u64, a: u64, b: u64): u64 {
  return (rotl((h ^ a) * k1, 32) ^ rotl((b ^ k4) * k2, 17)) * k3;
}

// @ts-ignore: decorator
@inline
function mixVector(h: u64, v: v128): u64 {
  return mix(h, <u64>i64x2.extract_lane(v, 0), <u64>i64x2.extract_lane(v, 1));
}

/** `salt` tells apart equal bytes of different meaning. Reads SHORT bytes, however short the span is. */
// @ts-ignore: decorator
@inline
export function hashOf(start: usize, length: usize, salt: u64): u64 {
  let h: u64 = (salt + 1) * k4 + <u64>length * k2;
  if (length <= SHORT) h = mixVector(mixVector(h, headOf(start, length)), tailOf(start, length));
  else h = mixLong(h, start, length);
  h ^= h >> 32;
  h *= k2;
  return h ^ (h >> 29);
}

function mixLong(from: u64, start: usize, length: usize): u64 {
  let h = from;
  const last = start + length - 16;
  for (let p = start; p < last; p += 16) h = mix(h, load<u64>(p), load<u64>(p, 8));
  return mix(h, load<u64>(last), load<u64>(last, 8));
}

/** Whether two spans of one length hold the same bytes. Reads SHORT bytes of both, however short they are. */
// @ts-ignore: decorator
@inline
export function equal(a: usize, b: usize, length: usize): bool {
  return length <= SHORT ? equalShort(a, b, length) : equalLong(a, b, length);
}

// @ts-ignore: decorator
@inline
function equalShort(a: usize, b: usize, length: usize): bool {
  const differs = v128.or(
    v128.and(v128.xor(v128.load(a), v128.load(b)), v128.load(masks + 32 - length)),
    v128.and(v128.xor(v128.load(a, 16), v128.load(b, 16)), v128.load(masks + 48 - length)),
  );
  return !v128.any_true(differs);
}

function equalLong(a: usize, b: usize, length: usize): bool {
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
