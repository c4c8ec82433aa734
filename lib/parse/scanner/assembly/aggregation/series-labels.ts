/**
 * The labels of series: fields of a record, as lib/systems/definition.ts defines labels. A label whose field is missing
 * or empty may be a piece of another field, and names that are made for one use are written as one. The texts of a
 * record's labels are interned as one span (dictionaries/pieces.ts), whose id is that of the series in its tables.
 */
import { reserve } from '../arena';
import { entryOf } from '../asked-fields';
import {
  clear,
  clearHeap,
  FULL,
  hasRoom,
  intern,
  internPieces,
  newDictionary,
  newHeap,
  textOf,
} from '../dictionaries/dictionary';
import { copySpan, equal } from '../dictionaries/hash';
import { addPiece, beginPieces } from '../dictionaries/pieces';
import { valueLength, valueText } from '../dictionaries/symbols';
import { entryIsEscaped } from '../slot';

/** No field. */
const NONE: u32 = 0xffffffff;

/** A set: its dictionary, how many labels, and where they are described, one after the other: */
const DICTIONARY: usize = 0;
const WIDTH: usize = 4;
const LABELS: usize = 8;
const SET_BYTES: usize = 12;
/** the field; the field that is looked at otherwise, and which of its pieces; where and how long a beginning is that is common. */
const FIELD: usize = 0;
const OTHERWISE: usize = 4;
const SEGMENT: usize = 8;
const COLLAPSE: usize = 12;
const COLLAPSE_LENGTH: usize = 16;
const LABEL_BYTES: usize = 20;

const SLASH: u32 = 0x2f;
/** Behind decoded texts, for copying and reading them. */
const PADDING: usize = 64;

let sets: usize = 0;
let count: u32 = 0;
let heap: usize = 0;
let capacity: u32 = 0;
/** Decoded texts of a record. */
let plain: usize = 0;
let plainEnd: usize = 0;
let decoded: usize = 0;
/** The text of the label at hand. */
let text: usize = 0;
let length: usize = 0;

/** @param most sets; @param series of one set; @param heapBytes for the texts of all */
export function openSeriesLabels(most: u32, series: u32, longestLine: usize, heapBytes: usize): void {
  sets = reserve(<usize>most * SET_BYTES + 16);
  capacity = series;
  heap = newHeap(heapBytes);
  plain = reserve(longestLine + PADDING);
  plainEnd = plain + longestLine;
}

/** A set of so many labels, which are described by `addSeriesLabel`, in order. */
export function newLabelSet(width: u32): usize {
  const set = sets + <usize>(count++) * SET_BYTES;
  store<u32>(set, <u32>newDictionary(capacity, heap), DICTIONARY);
  store<u32>(set, width, WIDTH);
  store<u32>(set, <u32>reserve(<usize>width * LABEL_BYTES + 4), LABELS);
  return set;
}

/** The beginning that is written as one, and behind it the text's `*`, are copied from `from`; no bytes: no such thing. */
export function describeLabel(
  set: usize,
  k: u32,
  field: u32,
  otherwise: u32,
  segment: u32,
  from: usize,
  bytes: usize,
): void {
  const label = <usize>load<u32>(set, LABELS) + <usize>k * LABEL_BYTES;
  store<u32>(label, field, FIELD);
  store<u32>(label, otherwise, OTHERWISE);
  store<u32>(label, segment, SEGMENT);
  const copy = reserve(bytes + PADDING);
  memory.copy(copy, from, bytes);
  store<u32>(label, <u32>copy, COLLAPSE);
  store<u32>(label, bytes == 0 ? NONE : <u32>bytes - 1, COLLAPSE_LENGTH);
}

export function dictionaryOfLabels(set: usize): usize {
  return <usize>load<u32>(set, DICTIONARY);
}

export function labelWidth(set: usize): u32 {
  return load<u32>(set, WIDTH);
}

/** Whether every set has room for one more, however long its texts are. */
export function labelsHaveRoom(): bool {
  for (let k: u32 = 0; k < count; k++) {
    if (!hasRoom(dictionaryOfLabels(sets + <usize>k * SET_BYTES), 2 * (plainEnd - plain))) return false;
  }
  return true;
}

/** Forgets all ids; the series are their tables' to forget. */
export function clearSeriesLabels(): void {
  clearHeap(heap);
  for (let k: u32 = 0; k < count; k++) clear(dictionaryOfLabels(sets + <usize>k * SET_BYTES));
}

/** The id of a record's labels, from 1 on; FULL if there is no room for it. */
// @ts-ignore: decorator
@inline
export function labelsOf(set: usize, slot: usize, row: u32): u32 {
  const width = load<u32>(set, WIDTH);
  const labels = <usize>load<u32>(set, LABELS);
  decoded = plain;
  if (width == 1) {
    readLabel(labels, slot, row);
    return intern(load<u32>(set, DICTIONARY), text, length);
  }
  beginPieces();
  for (let k: u32 = 0; k < width; k++) {
    if (!readLabel(labels + <usize>k * LABEL_BYTES, slot, row)) return FULL;
    addPiece(text, length);
  }
  return internPieces(load<u32>(set, DICTIONARY));
}

/** Whether a record's labels are those of an id, of a set of several. Speed: it takes half as long as `labelsOf`. */
export function labelsAre(set: usize, slot: usize, row: u32, id: u32): bool {
  const width = load<u32>(set, WIDTH);
  const labels = <usize>load<u32>(set, LABELS);
  let lengths = textOf(load<u32>(set, DICTIONARY), id);
  let known = lengths + (<usize>width << 2);
  for (let k: u32 = 0; k < width; k++) {
    decoded = plain;
    if (!readLabel(labels + <usize>k * LABEL_BYTES, slot, row)) return false;
    if (<usize>load<u32>(lengths) != length || !equal(known, text, length)) return false;
    lengths += 4;
    known += length;
  }
  return true;
}

/** Reads the text of a label. Gives whether there was room to decode it. */
// @ts-ignore: decorator
@inline
function readLabel(label: usize, slot: usize, row: u32): bool {
  if (!readField(load<u32>(label, FIELD), slot, row)) return false;
  if (length == 0 && load<u32>(label, OTHERWISE) != NONE) {
    if (!readField(load<u32>(label, OTHERWISE), slot, row)) return false;
    cutSegment(load<u32>(label, SEGMENT));
  }
  const common = load<u32>(label, COLLAPSE_LENGTH);
  if (common != NONE && length >= <usize>common && equal(load<u32>(label, COLLAPSE), text, common)) {
    text = load<u32>(label, COLLAPSE);
    length = <usize>common + 1;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function readField(field: u32, slot: usize, row: u32): bool {
  const entry = entryOf(slot, row, field);
  const found = valueLength(entry);
  text = plain;
  length = 0;
  if (found <= 0) return true;
  text = valueText();
  length = found;
  return entryIsEscaped(entry) ? keepDecoded() : true;
}

/** Of decoded texts only the last one stands: it is copied. */
function keepDecoded(): bool {
  if (decoded + length > plainEnd) return false;
  copySpan(decoded, text, length);
  text = decoded;
  decoded += length;
  return true;
}

/** Makes the text what stands between its slashes, 0 before the first one. */
function cutSegment(segment: u32): void {
  const end = text + length;
  let from = text;
  for (let k: u32 = 0; k < segment; k++) {
    while (from < end && load<u8>(from) != SLASH) from++;
    if (from == end) {
      length = 0;
      return;
    }
    from++;
  }
  let to = from;
  while (to < end && load<u8>(to) != SLASH) to++;
  text = from;
  length = to - from;
}
