/**
 * One record: from its first byte to behind its LF, values noted as entries on the way. The fast way goes from shape to
 * shape; a key that comes twice makes the record begin again on the slow way, where the last one counts. Of three keys
 * the first one matters too, in flattened records; it is kept under a key of its own, its shadow.
 */
import { advance, valueStart } from './grammar';
import { BACKSLASH, OPEN_BRACE, QUOTE } from './ascii';
import { reserve } from './arena';
import {
  contextOf,
  followsOf,
  INSIDE_FOLLOWS,
  keyOf,
  lengthOf,
  NO_SHAPE,
  noShape,
  recognise,
  RECORD_ENDS,
  restMatches,
  shapeFamilies,
  startsAt,
  startShape,
  STRING_FOLLOWS,
  successor,
  VALUE_FOLLOWS,
} from './shapes';
import { ENTRY_BYTES, entryType, ESCAPED, keyPlace, VOID_KEY, writeEntry } from './slot';
import { clearHighBits, sawHighBits, stops, stringEnd, wasEscaped } from './strings';
import { isUtf8 } from './utf8';
import { isWithin, keyCount, looksInside, parentOf, pathLength, shadowOf } from './trie';
import { OBJECT, STRING, valueEnd, valueKind } from './values';

const FAILED: usize = 0;
/** No record ends at address 1. */
const AGAIN: usize = 1;

/** Of each key its latest entry. One at or behind the record's first entry is the record's own. */
let latest: usize = 0;
/** Of each key, on the slow way, the bits of the families found in its object. */
let familiesIn: usize = 0;

let slot: usize = 0;
/** Behind the last entry of the record that was read last. */
let entriesTop: usize = 0;
let firstEntry: usize = 0;
let families: u32 = 0;
/** Whether a shadow was noted. */
let shadowed: bool = false;
let levelKey: u32 = 0;
let fieldsKey: u32 = 0;

/** To be called when all keys are known. */
export function openRecords(level: u32, fields: u32): void {
  levelKey = level;
  fieldsKey = fields;
  latest = reserve(<usize>keyCount() * 4);
  familiesIn = reserve(<usize>keyCount() * 4);
}

/** Begins a batch: its entries go to `entries` and on. */
export function beginEntries(inSlot: usize, entries: usize): void {
  slot = inSlot;
  entriesTop = entries;
  memory.fill(latest, 0, <usize>keyCount() * 4);
}

export function recordEntries(): usize {
  return firstEntry;
}

export function recordEntriesEnd(): usize {
  return entriesTop;
}

export function recordFamilies(): u32 {
  return families;
}

/** Whether the record that was read last has a value that counts though a later one has its key. */
export function hasShadows(): bool {
  return shadowed;
}

/** The entry of a key in the record that was read last; 0 if it has none. */
export function recordEntry(key: u32): usize {
  const entry = <usize>load<u32>(latest + (<usize>key << 2));
  return entry >= firstEntry && load<u16>(keyPlace(slot, entry)) == key ? entry : 0;
}

/** Behind the record at `start` and its LF; 0 if it is malformed or nests too deep. Its entries are kept if it is not. */
export function readRecord(start: usize): usize {
  firstEntry = entriesTop;
  shadowed = false;
  clearHighBits();
  let end = predicted(start);
  if (end == AGAIN) end = inFull(start);
  if (end != FAILED && sawHighBits() && !isUtf8(start, end)) end = FAILED;
  if (end == FAILED) dropEntries();
  else if (shadowed && !isFlattened()) dropShadows();
  return end;
}

/** Whether the event's fields stand at the top level: there is a level, and `fields` is no object. */
function isFlattened(): bool {
  const fields = recordEntry(fieldsKey);
  return recordEntry(levelKey) != 0 && (fields == 0 || entryType(fields) != OBJECT);
}

