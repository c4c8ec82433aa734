/** Texts of values as ids: of strings what they mean, of numbers their digits, `true` and `false`. */
import { reserve } from '../arena';
import { FULL, intern, newDictionary } from './dictionary';
import { entryOf, findEntries } from '../asked-fields';
import { BLOCK, blockOf, listStart } from '../row-lists';
import { entryIsEscaped, entryLength, entryStart, entryType } from '../slot';
import { unescape } from '../json/strings';
import { FALSE, NUMBER, STRING, TRUE } from '../json/values';

let symbols: usize = 0;
/** Decoded text of a value that has escapes. */
let plain: usize = 0;
let textAt: usize = 0;
/** Of a block those rows whose ids are not known yet, and their entries. */
let missing: usize = 0;
let entries: usize = 0;

export function openSymbols(capacity: u32, longestLine: usize, heap: usize): void {
  symbols = newDictionary(capacity, heap);
  plain = reserve(longestLine + 64);
  missing = reserve((BLOCK + 1) << 2);
  entries = reserve(BLOCK << 2);
}

export function symbolDictionary(): usize {
  return symbols;
}

/** Whether a value of this type has a text. */
// @ts-ignore: decorator
@inline
function hasText(type: u32): bool {
  return type == STRING || type == NUMBER || type == TRUE || type == FALSE;
}

/** Length of the text of an entry that has one, else -1; valueText points to it. */
// @ts-ignore: decorator
@inline
export function valueLength(entry: usize): isize {
  if (entry == 0 || !hasText(entryType(entry))) return -1;
  textAt = entryStart(entry);
  const length = entryLength(entry);
  if (!entryIsEscaped(entry)) return length;
  return decoded(length);
}

function decoded(length: usize): isize {
  const end = unescape(textAt, textAt + length, plain);
  textAt = plain;
  return end - plain;
}

// @ts-ignore: decorator
@inline
export function valueText(): usize {
  return textAt;
}

/** The id of a field's text in a row; 0 if it has none, FULL if there is no room for it. */
export function symbol(slot: usize, row: u32, field: u32): u32 {
  return symbolIn(entryOf(slot, row, field));
}

// @ts-ignore: decorator
@inline
function symbolIn(entry: usize): u32 {
  const length = valueLength(entry);
  return length < 0 ? 0 : intern(symbols, textAt, length);
}

/**
 * The ids of a field in the listed rows to `out`. Those that are known stand, each plus one, at their rows in `known`, 0
 * being unknown, and more are added. Gives how many rows of the list were done before there was no room.
 */
export function symbolsOfList(slot: usize, count: u32, field: u32, known: usize, out: usize): u32 {
  for (let from: u32 = 0; from < count; from += BLOCK) {
    const rows = listStart() + (<usize>from << 2);
    const block = blockOf(from, count);
    if (!makeMissing(slot, rows, block, field, known)) return from;
    for (let k: usize = 0; k < <usize>block << 2; k += 4) {
      const id = load<u32>(known + (<usize>load<u32>(rows + k) << 2)) - 1;
      store<u32>(out + (<usize>from << 2) + k, id);
    }
  }
  return count;
}

/** Makes those ids of a block of rows that are not known yet. Gives whether there was room. */
function makeMissing(slot: usize, rows: usize, block: u32, field: u32, known: usize): bool {
  let end = missing;
  for (let k: usize = 0; k < <usize>block << 2; k += 4) {
    const row = load<u32>(rows + k);
    store<u32>(end, row);
    end += <usize>(load<u32>(known + (<usize>row << 2)) == 0) << 2;
  }
  const count = end - missing;
  findEntries(slot, missing, <u32>(count >> 2), field, entries);
  for (let k: usize = 0; k < count; k += 4) {
    const id = symbolIn(load<u32>(entries + k));
    if (id == FULL) return false;
    store<u32>(known + (<usize>load<u32>(missing + k) << 2), id + 1);
  }
  return true;
}
