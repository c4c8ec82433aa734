/**
 * Sessions by a hash of their id: of each how many starts it had less how many ends, and when it began last. Starts and
 * ends may come in any order, also apart, in threads that know nothing of one another: what is left of an id adds up. An
 * id whose starts and ends are equally many is forgotten, so memory follows what is open. One that may be open elsewhere
 * stays with its latest start, which is younger than the one that is known there: its first record here is an end, or
 * the host has marked its hash as taken before.
 *
 * Open addressing with a secret multiplier, by which nobody can choose ids that crowd together.
 */
import { reserve } from '../arena';
import { PLACES_BYTES, sortByUpperHalf } from './radix-sort';

/** An entry: hash, time of the latest start (-Infinity without one), place in the order of coming, starts less ends. */
const HASH: usize = 0;
const SINCE: usize = 8;
const ORDER: usize = 16;
const NET: usize = 20;
const ENTRY_BYTES: usize = 24;
/** In the order of coming: an end came first. */
const ENDS_FIRST: u32 = 0x80000000;

const FIRST_SLOTS: u32 = 1024;
/** A table is full with three entries in four slots. What is gathered of so many takes less than this for each slot. */
const HALF_SHIFT: usize = 5;

/** Marks of hashes that may be open elsewhere, a bit for each value of their lowest bits. */
const MARK_BITS: u32 = 18;

let table: usize = 0;
/** The half of the table that is in use. */
let half: usize = 0;
/** Entries that were gathered, in the other one. */
let gathered: usize = 0;
/** Room for sorting. */
let places: usize = 0;
/** Written by the host alone, also while we read. */
let marks: usize = 0;
let slots: u32 = FIRST_SLOTS;
let mostSlots: u32 = FIRST_SLOTS;
let used: u32 = 0;
let coming: u32 = 0;
let multiplier: u64 = 1;
/** Whether any start or end came. */
let seen: bool = false;

/** @param most slots, a power of two; @param secret odd */
export function openSessions(most: u32, secret: u64): void {
  mostSlots = most;
  multiplier = secret | 1;
  // twice: growing moves the entries from one half to the other
  table = reserve((<usize>most * 2) << HALF_SHIFT);
  half = table;
  marks = reserve((1 << MARK_BITS) >> 3);
  places = reserve(PLACES_BYTES);
}

/** Where the host marks hashes. */
export function sessionMarks(): usize {
  return marks;
}

export function clearSessions(): void {
  slots = FIRST_SLOTS;
  half = table;
  memory.fill(half, 0, <usize>slots * ENTRY_BYTES);
  used = 0;
  coming = 0;
  seen = false;
}

export function sessionsSeen(): bool {
  return seen;
}

/** Of how many ids something is known. */
export function knownSessions(): u32 {
  return used;
}

/**
 * Copies what is known of ids behind one another, for another engine to add it to its own, to where the host reads it: until
 * the next session, or the next use of that room.
 * @returns how many
 */
export function gatherSessions(): u32 {
  gathered = otherHalf();
  let to = gathered;
  const end = half + <usize>slots * ENTRY_BYTES;
  for (let slot = half; slot < end; slot += ENTRY_BYTES) {
    if (load<u64>(slot) == 0) continue;
    copyEntry(to, slot);
    to += ENTRY_BYTES;
  }
  return <u32>((to - gathered) / ENTRY_BYTES);
}

/**
 * The same where nobody else has counted what is not known here, in the order of coming: an id with as many ends as starts
 * is left out, unless it was taken before.
 */
export function gatherJoined(): u32 {
  // their keys twice, for sorting, and the copies
  const keys = otherHalf();
  let count: u32 = 0;
  for (let index: u32 = 0; index < slots; index++) {
    const slot = slotAt(index);
    const hash = load<u64>(slot);
    if (hash == 0 || (load<i32>(slot, NET) == 0 && !isMarked(hash))) continue;
    store<u64>(keys + (<usize>count << 3), (<u64>(load<u32>(slot, ORDER) & ~ENDS_FIRST) << 32) | index);
    count++;
  }
  const spare = keys + (<usize>count << 3);
  const sorted = sortByUpperHalf(keys, spare, count, places);
  gathered = (spare + (<usize>count << 3) + 15) & ~15;
  for (let k: u32 = 0; k < count; k++) {
    copyEntry(gathered + <usize>k * ENTRY_BYTES, slotAt(load<u32>(sorted + (<usize>k << 3))));
  }
  return count;
}

/** Where they are. */
export function gatheredSessions(): usize {
  return gathered;
}

/** Where the host may write as many entries that another engine gathered; 0 if they find no room in the table. */
export function openRoom(count: u32): usize {
  while (isFull(used + count)) {
    if (slots == mostSlots) return 0;
    grow();
  }
  return otherHalf();
}

