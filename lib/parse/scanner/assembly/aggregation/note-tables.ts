/**
 * What is noted (session-notes.ts): notes of sessions, found by the hash of the id, copied targets, and levels. From time
 * to time those that are grown are gathered on a shelf of their own, for the host to copy, and the others stay.
 */
import { reserve } from '../arena';
import {
  addUseOn,
  BEGAN,
  clearShelf,
  ENDED,
  idLength,
  idText,
  isNearlyFull,
  keepTextOn,
  moveNote,
  newNote,
  newShelf,
  NOTE_COUNT,
  NOTE_SHIFT,
  noteOf,
  NOTES,
  TEXT_LENGTH,
  TEXTS,
  USE_COUNT,
  USES,
} from './note-shelves';

const PLACE_BITS: u64 = 16;
/** Twice as many as a shelf has notes. */
const PLACES: u32 = 1 << 16;
const MOST_COPIES: u32 = 1 << 14;
/** A copied target: ids of labels, the time, whether the target is scaled down. */
const COPY_TARGET: usize = 4;
const COPY_TIME: usize = 8;
const SCALES_DOWN: usize = 16;
const COPY_BYTES: usize = 24;

const LEVELS: usize = 8;
/** As many notes more than were kept last time are worth being gathered. */
const WORTH_GATHERING: u32 = 4096;

/** Where the host finds what there is: address and number of notes, uses, copies, and bytes of the ids' texts; */
const HEAD_BYTES: usize = 64;
/** where the levels' counts are, and the earliest time of all records. */
const HEAD_LEVELS: usize = 36;
const HEAD_OLDEST: usize = 40;

let head: usize = 0;
/** What is noted stands here; the other one is where notes go that are not gathered; those that are. */
let shelf: usize = 0;
let other: usize = 0;
let gathered: usize = 0;
/** Notes that were not gathered last time. */
let kept: u32 = 0;
/**
 * By hash the number of a note. Numbers go on when notes are gathered: one that is not above `before` is of earlier
 * ones, and stands for nothing.
 */
let index: usize = 0;
let before: u32 = 0;
/** Odd, by which nobody can choose ids that crowd together. */
let multiplier: u64 = 1;
let copies: usize = 0;
let copyCount: u32 = 0;
let keepsIds: bool = false;
let levels: usize = 0;
let oldest: f64 = Infinity;

/** @param ids whether their texts are kept */
export function openNoteTables(ids: bool, secret: u64): void {
  keepsIds = ids;
  multiplier = secret | 1;
  head = reserve(HEAD_BYTES);
  levels = reserve(LEVELS << 2);
  index = reserve(<usize>PLACES << 2);
  copies = reserve(<usize>MOST_COPIES * COPY_BYTES);
  shelf = newShelf();
  other = newShelf();
  gathered = newShelf();
}

/**
 * Gathers notes for the host to copy, which are forgotten here by `clearGathered`.
 * @param all or those alone that have start and end, if that is worth it
 * @returns where it is said where they are; 0 if there is nothing
 */
export function gatherNotes(all: bool): usize {
  const count = load<u32>(shelf, NOTE_COUNT);
  if (all) {
    if (count == 0 && oldest == Infinity) return 0;
  } else if (!isWorthGathering(count)) return 0;
  if (all || isNearlyFull(shelf)) {
    const full = shelf;
    shelf = gathered;
    gathered = full;
    forgetNumbers(count);
    kept = 0;
  } else gatherGrown(count);
  store<u32>(head, load<u32>(gathered, NOTES));
  store<u32>(head, load<u32>(gathered, NOTE_COUNT), 4);
  store<u32>(head, load<u32>(gathered, USES), 8);
  store<u32>(head, load<u32>(gathered, USE_COUNT), 12);
  store<u32>(head, <u32>copies, 16);
  store<u32>(head, copyCount, 20);
  store<u32>(head, load<u32>(gathered, TEXTS), 24);
  store<u32>(head, load<u32>(gathered, TEXT_LENGTH), 28);
  store<u32>(head, <u32>levels, HEAD_LEVELS);
  store<f64>(head, oldest, HEAD_OLDEST);
  return head;
}

