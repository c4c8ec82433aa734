/** Sorting by whole numbers, digit by digit from the lowest: D. E. Knuth, The Art of Computer Programming 3, 5.2.5 R. */

const DIGIT_BITS: u32 = 11;
const DIGITS: u32 = 3;
const VALUES: u32 = 1 << DIGIT_BITS;

/** Room for where the next key of each value goes, in words of 4 bytes. */
export const PLACES_BYTES: usize = <usize>VALUES << 2;

/**
 * Sorts keys of 8 bytes by their upper halves; equal ones stay as they were.
 * @param spare room for as many
 * @param places PLACES_BYTES of room
 * @returns where the sorted ones are: in the spare room
 */
export function sortByUpperHalf(keys: usize, spare: usize, count: u32, places: usize): usize {
  let from = keys;
  let to = spare;
  for (let digit: u32 = 0; digit < DIGITS; digit++) {
    distribute(from, to, count, 32 + digit * DIGIT_BITS, places);
    const sorted = to;
    to = from;
    from = sorted;
  }
  return from;
}

function distribute(from: usize, to: usize, count: u32, shift: u32, places: usize): void {
  memory.fill(places, 0, PLACES_BYTES);
  const end = from + (<usize>count << 3);
  for (let key = from; key < end; key += 8) {
    const place = places + placeOf(load<u64>(key), shift);
    store<u32>(place, load<u32>(place) + 1);
  }
  let before: u32 = 0;
  for (let value: u32 = 0; value < VALUES; value++) {
    const place = places + (<usize>value << 2);
    const many = load<u32>(place);
    store<u32>(place, before);
    before += many;
  }
  for (let at = from; at < end; at += 8) {
    const key = load<u64>(at);
    const place = places + placeOf(key, shift);
    const index = load<u32>(place);
    store<u32>(place, index + 1);
    store<u64>(to + (<usize>index << 3), key);
  }
}

// @ts-ignore: decorator
@inline
function placeOf(key: u64, shift: u32): usize {
  return <usize>(<u32>(key >> shift) & (VALUES - 1)) << 2;
}