function dropShadows(): void {
  for (let key: u32 = 1; key < keyCount(); key++) {
    const shadow = shadowOf(key);
    const entry: usize = shadow == 0 ? 0 : recordEntry(shadow);
    if (entry != 0) store<u16>(keyPlace(slot, entry), VOID_KEY);
  }
}

export function dropEntries(): void {
  entriesTop = firstEntry;
  // an entry of this record must not pass for one of the next
  for (let key: u32 = 1; key < keyCount(); key++) store<u32>(latest + (<usize>key << 2), 0);
}

/** The shape of what stands at `p` behind `previous`: a known successor, else a known literal, else noShape. */
// @ts-ignore: decorator
@inline
function predict(p: usize, previous: usize): usize {
  let shape = successor(previous, 0);
  if (!startsAt(p, shape)) {
    shape = successor(previous, 1);
    if (!startsAt(p, shape)) {
      shape = successor(previous, 2);
      if (!startsAt(p, shape)) {
        shape = successor(previous, 3);
        if (!startsAt(p, shape)) {
          shape = recognise(p, previous);
          if (shape == 0) return noShape();
        }
      }
    }
  }
  return lengthOf(shape) > 32 && !restMatches(p, shape) ? noShape() : shape;
}

/**
 * Whether the value at `p` belongs to another, longer literal: one with more space, with the quote of a string, or
 * with the brace of an object that is looked into.
 */
// @ts-ignore: decorator
@inline
function goesOn(p: usize, key: u32): bool {
  const c = <u32>load<u8>(p);
  return c <= QUOTE || (c == OPEN_BRACE && key != 0 && looksInside(key));
}

/** The fast way. AGAIN where a key came twice. Speed: everything that changes is a local. */
function predicted(start: usize): usize {
  const first = entriesTop;
  const keysSeen = latest;
  const into = slot;
  let entry = first;
  let found: u32 = 0;
  let bytes = i8x16.splat(0);
  let shape = startShape();
  let p = start;
  while (true) {
    let next = predict(p, shape);
    let at = p + lengthOf(next);
    let follows = followsOf(next);
    if (follows == VALUE_FOLLOWS && goesOn(at, keyOf(next))) follows = NO_SHAPE;
    if (follows == NO_SHAPE) {
      next = advance(p, shape, true);
      if (next == 0) return FAILED;
      at = valueStart();
      follows = followsOf(next);
    }
    shape = next;
    p = at;
    found |= shapeFamilies(shape);
    let flags = STRING;
    let length: usize = 1;
    if (follows == STRING_FOLLOWS) {
      let stop: u32 = 0;
      while (true) {
        const v = v128.load(p);
        const w = v128.load(p, 16);
        bytes = v128.or(bytes, v128.or(v, w));
        stop = <u32>i8x16.bitmask(stops(v)) | (<u32>i8x16.bitmask(stops(w)) << 16);
        if (stop != 0) break;
        p += 32;
      }
      p += <usize>ctz(stop);
      if (load<u8>(p) != QUOTE) {
        if (load<u8>(p) != BACKSLASH) return FAILED;
        p = stringEnd(p);
        if (p == 0) return FAILED;
        flags |= ESCAPED;
      }
      length = p++ - at;
    } else if (follows == VALUE_FOLLOWS) {
      p = valueEnd(p, pathLength(contextOf(shape)) + 1);
      if (p == 0) return FAILED;
      flags = valueKind();
      length = p - at;
    } else if (follows == RECORD_ENDS) {
      break;
    } else {
      // of an object that is looked into the entry has the brace
      at--;
      flags = OBJECT;
    }
    const key = keyOf(shape);
    if (key != 0) {
      const seen = keysSeen + (<usize>key << 2);
      if (load<u32>(seen) >= <u32>first && !keepFirst(key, load<u32>(seen))) return AGAIN;
      store<u32>(seen, <u32>entry);
      writeEntry(into, entry, key, at, length, flags);
      entry += ENTRY_BYTES;
    }
  }
  if (i8x16.bitmask(bytes) != 0 && !isUtf8(start, p)) return FAILED;
  families = found;
  entriesTop = entry;
  return p;
}