/** Many are new, or there is little room left: long ids fill their shelf with fewer. */
function isWorthGathering(count: u32): bool {
  return count >= kept + WORTH_GATHERING || copyCount * 2 >= MOST_COPIES || isNearlyFull(shelf);
}

export function clearGathered(): void {
  clearShelf(gathered);
  copyCount = 0;
  oldest = Infinity;
  memory.fill(levels, 0, LEVELS << 2);
}

/** Parts notes that have start and end, or no id by which others could join them, from those that may yet grow. */
function gatherGrown(count: u32): void {
  const notes = <usize>load<u32>(shelf, NOTES);
  const end = notes + (<usize>count << NOTE_SHIFT);
  for (let note = notes; note < end; note += 1 << NOTE_SHIFT) {
    const isGrown = !isNaN(load<f64>(note, BEGAN)) && !isNaN(load<f64>(note, ENDED));
    moveNote(note, shelf, isGrown || load<u64>(note) == 0 ? gathered : other);
  }
  const emptied = shelf;
  shelf = other;
  other = emptied;
  clearShelf(emptied);
  forgetNumbers(count);
  kept = load<u32>(shelf, NOTE_COUNT);
  for (let number: u32 = 1; number <= kept; number++) {
    store<u32>(placeOf(load<u64>(noteOf(shelf, number))), before + number);
  }
}

/** The notes so far have no numbers any more. */
function forgetNumbers(count: u32): void {
  before += count;
  if (before < 1 << 30) return;
  before = 0;
  memory.fill(index, 0, <usize>PLACES << 2);
}

/** A record of that level and time was noted. */
// @ts-ignore: decorator
@inline
export function noteTime(time: f64): void {
  if (time < oldest) oldest = time;
}

export function countLevel(level: u32): void {
  const place = levels + (<usize>level << 2);
  store<u32>(place, load<u32>(place) + 1);
}

/** A new note of a hash, its id's text being the last one; 0 if there is no room. */
export function addNote(place: usize, hash: u64, length: usize): usize {
  const made = newNote(shelf, hash, keepsIds ? length : 0);
  if (made != 0 && hash != 0) store<u32>(place, before + load<u32>(shelf, NOTE_COUNT));
  return made;
}

/** Keeps the text of an id until the next one is. Gives whether there was room. */
export function keepText(from: usize, length: usize): bool {
  return !keepsIds || keepTextOn(shelf, from, length);
}

/** The same of the id of a note. Gives the length; -1 if there is no room. */
export function keepTextOf(note: usize): isize {
  const length = idLength(note);
  return keepText(idText(shelf, note), length) ? length : -1;
}

/** See addUseOn. */
export function addUse(note: usize, name: u32, action: u32, time: f64): bool {
  return addUseOn(shelf, note, name, action, time);
}

/** Where the number of a hash's last note stands, or would. */
export function placeOf(hash: u64): usize {
  let at = <u32>((hash * multiplier) >> (64 - PLACE_BITS));
  while (true) {
    const place = index + (<usize>at << 2);
    const known = noteAt(place);
    if (known == 0 || load<u64>(known) == hash) return place;
    at = (at + 1) & (PLACES - 1);
  }
}

/** The note whose number stands there; 0 if there is none. */
// @ts-ignore: decorator
@inline
export function noteAt(place: usize): usize {
  const number = load<u32>(place);
  return number <= before ? 0 : noteOf(shelf, number - before);
}

/** Gives whether there was room. */
export function addCopy(client: u32, target: u32, time: f64, scalesDown: bool): bool {
  if (copyCount == MOST_COPIES) return false;
  const made = copies + <usize>(copyCount++) * COPY_BYTES;
  store<u32>(made, client);
  store<u32>(made, target, COPY_TARGET);
  store<f64>(made, time, COPY_TIME);
  store<u32>(made, scalesDown ? 1 : 0, SCALES_DOWN);
  return true;
}
