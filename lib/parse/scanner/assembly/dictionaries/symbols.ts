/** Texts of values as ids: of strings what they mean, of numbers their digits, `true` and `false`. */
import { reserve } from '../arena';
import { FULL, intern, newDictionary } from './dictionary';
import { entryOf, findEntries } from '../asked-fields';
import { allRows, BLOCK, blockOf } from '../row-lists';
import { entryIsEscaped, entryLength, entryStart, entryType } from '../slot';
import { unescape } from '../json/strings';
import { FALSE, NUMBER, STRING, TRUE } from '../json/values';

let symbols: usize = 0;
/** Decoded text of a value that has escapes. */
let plain: usize = 0;
let textAt: usize = 0;
/** Entries of a block of rows. */
let entries: usize = 0;

export function openSymbols(capacity: u32, longestLine: usize, heap: usize): void {
  symbols = newDictionary(capacity, heap);
  plain = reserve(longestLine + 64);
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

/** The ids of a field in all rows, each plus one, to `out`. Gives how many rows were done before there was no room. */
export function symbolColumn(slot: usize, rows: u32, field: u32, out: usize): u32 {
  for (let from: u32 = 0; from < rows; from += BLOCK) {
    const count = blockOf(from, rows);
    findEntries(slot, allRows() + (<usize>from << 2), count, field, entries);
    for (let k: u32 = 0; k < count; k++) {
      const id = symbolIn(load<u32>(entries + (<usize>k << 2)));
      if (id == FULL) return from + k;
      store<u32>(out + (<usize>(from + k) << 2), id + 1);
    }
  }
  return rows;
}
