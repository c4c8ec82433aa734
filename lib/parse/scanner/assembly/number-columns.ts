/** Fields as numbers. */
import { reserve } from './arena';
import { entryOf, findEntries } from './asked-fields';
import { exactNumber } from './json/numbers';
import { BLOCK, blockOf, listStart } from './row-lists';
import { entryLength, entryStart, entryType } from './slot';
import { NUMBER } from './json/values';

/** Entries of a block of rows. */
let entries: usize = 0;

export function openNumberColumns(): void {
  entries = reserve(BLOCK << 2);
}

/** A field as a number; NaN if it is none, or one that only the host can read. */
export function numberOf(slot: usize, row: u32, field: u32): f64 {
  return numberIn(entryOf(slot, row, field));
}

// @ts-ignore: decorator
@inline
function isNumber(entry: usize): bool {
  return entry != 0 && entryType(entry) == NUMBER;
}

/** The number of an entry; NaN if it is none, or one that only the host can read. */
// @ts-ignore: decorator
@inline
export function numberIn(entry: usize): f64 {
  if (!isNumber(entry)) return NaN;
  const start = entryStart(entry);
  return exactNumber(start, start + entryLength(entry));
}

/** The same of the listed rows, to `out`. Gives how many only the host can read. */
export function numbersOfList(slot: usize, count: u32, field: u32, out: usize): u32 {
  let awkward: u32 = 0;
  for (let from: u32 = 0; from < count; from += BLOCK) {
    const block = blockOf(from, count);
    findEntries(slot, listStart() + (<usize>from << 2), block, field, entries);
    for (let k: u32 = 0; k < block; k++) {
      const entry = <usize>load<u32>(entries + (<usize>k << 2));
      const value = numberIn(entry);
      if (isNaN(value) && isNumber(entry)) awkward++;
      store<f64>(out + (<usize>(from + k) << 3), value);
    }
  }
  return awkward;
}
