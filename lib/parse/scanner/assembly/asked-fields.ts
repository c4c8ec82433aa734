/** What consumers ask for by number: a field is a list of keys (paths), of which the first that is present counts. */
import { reserve } from './arena';
import { END, ENTRY_BYTES, entryAmong, entryAmongFew, FEW_ENTRIES, FIRST, LENGTH_SHIFT, OFFSET, WINDOW } from './slot';
import { OBJECT } from './json/values';
import { skipSpace } from './json/ascii';
import { recordEntries, recordEntriesEnd, recordEntry } from './json/row-entries';
import { BLOCK, blockOf, listStart } from './row-lists';

const LIST: usize = 0;
const LIST_LENGTH: usize = 4;
const FIELD_BYTES: usize = 8;

let fields: usize = 0;
/** Stands for the record itself, which has no entry. */
let rootEntry: usize = 0;
/** Entries of a block of rows. */
let entries: usize = 0;

export function openFields(count: u32): void {
  fields = reserve(<usize>count * FIELD_BYTES + 8);
  rootEntry = reserve(ENTRY_BYTES);
  entries = reserve(BLOCK << 2);
}

/** Gives the place for the keys of a field, one word each, in order of preference; key 0 is the record itself. */
export function addField(field: u32, keys: u32): usize {
  const list = reserve(<usize>keys * 4 + 4);
  store<u32>(fields + <usize>field * FIELD_BYTES, <u32>list, LIST);
  store<u32>(fields + <usize>field * FIELD_BYTES, keys, LIST_LENGTH);
  return list;
}

/** Where the keys of a field stand, one word each. */
// @ts-ignore: decorator
@inline
export function fieldKeys(field: u32): usize {
  return <usize>load<u32>(fields + <usize>field * FIELD_BYTES, LIST);
}

// @ts-ignore: decorator
@inline
export function fieldKeysEnd(field: u32): usize {
  return fieldKeys(field) + <usize>(load<u32>(fields + <usize>field * FIELD_BYTES, LIST_LENGTH) << 2);
}

/** The entry of a field in a row; 0 if it is absent. Those of the record that was read last are known by their keys. */
export function entryOf(slot: usize, row: u32, field: u32): usize {
  const place = slot + (<usize>row << 2);
  const first = <usize>load<u32>(place, FIRST);
  const end = <usize>load<u32>(place, END);
  const description = fields + <usize>field * FIELD_BYTES;
  let key = <usize>load<u32>(description, LIST);
  const lastKey = key + <usize>(load<u32>(description, LIST_LENGTH) << 2);
  const isAtHand = first == recordEntries() && end == recordEntriesEnd();
  for (; key < lastKey; key += 4) {
    const wanted = load<u32>(key);
    let entry: usize;
    if (wanted == 0) entry = recordItself(slot, place);
    else entry = isAtHand ? recordEntry(wanted) : entryAmong(slot, first, end, wanted);
    if (entry != 0) return entry;
  }
  return 0;
}

/**
 * The entries of a field in `count` rows, which are listed at `rows`, to `out`. Speed: rows are looked at one after the
 * other for one thing at a time, because then the processor waits for the memory of many of them at once; and no branch
 * depends on whether a row has the field, which nothing foretells.
 */
export function findEntries(slot: usize, rows: usize, count: u32, field: u32, out: usize): void {
  const description = fields + <usize>field * FIELD_BYTES;
  const keys = <usize>load<u32>(description, LIST);
  const lastKey = keys + <usize>(load<u32>(description, LIST_LENGTH) << 2);
  for (let k: usize = 0; k < <usize>count << 2; k += 4) {
    const row = load<u32>(rows + k);
    const place = slot + (<usize>row << 2);
    const first = <usize>load<u32>(place, FIRST);
    const end = <usize>load<u32>(place, END);
    if (end - first > FEW_ENTRIES * ENTRY_BYTES) {
      store<u32>(out + k, <u32>entryOf(slot, row, field));
      continue;
    }
    let entry: usize = 0;
    for (let key = keys; key < lastKey; key += 4) {
      const wanted = load<u32>(key);
      const here = wanted == 0 ? recordItself(slot, place) : entryAmongFew(slot, first, end, wanted);
      entry |= here & (0 - <usize>(entry == 0));
    }
    store<u32>(out + k, <u32>entry);
  }
}

/** Those of the listed rows that have a field, whatever its type, to `out`. Gives how many. */
export function presentOfList(slot: usize, count: u32, field: u32, out: usize): u32 {
  let kept = out;
  for (let from: u32 = 0; from < count; from += BLOCK) {
    const rows = listStart() + (<usize>from << 2);
    const size = <usize>blockOf(from, count) << 2;
    findEntries(slot, rows, <u32>(size >> 2), field, entries);
    for (let k: usize = 0; k < size; k += 4) {
      store<u32>(kept, load<u32>(rows + k));
      kept += <usize>(load<u32>(entries + k) != 0) << 2;
    }
  }
  return <u32>((kept - out) >> 2);
}

function recordItself(slot: usize, place: usize): usize {
  const brace = skipSpace(slot + WINDOW + <usize>load<u32>(place, OFFSET));
  store<u64>(rootEntry, <u64>brace | (<u64>((1 << LENGTH_SHIFT) | OBJECT) << 32));
  return rootEntry;
}
