/**
 * What kind a record is, as the text of one field tells (KindRule of lib/batch/wants.ts). A record that has neither that
 * text nor a level is told by nobody here: its kind is 0.
 */
import { intern, find, newDictionary, newHeap, setValue, valueOf } from '../dictionaries/dictionary';
import { headOf, SHORT, tailOf } from '../dictionaries/hash';
import { idAt, keepAt, newRecent, placeOf } from '../dictionaries/recent';
import { valueLength, valueText } from '../dictionaries/symbols';
import { fieldKeys, fieldKeysEnd } from '../asked-fields';
import { recordEntry, recordFamilies } from '../json/row-entries';

const HEAP_BYTES: usize = 65536;
const NO_RULE: u32 = 0xffffffff;

let texts: usize = 0;
/** Kinds that texts told lately, plus one. */
let recent: usize = 0;
let field: u32 = NO_RULE;
let ordinary: u32 = 0;
let family: u32 = 0;
let familyKind: u32 = 0;

/** @param most texts */
export function openRecordKinds(most: u32): void {
  texts = newDictionary(most, newHeap(HEAP_BYTES));
  recent = newRecent();
}

/**
 * From now on kinds are told by the text of `telling`.
 * @param other kind of records whose text says nothing
 * @param bit of a family of keys, and the kind of those of them that have one
 */
export function tellKindsBy(telling: u32, other: u32, bit: u32, kindOfFamily: u32): void {
  field = telling;
  ordinary = other;
  family = bit;
  familyKind = kindOfFamily;
}

/** Records whose telling text this is are of that kind. */
export function addKindText(text: usize, length: usize, kind: u32): void {
  setValue(texts, intern(texts, text, length), kind);
}

/** The kind of the record that was read last; 0 if nothing tells. */
// @ts-ignore: decorator
@inline
export function kindOfRecord(level: u32): u32 {
  if (field == NO_RULE) return 0;
  const length = valueLength(tellingEntry());
  if (length < 0) {
    if (level == 0) return 0;
  } else {
    const told = kindOfText(valueText(), length);
    if (told != 0) return told;
  }
  return (recordFamilies() & family) != 0 ? familyKind : ordinary;
}

/** The kind that a text tells; 0 if none. */
// @ts-ignore: decorator
@inline
function kindOfText(text: usize, length: usize): u32 {
  if (length > SHORT) return toldBy(text, length);
  const head = headOf(text, length);
  const tail = tailOf(text, length);
  const place = placeOf(recent, head, tail, length);
  const known = idAt(place, head, tail, length);
  if (known != 0) return known - 1;
  const kind = toldBy(text, length);
  keepAt(place, head, tail, length, kind + 1);
  return kind;
}

function toldBy(text: usize, length: usize): u32 {
  const id = find(texts, text, length);
  return id == 0 ? 0 : valueOf(texts, id);
}

/** As `entryOf` (asked-fields.ts) finds it among all rows. */
// @ts-ignore: decorator
@inline
function tellingEntry(): usize {
  const end = fieldKeysEnd(field);
  for (let key = fieldKeys(field); key < end; key += 4) {
    const entry = recordEntry(load<u32>(key));
    if (entry != 0) return entry;
  }
  return 0;
}
