/**
 * A slot: the memory of one batch. Its columns stand at fixed places before the window, which holds the bytes of the
 * input that the batch is read from. The host makes slots, fills their windows and reads their columns.
 *
 * What a record holds is kept as entries: for every key that someone asked for and that is there, one entry with the
 * place, length and type of its value, in the order of the record. The keys of the entries stand apart, so that one key
 * is found by comparing sixteen at a time.
 */
import { reserve } from './arena';

/** Records, rejected ones included, of one batch. */
export const MOST_ROWS: i32 = 4096;
/** Entries of one batch; a batch ends early where the next record might not fit. */
const MOST_ENTRIES: usize = 65536;

const ROWS: usize = 4096;
/** Columns, by their offset from the slot's start. */
export const TIME: usize = 0;
export const OFFSET: usize = TIME + ROWS * 8;
export const LENGTH: usize = OFFSET + ROWS * 4;
/** Of each row its first entry, and the end of its entries. */
export const FIRST: usize = LENGTH + ROWS * 4;
export const END: usize = FIRST + ROWS * 4;
export const FAMILIES: usize = END + ROWS * 4;
/** Three words for each rejected record: offset, length, reason. */
export const REJECTED: usize = FAMILIES + ROWS * 4;
/** Rows whose time the host must work out. */
export const UNSETTLED: usize = REJECTED + ROWS * 12;
export const LEVEL: usize = UNSETTLED + ROWS * 4;
export const KIND: usize = LEVEL + ROWS;
/** Of each row which of its measurements is the next, ALL_MEASURED if none is; and whether it touched a series. */
export const MEASURED: usize = KIND + ROWS;
export const TOUCHED: usize = MEASURED + ROWS;
/** Of each row the newest time of the records before it in the scan, if that measures. */
export const CLOCK: usize = TOUCHED + ROWS;
const KEYS: usize = CLOCK + ROWS * 8;
const ENTRIES: usize = KEYS + MOST_ENTRIES * 2 + 64;
export const WINDOW: usize = ENTRIES + MOST_ENTRIES * 8 + 64;

/** The scanner reads up to so many bytes behind the window's last one, whatever they are. */
const WINDOW_PADDING: usize = 128;

/** An entry is the value's address in the low half; in the high half its length, shifted, and these flags. */
const TYPE_MASK: u32 = 7;
/** A string that has escapes: its text is not its bytes. */
export const ESCAPED: u32 = 8;
export const LENGTH_SHIFT: u32 = 4;
export const ENTRY_BYTES: usize = 8;

/** No measurement of a row is left. */
export const ALL_MEASURED: u32 = 255;

/** Key of an entry that a later duplicate of an outer key made void. */
export const VOID_KEY: u32 = 0xffff;

/** A slot with a window of that many bytes. */
export function newSlot(windowBytes: usize): usize {
  return reserve(WINDOW + windowBytes + WINDOW_PADDING);
}

/** A place for one word of every row. */
export function newIdColumn(): usize {
  return reserve(ROWS * 4);
}

/** A place for one number of every row. */
export function newNumberColumn(): usize {
  return reserve(ROWS * 8);
}

// @ts-ignore: decorator
@inline
export function entriesOf(slot: usize): usize {
  return slot + ENTRIES;
}

// @ts-ignore: decorator
@inline
export function entriesEnd(slot: usize): usize {
  return slot + ENTRIES + MOST_ENTRIES * ENTRY_BYTES;
}

/** Where the key of an entry stands. */
// @ts-ignore: decorator
@inline
export function keyPlace(slot: usize, entry: usize): usize {
  return slot + KEYS + ((entry - entriesOf(slot)) >> 2);
}

// @ts-ignore: decorator
@inline
export function writeEntry(slot: usize, entry: usize, key: u32, start: usize, length: usize, flags: u32): void {
  store<u64>(entry, <u64>start | (<u64>((<u32>length << LENGTH_SHIFT) | flags) << 32));
  store<u16>(keyPlace(slot, entry), key);
}

// @ts-ignore: decorator
@inline
export function entryStart(entry: usize): usize {
  return <usize>load<u32>(entry);
}

// @ts-ignore: decorator
@inline
export function entryLength(entry: usize): usize {
  return <usize>(load<u32>(entry, 4) >> LENGTH_SHIFT);
}

// @ts-ignore: decorator
@inline
export function entryType(entry: usize): u32 {
  return load<u32>(entry, 4) & TYPE_MASK;
}

// @ts-ignore: decorator
@inline
export function entryIsEscaped(entry: usize): bool {
  return (load<u32>(entry, 4) & ESCAPED) != 0;
}

/** Entries that entryAmongFew can look at. */
export const FEW_ENTRIES: usize = 16;

/** The entry of a key among those from `first` to `end`, which are few; 0 if there is none. Without a branch. */
// @ts-ignore: decorator
@inline
export function entryAmongFew(slot: usize, first: usize, end: usize, key: u32): usize {
  const own = (<u32>1 << <u32>((end - first) >> 3)) - 1;
  const found = placesOf(keyPlace(slot, first), key) & own;
  return (first + <usize>ctz(found) * ENTRY_BYTES) & (0 - <usize>(found != 0));
}

/** The entry of a key among those from `first` to `end`; 0 if there is none. */
export function entryAmong(slot: usize, first: usize, end: usize, key: u32): usize {
  let entry = first;
  for (; end - entry > FEW_ENTRIES * ENTRY_BYTES; entry += FEW_ENTRIES * ENTRY_BYTES) {
    const found = placesOf(keyPlace(slot, entry), key);
    if (found != 0) return entry + <usize>ctz(found) * ENTRY_BYTES;
  }
  return entryAmongFew(slot, entry, end, key);
}

/** One bit for each of 16 keys that is this one. */
// @ts-ignore: decorator
@inline
function placesOf(keys: usize, key: u32): u32 {
  const wanted = i16x8.splat(<i16>key);
  const low = i16x8.eq(v128.load(keys), wanted);
  const high = i16x8.eq(v128.load(keys, 16), wanted);
  return <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}