/** Turns the entry of a key that comes again into its shadow's; false if that takes the slow way. */
function keepFirst(key: u32, entry: usize): bool {
  const shadow = shadowOf(key);
  if (shadow == 0 || recordEntry(shadow) != 0) return false;
  if (entryType(entry) == OBJECT && looksInside(key)) return false;
  noteShadow(shadow, entry);
  return true;
}

function noteShadow(shadow: u32, entry: usize): void {
  shadowed = true;
  store<u32>(latest + (<usize>shadow << 2), <u32>entry);
  store<u16>(keyPlace(slot, entry), shadow);
}

/** The slow way: no prediction, nothing learnt, and of equal keys the last one counts, with all that it holds. */
function inFull(start: usize): usize {
  dropEntries();
  shadowed = false;
  memory.fill(familiesIn, 0, <usize>keyCount() * 4);
  let shape = startShape();
  let p = start;
  while (true) {
    // the key belongs to the object that it is found in, also where that is left or entered on the way
    shape = advance(p, shape, false);
    if (shape == 0) return FAILED;
    p = valueStart();
    const follows = followsOf(shape);
    if (follows == RECORD_ENDS) break;
    const begin = p;
    let flags = STRING;
    let length: usize = 0;
    if (follows == STRING_FOLLOWS) {
      p = stringEnd(p);
      if (p == 0) return FAILED;
      length = p++ - begin;
      if (wasEscaped()) flags |= ESCAPED;
    } else if (follows == VALUE_FOLLOWS) {
      p = valueEnd(p, pathLength(contextOf(shape)) + 1);
      if (p == 0) return FAILED;
      flags = valueKind();
      length = p - begin;
    }
    const key = keyOf(shape);
    if (key != 0) {
      if (follows == INSIDE_FOLLOWS) noteLast(key, begin - 1, 1, OBJECT);
      else noteLast(key, begin, length, flags);
    }
    noteFamilies(key, follows, contextOf(shape), shapeFamilies(shape));
  }
  families = 0;
  for (let key: u32 = 0; key < keyCount(); key++) families |= load<u32>(familiesIn + (<usize>key << 2));
  return p;
}

/** Notes a value in place of an earlier one of its key, and voids what that one's object held. */
function noteLast(key: u32, start: usize, length: usize, flags: u32): void {
  const place = latest + (<usize>key << 2);
  let entry = <usize>load<u32>(place);
  let isNew = entry < firstEntry;
  if (!isNew && looksInside(key)) voidInside(key);
  const shadow = shadowOf(key);
  if (!isNew && shadow != 0 && <usize>load<u32>(latest + (<usize>shadow << 2)) < firstEntry) {
    noteShadow(shadow, entry);
    isNew = true;
  }
  if (isNew) {
    entry = entriesTop;
    entriesTop += ENTRY_BYTES;
    store<u32>(place, <u32>entry);
  }
  writeEntry(slot, entry, key, start, length, flags);
}

/** Voids what an object held that a later value of its key replaces. */
function voidInside(key: u32): void {
  for (let inner: u32 = 1; inner < keyCount(); inner++) {
    if (!isWithin(inner, key)) continue;
    const held = <usize>load<u32>(latest + (<usize>inner << 2));
    if (held >= firstEntry) store<u16>(keyPlace(slot, held), VOID_KEY);
    store<u32>(familiesIn + (<usize>inner << 2), 0);
  }
  store<u32>(familiesIn + (<usize>key << 2), 0);
}

function noteFamilies(key: u32, follows: u32, context: u32, bits: u32): void {
  if (bits == 0) return;
  // an object that is looked into is its own context from its brace on
  const holder = follows == INSIDE_FOLLOWS ? parentOf(key) : context;
  const place = familiesIn + (<usize>holder << 2);
  store<u32>(place, load<u32>(place) | bits);
}

