/**
 * A dictionary: byte spans to dense ids, from 1 on. Symbols are one, so are the tuples of each label set and the lists
 * of keys. Its bytes are copies in a heap, which those dictionaries share that are emptied together.
 *
 * A dictionary only grows. One that is full says so, and the host then begins a fresh set of them all (dictionaries.ts).
 */
import { reserve } from '../arena';
import { copySpan, equal, hashOf, headOf, SHORT, tailOf } from './hash';
import { copyPieces, hashOfPieces, piecesEqual, piecesLength } from './pieces';
import { clearRecent, idAt, keepAt, newRecent, placeOf } from './recent';

/** The id that means there is no room: for the entry, or for its bytes. */
export const FULL: u32 = 0xffffffff;

const SLOTS: usize = 0;
const MASK: usize = 4;
const ENTRIES: usize = 8;
/** Ids in use, 0 included. */
const COUNT: usize = 12;
const CAPACITY: usize = 16;
/** What was looked up lately. */
const RECENT: usize = 20;
const HEAP: usize = 24;
const DICTIONARY_BYTES: usize = 32;

/** A slot of the table holds the upper half of the hash and the id. */
const SLOT_SHIFT: usize = 3;
/** An entry: the bytes, how many, both halves of their hash, and whatever the owner adds to it. */
const TEXT: usize = 0;
const TEXT_LENGTH: usize = 4;
const HASH: usize = 8;
const VALUE: usize = 16;
const ENTRY_BYTES: usize = 24;

const FIRST_SLOTS: u32 = 1024;
/** Behind the last text, for copies of it and comparisons with it. */
const PADDING: usize = 64;

/** A heap: where it begins, how far it is used, how far it may be. */
const HEAP_START: usize = 0;
const HEAP_TOP: usize = 4;
const HEAP_END: usize = 8;

/** A heap of that many bytes. */
export function newHeap(bytes: usize): usize {
  const heap = reserve(16);
  const start = reserve(bytes);
  store<u32>(heap, <u32>start, HEAP_START);
  store<u32>(heap, <u32>(start + bytes - PADDING), HEAP_END);
  clearHeap(heap);
  return heap;
}

export function clearHeap(heap: usize): void {
  store<u32>(heap, load<u32>(heap, HEAP_START), HEAP_TOP);
}

/** A dictionary for at most `capacity` ids. Its address space is reserved, its memory used as it grows. */
export function newDictionary(capacity: u32, heap: usize): usize {
  const dictionary = reserve(DICTIONARY_BYTES);
  let slots = FIRST_SLOTS;
  while (slots < capacity * 2) slots *= 2;
  store<u32>(dictionary, <u32>reserve(<usize>slots << SLOT_SHIFT), SLOTS);
  store<u32>(dictionary, <u32>reserve(<usize>(capacity + 1) * ENTRY_BYTES), ENTRIES);
  store<u32>(dictionary, capacity, CAPACITY);
  store<u32>(dictionary, <u32>newRecent(), RECENT);
  store<u32>(dictionary, <u32>heap, HEAP);
  begin(dictionary);
  return dictionary;
}

/** Forgets all; the heap must be cleared along with it. */
export function clear(dictionary: usize): void {
  clearRecent(load<u32>(dictionary, RECENT));
  begin(dictionary);
}

function begin(dictionary: usize): void {
  store<u32>(dictionary, 1, COUNT);
  resize(dictionary, FIRST_SLOTS);
}

export function size(dictionary: usize): u32 {
  return load<u32>(dictionary, COUNT);
}

// @ts-ignore: decorator
@inline
function entryAt(dictionary: usize, id: u32): usize {
  return <usize>load<u32>(dictionary, ENTRIES) + <usize>id * ENTRY_BYTES;
}

export function textOf(dictionary: usize, id: u32): usize {
  return <usize>load<u32>(entryAt(dictionary, id), TEXT);
}

export function textLength(dictionary: usize, id: u32): usize {
  return <usize>load<u32>(entryAt(dictionary, id), TEXT_LENGTH);
}

/** What the owner stored beside an id. */
export function valueOf(dictionary: usize, id: u32): u32 {
  return load<u32>(entryAt(dictionary, id), VALUE);
}

export function setValue(dictionary: usize, id: u32, value: u32): void {
  store<u32>(entryAt(dictionary, id), value, VALUE);
}

/** The id of a span; 0 if it is not known. */
export function find(dictionary: usize, text: usize, length: usize): u32 {
  return <u32>load<u32>(slotOf(dictionary, text, length, hashOf(text, length, 0)), 4);
}

/**
 * The id of a span, a new one if it is not known; FULL if there is no room for that. Reads SHORT bytes, however short the
 * span is.
 */
