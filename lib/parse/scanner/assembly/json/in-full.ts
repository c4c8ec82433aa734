/**
 * The slow way through a record in which a key comes twice: no prediction, nothing learnt, and of equal keys the last
 * one counts, with all that it holds.
 */
import { reserve } from '../arena';
import {
  dropEntries,
  endRecord,
  entriesSlot,
  latestPlace,
  noteShadow,
  recordEntries,
  recordEntriesEnd,
} from './row-entries';
import { advance, valueStart } from './grammar';
import {
  contextOf,
  followsOf,
  INSIDE_FOLLOWS,
  keyIn,
  outlineOf,
  RECORD_ENDS,
  shapeFamilies,
  STRING_FOLLOWS,
  startShape,
  VALUE_FOLLOWS,
} from './shapes';
import { ENTRY_BYTES, ESCAPED, keyPlace, VOID_KEY, writeEntry } from '../slot';
import { stringEnd, wasEscaped } from './strings';
import { isWithin, keyCount, looksInside, parentOf, pathLength, shadowOf } from './trie';
import { OBJECT, STRING, valueEnd, valueKind } from './values';

/** Of each key the bits of the families found in its object. */
let familiesIn: usize = 0;

/** To be called when all keys are known. */
export function openInFull(): void {
  familiesIn = reserve(<usize>keyCount() * 4);
}

/** Behind the record at `start` and its LF; 0 if it is malformed or nests too deep. */
export function inFull(start: usize): usize {
  dropEntries();
  memory.fill(familiesIn, 0, <usize>keyCount() * 4);
  let shape = startShape();
  let p = start;
  while (true) {
    // the key belongs to the object that it is found in, also where that is left or entered on the way
    shape = advance(p, shape, false);
    if (shape == 0) return 0;
    p = valueStart();
    const follows = followsOf(shape);
    if (follows == RECORD_ENDS) break;
    const begin = p;
    let flags = STRING;
    let length: usize = 0;
    if (follows == STRING_FOLLOWS) {
      p = stringEnd(p);
      if (p == 0) return 0;
      length = p++ - begin;
      if (wasEscaped()) flags |= ESCAPED;
    } else if (follows == VALUE_FOLLOWS) {
      p = valueEnd(p, pathLength(contextOf(shape)) + 1);
      if (p == 0) return 0;
      flags = valueKind();
      length = p - begin;
    }
    const key = keyIn(outlineOf(shape));
    if (key != 0) {
      if (follows == INSIDE_FOLLOWS) noteLast(key, begin - 1, 1, OBJECT);
      else noteLast(key, begin, length, flags);
    }
    noteFamilies(key, follows, contextOf(shape), shapeFamilies(shape));
  }
  let families: u32 = 0;
  for (let key: u32 = 0; key < keyCount(); key++) families |= load<u32>(familiesIn + (<usize>key << 2));
  endRecord(recordEntriesEnd(), families);
  return p;
}

/** Notes a value in place of an earlier one of its key, and voids what that one's object held. */
function noteLast(key: u32, start: usize, length: usize, flags: u32): void {
  const place = latestPlace(key);
  let entry = <usize>load<u32>(place);
  let isNew = entry < recordEntries();
  if (!isNew && looksInside(key)) voidInside(key);
  const shadow = shadowOf(key);
  if (!isNew && shadow != 0 && <usize>load<u32>(latestPlace(shadow)) < recordEntries()) {
    noteShadow(shadow, entry);
    isNew = true;
  }
  if (isNew) {
    entry = recordEntriesEnd();
    endRecord(entry + ENTRY_BYTES, 0);
    store<u32>(place, <u32>entry);
  }
  writeEntry(entriesSlot(), entry, key, start, length, flags);
}

/** Voids what an object held that a later value of its key replaces. */
function voidInside(key: u32): void {
  for (let inner: u32 = 1; inner < keyCount(); inner++) {
    if (!isWithin(inner, key)) continue;
    const held = <usize>load<u32>(latestPlace(inner));
    if (held >= recordEntries()) store<u16>(keyPlace(entriesSlot(), held), VOID_KEY);
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
