/**
 * Short texts that were looked up lately, with their ids: levels, messages and the like come again and again. A text
 * of at most SHORT bytes lies here as a whole, as its two halves, so that finding it is a single comparison.
 */
import { reserve } from '../arena';

/** Of a place: the text, zeros behind it; its length; its id. */
const LENGTH: usize = 32;
const ID: usize = 36;
const PLACE_SHIFT: u64 = 6;
const PLACES: usize = 256;

let k1: u64 = 0;
let k2: u64 = 0;
let k3: u64 = 0;
let k4: u64 = 0;

export function seedRecent(a: u64, b: u64, c: u64, d: u64): void {
  k1 = a | 1;
  k2 = b | 1;
  k3 = c | 1;
  k4 = d | 1;
}

export function newRecent(): usize {
  return reserve(PLACES << <usize>PLACE_SHIFT);
}

export function clearRecent(recent: usize): void {
  memory.fill(recent, 0, PLACES << <usize>PLACE_SHIFT);
}

/** Where a text lies if it is here. */
// @ts-ignore: decorator
@inline
export function placeOf(recent: usize, head: v128, tail: v128, length: usize): usize {
  const mixed =
    (<u64>i64x2.extract_lane(head, 0) * k1) ^
    (<u64>i64x2.extract_lane(head, 1) * k2) ^
    ((<u64>i64x2.extract_lane(tail, 0) ^ <u64>length) * k3) ^
    (<u64>i64x2.extract_lane(tail, 1) * k4);
  return recent + <usize>((mixed >> 56) << PLACE_SHIFT);
}

/** The id of the text if it lies there; else 0. */
// @ts-ignore: decorator
@inline
export function idAt(place: usize, head: v128, tail: v128, length: usize): u32 {
  const differs = v128.or(v128.xor(head, v128.load(place)), v128.xor(tail, v128.load(place, 16)));
  return v128.any_true(differs) || load<u32>(place, LENGTH) != <u32>length ? 0 : load<u32>(place, ID);
}

// @ts-ignore: decorator
@inline
export function keepAt(place: usize, head: v128, tail: v128, length: usize, id: u32): void {
  v128.store(place, head);
  v128.store(place, tail, 16);
  store<u32>(place, <u32>length, LENGTH);
  store<u32>(place, id, ID);
}
