/**
 * Label sets as ids. The texts of a tuple are laid side by side behind their lengths, one word each, and that span is
 * interned: one look-up for a record, not one for each label. A label that is absent, or has no text, is empty.
 */
import { reserve } from './arena';
import { FULL, intern, newDictionary } from './dictionary';
import { entryOf } from './fields';
import { copySpan } from './hash';
import { valueLength, valueText } from './symbols';

const DICTIONARY: usize = 0;
const FIELDS: usize = 4;
const FIELD_COUNT: usize = 8;
const SET_BYTES: usize = 16;

const PADDING: usize = 16;

let sets: usize = 0;
let gathered: usize = 0;
let gatheredEnd: usize = 0;

export function openTuples(count: u32, longestTuple: usize): void {
  sets = reserve(<usize>count * SET_BYTES + 16);
  gathered = reserve(longestTuple + 64);
  gatheredEnd = gathered + longestTuple;
}

/** Gives the place for the fields of a set, one word each. */
export function addLabels(set: u32, fields: u32, capacity: u32): usize {
  const description = sets + <usize>set * SET_BYTES;
  const list = reserve(<usize>fields * 4 + 4);
  store<u32>(description, <u32>newDictionary(capacity), DICTIONARY);
  store<u32>(description, <u32>list, FIELDS);
  store<u32>(description, fields, FIELD_COUNT);
  return list;
}

export function tupleDictionary(set: u32): usize {
  return <usize>load<u32>(sets + <usize>set * SET_BYTES, DICTIONARY);
}

/** The id of a row's tuple; FULL if there is no room for it. */
export function tuple(slot: usize, row: u32, set: u32): u32 {
  const description = sets + <usize>set * SET_BYTES;
  const fields = <usize>load<u32>(description, FIELDS);
  const count = load<u32>(description, FIELD_COUNT);
  let to = gathered + (<usize>count << 2);
  for (let k: u32 = 0; k < count; k++) {
    const place = <usize>(k << 2);
    const length = valueLength(entryOf(slot, row, load<u32>(fields + place)));
    store<u32>(gathered + place, length < 0 ? 0 : <u32>length);
    if (length <= 0) continue;
    if (to + length > gatheredEnd - PADDING) return FULL;
    copySpan(to, valueText(), length);
    to += length;
  }
  return intern(<usize>load<u32>(description, DICTIONARY), gathered, to - gathered);
}

/** The ids of all rows to `out`. Gives how many rows were done before there was no room. */
export function tupleColumn(slot: usize, rows: u32, set: u32, out: usize): u32 {
  for (let row: u32 = 0; row < rows; row++) {
    const id = tuple(slot, row, set);
    if (id == FULL) return row;
    store<u32>(out + (<usize>row << 2), id);
  }
  return rows;
}