/** Adds what the host has written there. Nothing is forgotten, as the next one may have more of an id. */
export function joinSessions(count: u32): void {
  if (count == 0) return;
  seen = true;
  const end = otherHalf() + <usize>count * ENTRY_BYTES;
  for (let entry = otherHalf(); entry < end; entry += ENTRY_BYTES) {
    const hash = load<u64>(entry);
    let index = homeOf(hash);
    let known = load<u64>(slotAt(index));
    while (known != 0 && known != hash) {
      index = (index + 1) & (slots - 1);
      known = load<u64>(slotAt(index));
    }
    const slot = slotAt(index);
    if (known == 0) {
      copyEntry(slot, entry);
      store<u32>(slot, coming++, ORDER);
      used++;
      continue;
    }
    store<i32>(slot, load<i32>(slot, NET) + load<i32>(entry, NET), NET);
    if (load<f64>(entry, SINCE) > load<f64>(slot, SINCE)) store<f64>(slot, load<f64>(entry, SINCE), SINCE);
  }
}

/** Whether one more id finds room. */
// @ts-ignore: decorator
@inline
export function sessionsHaveRoom(): bool {
  return slots < mostSlots || !isFull(used + 1);
}

// @ts-ignore: decorator
@inline
function isFull(entries: u32): bool {
  return entries > slots - (slots >> 2);
}

// @ts-ignore: decorator
@inline
function otherHalf(): usize {
  return half == table ? table + (<usize>mostSlots << HALF_SHIFT) : table;
}

// @ts-ignore: decorator
@inline
function homeOf(hash: u64): u32 {
  return <u32>((hash * multiplier) >> 32) & (slots - 1);
}

// @ts-ignore: decorator
@inline
function slotAt(index: u32): usize {
  return half + <usize>index * ENTRY_BYTES;
}

/**
 * A session starts or ends.
 * @param hash of its id, never 0
 * @param by 1 or -1
 * @param since of a start, milliseconds since the epoch
 */
export function countSession(hash: u64, by: i32, since: f64): void {
  seen = true;
  let index = homeOf(hash);
  let slot = slotAt(index);
  let known = load<u64>(slot);
  while (known != hash) {
    if (known == 0) {
      begin(slot, hash, by, since);
      return;
    }
    index = (index + 1) & (slots - 1);
    slot = slotAt(index);
    known = load<u64>(slot);
  }
  const net = load<i32>(slot, NET) + by;
  if (net == 0 && (load<u32>(slot, ORDER) & ENDS_FIRST) == 0 && !isMarked(hash)) {
    close(index);
    return;
  }
  store<i32>(slot, net, NET);
  if (by > 0 && since > load<f64>(slot, SINCE)) store<f64>(slot, since, SINCE);
}

// @ts-ignore: decorator
@inline
function isMarked(hash: u64): bool {
  const bit = <u32>hash & ((1 << MARK_BITS) - 1);
  return ((load<u8>(marks + <usize>(bit >> 3)) >> <u8>(bit & 7)) & 1) != 0;
}

function begin(slot: usize, hash: u64, by: i32, since: f64): void {
  store<u64>(slot, hash);
  store<f64>(slot, by > 0 ? since : -Infinity, SINCE);
  store<u32>(slot, coming++ | (by < 0 ? ENDS_FIRST : 0), ORDER);
  store<i32>(slot, by, NET);
  if (isFull(++used) && slots < mostSlots) grow();
}

/** Frees a slot, and moves up what had to stand behind it: D. E. Knuth, The Art of Computer Programming 3, 6.4 R. */
function close(index: u32): void {
  const mask = slots - 1;
  let gap = index;
  for (let at = (gap + 1) & mask; ; at = (at + 1) & mask) {
    const slot = slotAt(at);
    const hash = load<u64>(slot, HASH);
    if (hash == 0) break;
    // it may move up unless its home lies behind the gap
    if (((at - homeOf(hash)) & mask) < ((at - gap) & mask)) continue;
    copyEntry(slotAt(gap), slot);
    gap = at;
  }
  store<u64>(slotAt(gap), 0, HASH);
  used--;
}

// @ts-ignore: decorator
@inline
function copyEntry(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  store<u64>(to, load<u64>(from, ORDER), ORDER);
}

/** Twice the slots, in the other half of the memory. */
function grow(): void {
  const from = half;
  const end = from + <usize>slots * ENTRY_BYTES;
  half = otherHalf();
  slots *= 2;
  memory.fill(half, 0, <usize>slots * ENTRY_BYTES);
  for (let entry = from; entry < end; entry += ENTRY_BYTES) {
    const hash = load<u64>(entry);
    if (hash == 0) continue;
    let index = homeOf(hash);
    while (load<u64>(slotAt(index)) != 0) index = (index + 1) & (slots - 1);
    copyEntry(slotAt(index), entry);
  }
}
