/**
 * The keys of an object as one id. What a list means (the order of JavaScript's objects, escapes, duplicates) is the
 * host's to say, once for every list of keys as they stand in the input; here such a list only leads to its id again.
 */
import { COMMA, QUOTE, skipSpace } from '../json/ascii';
import { reserve } from '../arena';
import { find, FULL, intern, newDictionary, setValue, valueOf } from './dictionary';
import { entryOf } from '../asked-fields';
import { listStart } from '../row-lists';
import { copySpan } from './hash';
import { entryStart, entryType } from '../slot';
import { stringEnd } from '../json/strings';
import { OBJECT, valueEnd } from '../json/values';

/** The list has not been met before: the host must say what it means. */
const UNKNOWN: u32 = 0xfffffffe;

let lists: usize = 0;
/** The list at hand: each key as it stands in the input, and a NUL. */
let list: usize = 0;
let listEnd: usize = 0;
let objectStart: usize = 0;
let objectEnd: usize = 0;

export function openKeyLists(capacity: u32, longestLine: usize, heap: usize): void {
  lists = newDictionary(capacity, heap);
  list = reserve(longestLine + 64);
}

export function keyListDictionary(): usize {
  return lists;
}

/** Id of the keys of a field's object; 0 if it is none; UNKNOWN, the object's place being in keysFrom and keysTo. */
export function keyList(slot: usize, row: u32, field: u32): u32 {
  const entry = entryOf(slot, row, field);
  if (entry == 0 || entryType(entry) != OBJECT) return 0;
  objectStart = entryStart(entry);
  gatherKeys(objectStart);
  const id = find(lists, list, listEnd - list);
  return id == 0 ? UNKNOWN : valueOf(lists, id);
}

/** The same of the listed rows, to `out`. Gives how many are UNKNOWN. */
export function keyListsOfList(slot: usize, count: u32, field: u32, out: usize): u32 {
  let unknown: u32 = 0;
  for (let k: usize = 0; k < <usize>count << 2; k += 4) {
    const id = keyList(slot, load<u32>(listStart() + k), field);
    unknown += <u32>(id == UNKNOWN);
    store<u32>(out + k, id);
  }
  return unknown;
}

/**
 * The id of the list as it stands in the input, plus one, to `column`, each at its row; 1 where there is no object. Gives
 * how many of the listed rows were done before there was no room.
 */
export function keyListColumn(slot: usize, count: u32, field: u32, column: usize): u32 {
  for (let k: u32 = 0; k < count; k++) {
    const row = load<u32>(listStart() + (<usize>k << 2));
    const entry = entryOf(slot, row, field);
    let id: u32 = 0;
    if (entry != 0 && entryType(entry) == OBJECT) {
      gatherKeys(entryStart(entry));
      id = intern(lists, list, listEnd - list);
      if (id == FULL) return k;
    }
    store<u32>(column + (<usize>row << 2), id + 1);
  }
  return count;
}

export function keysFrom(): usize {
  return objectStart;
}

export function keysTo(): usize {
  return objectEnd;
}

/** Says what the list at hand means. Gives FULL if there is no room to remember it. */
export function learnKeyList(symbol: u32): u32 {
  const id = intern(lists, list, listEnd - list);
  if (id == FULL) return FULL;
  setValue(lists, id, symbol);
  return id;
}

/** Walks an object that is known to be valid. */
function gatherKeys(at: usize): void {
  let to = list;
  let p = skipSpace(at + 1);
  while (load<u8>(p) == QUOTE) {
    const end = stringEnd(p + 1);
    copySpan(to, p + 1, end - p - 1);
    to += end - p - 1;
    store<u8>(to++, 0);
    p = valueBehind(skipSpace(skipSpace(end + 1) + 1));
    p = skipSpace(p);
    if (load<u8>(p) == COMMA) p = skipSpace(p + 1);
  }
  listEnd = to;
  objectEnd = p + 1;
}

function valueBehind(p: usize): usize {
  return load<u8>(p) == QUOTE ? stringEnd(p + 1) + 1 : valueEnd(p, 0);
}
