/**
 * Label sets as ids. The texts of a tuple are interned as one span (pieces.ts): one look-up for a record, not one for
 * each label. A tuple of one text is that text alone. A label that is absent, or has no text, is empty.
 */
import { reserve } from '../arena';
import { clear, FULL, intern, internPieces, newDictionary } from './dictionary';
import { findEntries } from '../asked-fields';
import { copySpan } from './hash';
import { BLOCK, blockOf, listStart } from '../row-lists';
import { addPiece, beginPieces, openPieces } from './pieces';
import { entryIsEscaped } from '../slot';
import { valueLength, valueText } from './symbols';

const DICTIONARY: usize = 0;
const FIELDS: usize = 4;
const FIELD_COUNT: usize = 8;
/** The id of a row that has none of the fields; 0 = not met yet. */
const EMPTY: usize = 12;
const SET_BYTES: usize = 16;

/** Behind decoded texts, for copying and reading them. */
const PADDING: usize = 64;

let sets: usize = 0;
/** The heap of all tuples. */
let texts: usize = 0;
/** Decoded texts of a tuple. */
let plainTexts: usize = 0;
let plainEnd: usize = 0;
/** Entries of a block of rows, for one field after the other. */
let entries: usize = 0;
/** A list of one row, and its id. */
let oneRow: usize = 0;
let oneId: usize = 0;

/** @param widest fields of any set, at most */
export function openTuples(count: u32, widest: u32, longestTuple: usize, heap: usize): void {
  texts = heap;
  entries = reserve(<usize>(widest * BLOCK) << 2);
  openPieces(widest);
  oneRow = reserve(4);
  oneId = reserve(4);
  sets = reserve(<usize>count * SET_BYTES + 16);
  plainTexts = reserve(longestTuple + PADDING);
  plainEnd = plainTexts + longestTuple;
}

/** Gives the place for the fields of a set, one word each. */
export function addLabels(set: u32, fields: u32, capacity: u32): usize {
  const description = sets + <usize>set * SET_BYTES;
  const list = reserve(<usize>fields * 4 + 4);
  store<u32>(description, <u32>newDictionary(capacity, texts), DICTIONARY);
  store<u32>(description, <u32>list, FIELDS);
  store<u32>(description, fields, FIELD_COUNT);
  return list;
}

export function tupleDictionary(set: u32): usize {
  return <usize>load<u32>(sets + <usize>set * SET_BYTES, DICTIONARY);
}

export function clearTuples(set: u32): void {
  clear(tupleDictionary(set));
  store<u32>(sets + <usize>set * SET_BYTES, 0, EMPTY);
}

/** The id of a row's tuple; FULL if there is no room for it. */
export function tuple(slot: usize, row: u32, set: u32): u32 {
  store<u32>(oneRow, row);
  return tuplesOf(slot, oneRow, 1, set, oneId) == 1 ? load<u32>(oneId) : FULL;
}

/** The ids of the listed rows to `out`. Gives how many were done before there was no room. */
export function tuplesOfList(slot: usize, count: u32, set: u32, out: usize): u32 {
  return tuplesOf(slot, listStart(), count, set, out);
}

/** The ids of `count` rows, which are listed at `rows`, to `out`. Gives how many were done before there was no room. */
function tuplesOf(slot: usize, rows: usize, count: u32, set: u32, out: usize): u32 {
  const description = sets + <usize>set * SET_BYTES;
  const dictionary = <usize>load<u32>(description, DICTIONARY);
  const fields = <usize>load<u32>(description, FIELDS);
  const width = load<u32>(description, FIELD_COUNT);
  for (let from: u32 = 0; from < count; from += BLOCK) {
    const block = blockOf(from, count);
    for (let k: u32 = 0; k < width; k++) {
      const field = load<u32>(fields + (<usize>k << 2));
      findEntries(slot, rows + (<usize>from << 2), block, field, entries + <usize>(k * BLOCK << 2));
    }
    for (let k: u32 = 0; k < block; k++) {
      const place = entries + (<usize>k << 2);
      const id = width == 1 ? single(dictionary, load<u32>(place)) : several(description, place, width);
      if (id == FULL) return from + k;
      store<u32>(out + (<usize>(from + k) << 2), id);
    }
  }
  return count;
}

/** The only text of a tuple stands for itself. */
// @ts-ignore: decorator
@inline
function single(dictionary: usize, entry: usize): u32 {
  const length = valueLength(entry);
  return intern(dictionary, valueText(), length < 0 ? 0 : length);
}

/** The entries of a row's fields stand BLOCK words from one another. Rows that have none of them are common. */
function several(description: usize, entriesOfRow: usize, width: u32): u32 {
  let present: u32 = 0;
  for (let k: u32 = 0; k < width; k++) present |= load<u32>(entriesOfRow + <usize>(k * BLOCK << 2));
  if (present == 0 && load<u32>(description, EMPTY) != 0) return load<u32>(description, EMPTY);
  if (!gather(entriesOfRow, width)) return FULL;
  const id = internPieces(load<u32>(description, DICTIONARY));
  if (present == 0 && id != FULL) store<u32>(description, id, EMPTY);
  return id;
}

/** Makes the texts of a row the pieces at hand. Gives whether there was room. */
function gather(entriesOfRow: usize, width: u32): bool {
  let decoded = plainTexts;
  beginPieces();
  for (let k: u32 = 0; k < width; k++) {
    const entry = <usize>load<u32>(entriesOfRow + <usize>(k * BLOCK << 2));
    const length = valueLength(entry);
    if (length <= 0) {
      addPiece(plainTexts, 0);
    } else if (!entryIsEscaped(entry)) {
      addPiece(valueText(), length);
    } else {
      // of decoded texts only the last one stands
      if (decoded + length > plainEnd) return false;
      copySpan(decoded, valueText(), length);
      addPiece(decoded, length);
      decoded += length;
    }
  }
  return true;
}
