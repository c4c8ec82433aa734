/**
 * The key trie: which keys of which objects someone asked for. A node is a path from the root of a record; its id is
 * what the rest of the scanner calls a key. Node 0 is the record itself, and as the result of a look-up it means that
 * nobody asked.
 */
import { reserve } from '../arena';
import { equal, hashOf } from '../dictionaries/hash';

/** Of a node: its parent, whether its object must be looked into, how many keys lead to it, its list of prefixes. */
const PARENT: usize = 0;
const LOOK: usize = 4;
const LENGTH: usize = 8;
const PREFIXES: usize = 12;
/** The key that stands for this one's first occurrence where it comes more than once; 0 = that is lost. */
const SHADOW: usize = 16;
const NODE_BYTES: usize = 32;

/** Of a slot of the table: the key's bytes, how many, the node, its parent. */
const TEXT: usize = 0;
const TEXT_LENGTH: usize = 4;
const NODE: usize = 8;
const UNDER: usize = 12;
const SLOT_BYTES: usize = 16;

/** Of a prefix: the next of its node, its bytes, how many, the bit of its family. An exception has the same. */
const NEXT_PREFIX: usize = 0;
const PREFIX_TEXT: usize = 4;
const PREFIX_LENGTH: usize = 8;
const FAMILY_BIT: usize = 12;
const PREFIX_BYTES: usize = 16;

/** Behind the copy of a text, for comparisons with it. */
const PADDING: usize = 32;

let nodes: usize = 0;
let table: usize = 0;
let mask: u32 = 0;
let count: u32 = 1;
/** The first exception. */
let exceptions: usize = 0;

/** Room for `capacity` nodes, the root included. */
export function openTrie(capacity: u32): void {
  nodes = reserve(<usize>capacity * NODE_BYTES);
  let slots: u32 = 16;
  while (slots < capacity * 2) slots *= 2;
  table = reserve(<usize>slots * SLOT_BYTES);
  mask = slots - 1;
}

/** Nodes so far, the root included. */
export function keyCount(): u32 {
  return count;
}

// @ts-ignore: decorator
@inline
function nodeAt(key: u32): usize {
  return nodes + <usize>key * NODE_BYTES;
}

function keep(text: usize, length: usize): usize {
  const copy = reserve(length + PADDING);
  memory.copy(copy, text, length);
  return copy;
}

/** The node of a key under `parent`, made if it is new. */
export function addKey(parent: u32, text: usize, length: usize): u32 {
  const known = findKey(parent, text, length);
  if (known != 0) return known;
  const key = count++;
  store<u32>(nodeAt(key), parent, PARENT);
  store<u32>(nodeAt(key), pathLength(parent) + 1, LENGTH);
  lookInto(parent);
  const slot = slotOf(parent, text, length);
  store<u32>(slot, <u32>keep(text, length), TEXT);
  store<u32>(slot, <u32>length, TEXT_LENGTH);
  store<u32>(slot, key, NODE);
  store<u32>(slot, parent, UNDER);
  return key;
}

/** Keys of the node's object that begin so belong to the family of this bit. */
export function addPrefix(key: u32, text: usize, length: usize, familyBit: u32): void {
  lookInto(key);
  store<u32>(nodeAt(key), <u32>newPrefix(load<u32>(nodeAt(key), PREFIXES), text, length, familyBit), PREFIXES);
}

/** A key that does not belong to the family of this bit. */
export function addException(text: usize, length: usize, familyBit: u32): void {
  exceptions = newPrefix(<u32>exceptions, text, length, familyBit);
}

function newPrefix(next: u32, text: usize, length: usize, familyBit: u32): usize {
  const prefix = reserve(PREFIX_BYTES);
  store<u32>(prefix, next, NEXT_PREFIX);
  store<u32>(prefix, <u32>keep(text, length), PREFIX_TEXT);
  store<u32>(prefix, <u32>length, PREFIX_LENGTH);
  store<u32>(prefix, familyBit, FAMILY_BIT);
  return prefix;
}

/**
 * From now on the first value of `key` is kept under a key of its own where a later one takes its place: see
 * Field.shadowed in lib/batch/wants.ts. Gives that other key.
 */
export function addShadow(key: u32): u32 {
  const shadow = count++;
  store<u32>(nodeAt(shadow), pathLength(key), LENGTH);
  store<u32>(nodeAt(shadow), parentOf(key), PARENT);
  store<u32>(nodeAt(key), shadow, SHADOW);
  return shadow;
}

// @ts-ignore: decorator
@inline
export function shadowOf(key: u32): u32 {
  return load<u32>(nodeAt(key), SHADOW);
}

function lookInto(key: u32): void {
  store<u32>(nodeAt(key), 1, LOOK);
}

/** The slot of a key, or the free one where it belongs. */
function slotOf(parent: u32, text: usize, length: usize): usize {
  let index = <u32>hashOf(text, length, parent) & mask;
  while (true) {
    const slot = table + <usize>index * SLOT_BYTES;
    if (load<u32>(slot, NODE) == 0) return slot;
    if (
      load<u32>(slot, TEXT_LENGTH) == <u32>length &&
      load<u32>(slot, UNDER) == parent &&
      equal(load<u32>(slot, TEXT), text, length)
    ) {
      return slot;
    }
    index = (index + 1) & mask;
  }
}

/** 0 if nobody asked for this key. */
export function findKey(parent: u32, text: usize, length: usize): u32 {
  return load<u32>(slotOf(parent, text, length), NODE);
}

/** Bits of the families that a key of the node's object belongs to. */
export function familiesOf(parent: u32, text: usize, length: usize): u32 {
  let bits: u32 = 0;
  let prefix = <usize>load<u32>(nodeAt(parent), PREFIXES);
  for (; prefix != 0; prefix = <usize>load<u32>(prefix, NEXT_PREFIX)) {
    const size = <usize>load<u32>(prefix, PREFIX_LENGTH);
    if (size <= length && equal(load<u32>(prefix, PREFIX_TEXT), text, size)) bits |= load<u32>(prefix, FAMILY_BIT);
  }
  if (bits == 0) return 0;
  for (let key = exceptions; key != 0; key = <usize>load<u32>(key, NEXT_PREFIX)) {
    const size = <usize>load<u32>(key, PREFIX_LENGTH);
    if (size == length && equal(load<u32>(key, PREFIX_TEXT), text, size)) bits &= ~load<u32>(key, FAMILY_BIT);
  }
  return bits;
}

// @ts-ignore: decorator
@inline
export function parentOf(key: u32): u32 {
  return load<u32>(nodeAt(key), PARENT);
}

/** Whether someone asked for something inside the node's object. */
// @ts-ignore: decorator
@inline
export function looksInside(key: u32): bool {
  return load<u32>(nodeAt(key), LOOK) != 0;
}

/** Keys from the root; also the number of containers that are open around the node's value. */
// @ts-ignore: decorator
@inline
export function pathLength(key: u32): u32 {
  return load<u32>(nodeAt(key), LENGTH);
}

/** Whether `key` lies inside the object of `ancestor`. */
export function isWithin(key: u32, ancestor: u32): bool {
  let at = key;
  while (at != 0) {
    at = parentOf(at);
    if (at == ancestor) return true;
  }
  return false;
}