// @ts-ignore: decorator
@inline
export function intern(dictionary: usize, text: usize, length: usize): u32 {
  if (length > SHORT) return lookUp(dictionary, text, length);
  const head = headOf(text, length);
  const tail = tailOf(text, length);
  const place = placeOf(load<u32>(dictionary, RECENT), head, tail, length);
  const known = idAt(place, head, tail, length);
  if (known != 0) return known;
  const id = lookUp(dictionary, text, length);
  if (id != FULL) keepAt(place, head, tail, length, id);
  return id;
}

function lookUp(dictionary: usize, text: usize, length: usize): u32 {
  const hash = hashOf(text, length, 0);
  const slot = slotOf(dictionary, text, length, hash);
  const id = load<u32>(slot, 4);
  if (id != 0) return id;
  if (!hasRoom(dictionary, length)) return FULL;
  copySpan(topOf(dictionary), text, length);
  return add(dictionary, slot, length, hash);
}

/** The same of the span that the pieces at hand make (pieces.ts). Spans and pieces do not go together in a dictionary. */
export function internPieces(dictionary: usize): u32 {
  const hash = hashOfPieces();
  const length = piecesLength();
  const slot = slotOf(dictionary, 0, length, hash);
  const id = load<u32>(slot, 4);
  if (id != 0) return id;
  if (!hasRoom(dictionary, length)) return FULL;
  copyPieces(topOf(dictionary));
  return add(dictionary, slot, length, hash);
}

/** The slot of a span, or of the pieces at hand if `text` is 0; or the free one where it belongs. */
// @ts-ignore: decorator
@inline
function slotOf(dictionary: usize, text: usize, length: usize, hash: u64): usize {
  const slots = <usize>load<u32>(dictionary, SLOTS);
  const mask = load<u32>(dictionary, MASK);
  const tag = <u32>(hash >> 32);
  let index = <u32>hash & mask;
  while (true) {
    const slot = slots + (<usize>index << SLOT_SHIFT);
    const id = load<u32>(slot, 4);
    if (id == 0) return slot;
    if (load<u32>(slot) == tag) {
      const entry = entryAt(dictionary, id);
      const known = <usize>load<u32>(entry, TEXT);
      if (
        load<u32>(entry, TEXT_LENGTH) == <u32>length &&
        (text == 0 ? piecesEqual(known) : equal(known, text, length))
      ) {
        return slot;
      }
    }
    index = (index + 1) & mask;
  }
}

/** Where the heap of a dictionary goes on. */
// @ts-ignore: decorator
@inline
function topOf(dictionary: usize): usize {
  return <usize>load<u32>(load<u32>(dictionary, HEAP), HEAP_TOP);
}

/** Whether there is room for one more id, of so many bytes. */
export function hasRoom(dictionary: usize, length: usize): bool {
  const end = <usize>load<u32>(load<u32>(dictionary, HEAP), HEAP_END);
  return load<u32>(dictionary, COUNT) < load<u32>(dictionary, CAPACITY) && topOf(dictionary) + length <= end;
}

/** Adds the span that was copied to the heap's top. */
function add(dictionary: usize, slot: usize, length: usize, hash: u64): u32 {
  const id = load<u32>(dictionary, COUNT);
  const entry = entryAt(dictionary, id);
  const text = topOf(dictionary);
  store<u32>(entry, <u32>text, TEXT);
  store<u32>(entry, <u32>length, TEXT_LENGTH);
  store<u64>(entry, hash, HASH);
  store<u32>(load<u32>(dictionary, HEAP), <u32>((text + length + 7) & ~7), HEAP_TOP);
  store<u32>(slot, <u32>(hash >> 32));
  store<u32>(slot, id, 4);
  store<u32>(dictionary, id + 1, COUNT);
  const slots = load<u32>(dictionary, MASK) + 1;
  if ((id + 1) * 2 > slots) resize(dictionary, slots * 2);
  return id;
}

/** Lays the table out anew, in place: it has room for its largest size. */
function resize(dictionary: usize, slots: u32): void {
  const table = <usize>load<u32>(dictionary, SLOTS);
  const mask = slots - 1;
  memory.fill(table, 0, <usize>slots << SLOT_SHIFT);
  store<u32>(dictionary, mask, MASK);
  const count = load<u32>(dictionary, COUNT);
  for (let id: u32 = 1; id < count; id++) {
    const hash = load<u64>(entryAt(dictionary, id), HASH);
    let index = <u32>hash & mask;
    while (load<u32>(table + (<usize>index << SLOT_SHIFT), 4) != 0) index = (index + 1) & mask;
    store<u32>(table + (<usize>index << SLOT_SHIFT), <u32>(hash >> 32));
    store<u32>(table + (<usize>index << SLOT_SHIFT), id, 4);
  }
}
