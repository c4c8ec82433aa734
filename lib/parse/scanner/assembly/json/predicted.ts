/** The fast way through a record: from shape to shape, comparing the bytes at hand with what stood there before. */
import { OPEN_BRACE, QUOTE } from './ascii';
import { endRecord, entriesSlot, keepFirst, latestPlace, recordEntries } from './row-entries';
import { advance, valueStart } from './grammar';
import { recognise } from './shape-table';
import {
  contextOf,
  followsOf,
  isLong,
  isPlain,
  keyIn,
  lastLength,
  lengthIn,
  NO_SHAPE,
  noteLength,
  outlineOf,
  RECORD_ENDS,
  restMatches,
  shapeFamilies,
  startsAt,
  startShape,
  STRING_FOLLOWS,
  successor,
  VALUE_FOLLOWS,
  VARIES,
} from './shapes';
import { ENTRY_BYTES, ESCAPED, writeEntry } from '../slot';
import { stops, stringEnd, wasEscaped } from './strings';
import { looksInside, pathLength } from './trie';
import { OBJECT, STRING, valueEnd, valueKind } from './values';

/** Results of `predicted` that are no places behind a record. */
export const FAILED: usize = 0;
export const AGAIN: usize = 1;

/** The shape of what stands at `p` behind `previous`: a known successor, else a known literal, else noShape. */
// @ts-ignore: decorator
@inline
function predict(p: usize, previous: usize): usize {
  let shape = successor(previous, 0);
  if (startsAt(p, shape)) return shape;
  shape = successor(previous, 1);
  if (startsAt(p, shape)) return shape;
  shape = successor(previous, 2);
  if (startsAt(p, shape)) return shape;
  shape = successor(previous, 3);
  return startsAt(p, shape) ? shape : recognise(p, previous);
}

/**
 * Whether the shape is not what stands at `p` after all: the rest of a long literal differs, or the value behind it
 * belongs to another, longer literal: one with more space, with the quote of a string, or with the brace of an object
 * that is looked into.
 */
// @ts-ignore: decorator
@inline
function isMistaken(p: usize, shape: usize, outline: u32): bool {
  if (isLong(outline) && !restMatches(p, shape)) return true;
  if (followsOf(shape) != VALUE_FOLLOWS) return false;
  const c = <u32>load<u8>(p + lengthIn(outline));
  const key = keyIn(outline);
  return c <= QUOTE || (c == OPEN_BRACE && key != 0 && looksInside(key));
}

/** The closing quote, or what else a string cannot simply go on behind. */
// @ts-ignore: decorator
@inline
function stopIn(at: usize): usize {
  let p = at;
  let found = stops(v128.load(p)) | (stops(v128.load(p, 16)) << 16);
  while (found == 0) {
    p += 32;
    found = stops(v128.load(p)) | (stops(v128.load(p, 16)) << 16);
  }
  return p + <usize>ctz(found);
}

/**
 * Behind the record at `start` and its LF, its entries being noted. FAILED if it is malformed or nests too deep, AGAIN
 * where a key came twice.
 *
 * Speed: everything that changes is a local. The inner loop takes the steps that nearly all are, to strings behind short
 * literals; it leaves any other step to the outer loop.
 */
export function predicted(start: usize): usize {
  const slot = entriesSlot();
  const latest = latestPlace(0);
  const first = <u32>recordEntries();
  let entry = recordEntries();
  let families: u32 = 0;
  let shape = startShape();
  let p = start;
  while (true) {
    let next: usize;
    let outline: u32;
    while (true) {
      next = predict(p, shape);
      outline = outlineOf(next);
      if (!isPlain(outline)) break;
      const at = p + lengthIn(outline);
      const stop = stopIn(at);
      if (load<u8>(stop) != QUOTE) break;
      let quote = stop;
      const last = lastLength(next);
      if (last != VARIES) {
        quote = at + <usize>last;
        if (stop != quote) {
          noteLength(next, stop, stop - at);
          quote = stop;
        }
      }
      const key = keyIn(outline);
      if (key != 0) {
        const seen = latest + (<usize>key << 2);
        if (load<u32>(seen) >= first) break;
        store<u32>(seen, <u32>entry);
        writeEntry(slot, entry, key, at, quote - at, STRING);
        entry += ENTRY_BYTES;
      }
      shape = next;
      p = quote + 1;
    }
    let at = p + lengthIn(outline);
    let follows = followsOf(next);
    if (follows == NO_SHAPE || isMistaken(p, next, outline)) {
      next = advance(p, shape, true);
      if (next == 0) return FAILED;
      at = valueStart();
      outline = outlineOf(next);
      follows = followsOf(next);
    }
    shape = next;
    families |= shapeFamilies(shape);
    let flags = STRING;
    let length: usize = 1;
    if (follows == STRING_FOLLOWS) {
      p = stringEnd(at);
      if (p == 0) return FAILED;
      if (wasEscaped()) flags |= ESCAPED;
      length = p++ - at;
    } else if (follows == VALUE_FOLLOWS) {
      p = valueEnd(at, pathLength(contextOf(shape)) + 1);
      if (p == 0) return FAILED;
      flags = valueKind();
      length = p - at;
    } else if (follows == RECORD_ENDS) {
      endRecord(entry, families);
      return at;
    } else {
      // of an object that is looked into the entry has the brace
      p = at--;
      flags = OBJECT;
    }
    const key = keyIn(outline);
    if (key == 0) continue;
    const seen = latest + (<usize>key << 2);
    if (load<u32>(seen) >= first && !keepFirst(key, load<u32>(seen))) return AGAIN;
    store<u32>(seen, <u32>entry);
    writeEntry(slot, entry, key, at, length, flags);
    entry += ENTRY_BYTES;
  }
}
