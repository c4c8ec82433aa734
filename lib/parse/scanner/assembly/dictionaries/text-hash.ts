/** SipHash-1-3 of texts: the same as lib/text/hash.ts, which says what for. */
import { findEntries } from '../asked-fields';
import { reserve } from '../arena';
import { BLOCK, blockOf, listStart } from '../row-lists';
import { valueLength, valueText } from './symbols';

/** Behind those of the text. */
const LAST_ROUNDS: usize = 3;

let key0: u64 = 0;
let key1: u64 = 0;
/** Entries of a block of rows. */
let entries: usize = 0;

export function openTextHashes(): void {
  entries = reserve(BLOCK << 2);
}

export function keyTextHashes(k0: u64, k1: u64): void {
  key0 = k0;
  key1 = k1;
}

/** The hash of a span, never 0. Reads up to 7 bytes behind it. Written as one loop, so that the state is in registers. */
export function hashOfText(start: usize, length: usize): u64 {
  let a = key0 ^ 0x736f6d6570736575;
  let b = key1 ^ 0x646f72616e646f6d;
  let c = key0 ^ 0x6c7967656e657261;
  let d = key1 ^ 0x7465646279746573;
  const whole = length >> 3;
  for (let k: usize = 0; k <= whole + LAST_ROUNDS; k++) {
    let word: u64 = 0;
    if (k < whole) word = load<u64>(start + (k << 3));
    else if (k == whole) word = lastWord(start, length);
    else if (k == whole + 1) c ^= 0xff;
    d ^= word;
    a += b;
    b = rotl(b, 13) ^ a;
    a = rotl(a, 32);
    c += d;
    d = rotl(d, 16) ^ c;
    a += d;
    d = rotl(d, 21) ^ a;
    c += b;
    b = rotl(b, 17) ^ c;
    c = rotl(c, 32);
    a ^= word;
  }
  const hash = a ^ b ^ c ^ d;
  return hash == 0 ? 1 : hash;
}

/** What is left of the span, and its length. */
// @ts-ignore: decorator
@inline
function lastWord(start: usize, length: usize): u64 {
  const bits = <u64>(length & 7) << 3;
  return (load<u64>(start + (length & ~7)) & (((<u64>1) << bits) - 1)) | ((<u64>length) << 56);
}

/** Hashes of a field's texts in the listed rows, 64 bits each, to `out`; 0 where there is no text. */
export function hashesOfList(slot: usize, count: u32, field: u32, out: usize): void {
  for (let from: u32 = 0; from < count; from += BLOCK) {
    const block = blockOf(from, count);
    findEntries(slot, listStart() + (<usize>from << 2), block, field, entries);
    for (let k: u32 = 0; k < block; k++) {
      const length = valueLength(load<u32>(entries + (<usize>k << 2)));
      store<u64>(out + (<usize>(from + k) << 3), length < 0 ? 0 : hashOfText(valueText(), length));
    }
  }
}
