/** What consumers ask for by number: a field is a list of keys (paths), of which the first that is present counts. */
import { reserve } from './arena';
import { ENTRY_BYTES, entryAmong, FIRST, LENGTH_SHIFT, OFFSET, WINDOW } from './slot';
import { OBJECT } from './values';
import { skipSpace } from './ascii';

const LIST: usize = 0;
const LIST_LENGTH: usize = 4;
const FIELD_BYTES: usize = 8;

let fields: usize = 0;
/** Stands for the record itself, which has no entry. */
let rootEntry: usize = 0;

export function openFields(count: u32): void {
  fields = reserve(<usize>count * FIELD_BYTES + 8);
  rootEntry = reserve(ENTRY_BYTES);
}

/** Gives the place for the keys of a field, one word each, in order of preference; key 0 is the record itself. */
export function addField(field: u32, keys: u32): usize {
  const list = reserve(<usize>keys * 4 + 4);
  store<u32>(fields + <usize>field * FIELD_BYTES, <u32>list, LIST);
  store<u32>(fields + <usize>field * FIELD_BYTES, keys, LIST_LENGTH);
  return list;
}

/** The entry of a field in a row; 0 if it is absent. */
export function entryOf(slot: usize, row: u32, field: u32): usize {
  const place = slot + (<usize>row << 2);
  const first = <usize>load<u32>(place, FIRST);
  const end = <usize>load<u32>(place + 4, FIRST);
  const description = fields + <usize>field * FIELD_BYTES;
  let key = <usize>load<u32>(description, LIST);
  const lastKey = key + <usize>(load<u32>(description, LIST_LENGTH) << 2);
  for (; key < lastKey; key += 4) {
    const wanted = load<u32>(key);
    const entry = wanted == 0 ? recordItself(slot, place) : entryAmong(slot, first, end, wanted);
    if (entry != 0) return entry;
  }
  return 0;
}

function recordItself(slot: usize, place: usize): usize {
  const brace = skipSpace(slot + WINDOW + <usize>load<u32>(place, OFFSET));
  store<u64>(rootEntry, <u64>brace | (<u64>((1 << LENGTH_SHIFT) | OBJECT) << 32));
  return rootEntry;
}
