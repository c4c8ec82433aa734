/**
 * The entries of the record at hand, by key. Of each key the latest entry is kept; one at or behind the record's first
 * entry is the record's own, so nothing need be cleared between records.
 *
 * Of three keys the first value matters too, in flattened records (Field.shadowed): where a later one takes its place,
 * the first is kept under a key of its own, its shadow.
 */
import { reserve } from '../arena';
import { entryType, keyPlace, VOID_KEY } from '../slot';
import { keyCount, looksInside, shadowOf } from './trie';
import { OBJECT } from './values';

/** Of each key its latest entry. */
let latest: usize = 0;
let slot: usize = 0;
let firstEntry: usize = 0;
/** Behind the last entry of the record that was read last. */
let entriesTop: usize = 0;
/** Behind the entries of the last record that is kept. */
let keptTop: usize = 0;
let families: u32 = 0;
/** Whether a shadow was noted. */
let shadowed: bool = false;
let levelKey: u32 = 0;
let fieldsKey: u32 = 0;

/** To be called when all keys are known. */
export function openEntries(level: u32, fields: u32): void {
  levelKey = level;
  fieldsKey = fields;
  latest = reserve(<usize>keyCount() * 4);
}

/** Begins a batch: its entries go to `entries` and on. */
export function beginEntries(inSlot: usize, entries: usize): void {
  slot = inSlot;
  entriesTop = entries;
  keptTop = entries;
  memory.fill(latest, 0, <usize>keyCount() * 4);
}

/** Entries of records that were let go of, before their memory is used again. */
const LEFT_BEHIND: usize = 8192;

/** Whether the record's entries are kept is settled: they are not. Their memory is used again now and then. */
// @ts-ignore: decorator
@inline
export function beginAgain(): void {
  if (entriesTop - keptTop > LEFT_BEHIND) rewind();
}

function rewind(): void {
  entriesTop = keptTop;
  firstEntry = keptTop;
  for (let key: u32 = 1; key < keyCount(); key++) store<u32>(latestPlace(key), 0);
}

/** The record's entries are kept. */
// @ts-ignore: decorator
@inline
export function keepEntries(): void {
  keptTop = entriesTop;
}

/** Begins a record. */
export function beginRecord(): void {
  firstEntry = entriesTop;
  shadowed = false;
}

/** Ends it: its entries go up to `top`. */
// @ts-ignore: decorator
@inline
export function endRecord(top: usize, familyBits: u32): void {
  entriesTop = top;
  families = familyBits;
}

// @ts-ignore: decorator
@inline
export function entriesSlot(): usize {
  return slot;
}

// @ts-ignore: decorator
@inline
export function recordEntries(): usize {
  return firstEntry;
}

// @ts-ignore: decorator
@inline
export function recordEntriesEnd(): usize {
  return entriesTop;
}

// @ts-ignore: decorator
@inline
export function recordFamilies(): u32 {
  return families;
}

/** Where the latest entry of a key is kept. */
// @ts-ignore: decorator
@inline
export function latestPlace(key: u32): usize {
  return latest + (<usize>key << 2);
}

/** The entry of a key in the record; 0 if it has none. */
// @ts-ignore: decorator
@inline
export function recordEntry(key: u32): usize {
  const entry = <usize>load<u32>(latestPlace(key));
  return entry >= firstEntry && load<u16>(keyPlace(slot, entry)) == key ? entry : 0;
}

/** The value of a shadowed key that counts: the first of several in a flattened record, else the last; 0 if none. */
// @ts-ignore: decorator
@inline
export function countingEntry(key: u32): usize {
  const first = shadowed ? recordEntry(shadowOf(key)) : 0;
  return first != 0 ? first : recordEntry(key);
}

/** Forgets the record's entries, so that none passes for one of the next record. */
export function dropEntries(): void {
  entriesTop = firstEntry;
  shadowed = false;
  for (let key: u32 = 1; key < keyCount(); key++) store<u32>(latestPlace(key), 0);
}

/** Turns the entry of a key that comes again into its shadow's; false if that takes the slow way. */
export function keepFirst(key: u32, entry: usize): bool {
  const shadow = shadowOf(key);
  if (shadow == 0 || recordEntry(shadow) != 0) return false;
  if (entryType(entry) == OBJECT && looksInside(key)) return false;
  noteShadow(shadow, entry);
  return true;
}

export function noteShadow(shadow: u32, entry: usize): void {
  shadowed = true;
  store<u32>(latestPlace(shadow), <u32>entry);
  store<u16>(keyPlace(slot, entry), shadow);
}

/** Drops the shadows of a record that is whole and not flattened. */
export function settleShadows(): void {
  if (!shadowed || isFlattened()) return;
  for (let key: u32 = 1; key < keyCount(); key++) {
    const shadow = shadowOf(key);
    const entry: usize = shadow == 0 ? 0 : recordEntry(shadow);
    if (entry != 0) store<u16>(keyPlace(slot, entry), VOID_KEY);
  }
}

/** Whether the event's fields stand at the top level: there is a level, and `fields` is no object. */
function isFlattened(): bool {
  const fields = recordEntry(fieldsKey);
  return recordEntry(levelKey) != 0 && (fields == 0 || entryType(fields) != OBJECT);
}
