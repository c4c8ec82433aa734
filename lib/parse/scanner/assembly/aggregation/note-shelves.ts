/**
 * Shelves of notes (session-notes.ts): of sessions, of their uses of ports, and the texts of their ids. The host copies
 * what is gathered on one: lib/batch/session-notes.ts.
 */
import { reserve } from '../arena';

/** A note: hash of the id, 0 without one; times of start and end, the duration that the end says, all NaN if not said; */
export const BEGAN: usize = 8;
export const ENDED: usize = 16;
export const SECONDS: usize = 24;
/** ids of labels, client and behind it target, of the end and of the best record; number of its first use of a port, from 1 on; the id's text; */
export const END_CLIENT: usize = 32;
export const CLIENT: usize = 40;
export const TARGET: usize = 44;
const FIRST_USE: usize = 48;
const ID: usize = 52;
const ID_LENGTH: usize = 56;
/** how well it knows whose the session is. */
export const RANK: usize = 60;
export const NOTE_SHIFT: usize = 6;

/** A use of a port: ids of labels, the action, the number of the next one of the note, first and last time. */
const NAME: usize = 0;
const ACTION: usize = 4;
const NEXT: usize = 8;
const FIRST: usize = 16;
const LAST: usize = 24;
const USE_SHIFT: usize = 5;

/** What a shelf has room for: see NOTES_BYTES (../../aggregation/aggregation-plan.ts). */
const MOST_NOTES: u32 = 1 << 15;
const MOST_USES: u32 = 1 << 16;
const TEXT_BYTES: usize = 1 << 21;
/** Uses of one session, beyond which nobody looks through them here. */
const MOST_USES_OF_ONE: u32 = 64;

/** A shelf: where its notes, uses and texts are, and how many notes and uses and bytes of texts there are. */
export const NOTES: usize = 0;
export const NOTE_COUNT: usize = 4;
export const USES: usize = 8;
export const USE_COUNT: usize = 12;
export const TEXTS: usize = 16;
export const TEXT_LENGTH: usize = 20;
const SHELF_BYTES: usize = 24;

export function newShelf(): usize {
  const made = reserve(SHELF_BYTES);
  store<u32>(made, <u32>reserve(<usize>MOST_NOTES << NOTE_SHIFT), NOTES);
  store<u32>(made, <u32>reserve(<usize>MOST_USES << USE_SHIFT), USES);
  store<u32>(made, <u32>reserve(TEXT_BYTES), TEXTS);
  return made;
}

export function clearShelf(which: usize): void {
  store<u32>(which, 0, NOTE_COUNT);
  store<u32>(which, 0, USE_COUNT);
  store<u32>(which, 0, TEXT_LENGTH);
}

/** A quarter of what there is room for is left at most. */
export function isNearlyFull(shelf: usize): bool {
  return (
    load<u32>(shelf, NOTE_COUNT) > (MOST_NOTES / 4) * 3 ||
    load<u32>(shelf, USE_COUNT) > (MOST_USES / 4) * 3 ||
    <usize>load<u32>(shelf, TEXT_LENGTH) > (TEXT_BYTES / 4) * 3
  );
}

/** Copies a note, its uses and its text from a shelf to another one of as much room. */
export function moveNote(note: usize, shelf: usize, to: usize): void {
  keepTextOn(to, idText(shelf, note), idLength(note));
  const at = load<u32>(to, TEXT_LENGTH);
  const made = newNote(to, load<u64>(note), idLength(note));
  memory.copy(made, note, 1 << NOTE_SHIFT);
  store<u32>(made, at, ID);
  let link = made + FIRST_USE;
  for (let use = load<u32>(link); use != 0; use = load<u32>(link)) {
    const copy = newUse(to);
    memory.copy(copy, useAt(shelf, use), 1 << USE_SHIFT);
    store<u32>(link, load<u32>(to, USE_COUNT));
    link = copy + NEXT;
  }
}

// @ts-ignore: decorator
@inline
function useAt(which: usize, number: u32): usize {
  return <usize>load<u32>(which, USES) + (<usize>(number - 1) << USE_SHIFT);
}

function newUse(to: usize): usize {
  const number = load<u32>(to, USE_COUNT) + 1;
  store<u32>(to, number, USE_COUNT);
  return useAt(to, number);
}

/**
 * A new note of a hash, the text of its id being the one that was kept last; 0 if there is no room. What else it has is
 * for the caller to write.
 */
export function newNote(shelf: usize, hash: u64, length: usize): usize {
  const number = load<u32>(shelf, NOTE_COUNT);
  if (number == MOST_NOTES) return 0;
  store<u32>(shelf, number + 1, NOTE_COUNT);
  const made = noteOf(shelf, number + 1);
  const at = load<u32>(shelf, TEXT_LENGTH);
  store<u64>(made, hash);
  store<u32>(made, 0, FIRST_USE);
  store<u32>(made, at, ID);
  store<u32>(made, <u32>length, ID_LENGTH);
  store<u32>(shelf, at + <u32>length, TEXT_LENGTH);
  return made;
}

/** The note of a number, from 1 on. */
// @ts-ignore: decorator
@inline
export function noteOf(shelf: usize, number: u32): usize {
  return <usize>load<u32>(shelf, NOTES) + (<usize>(number - 1) << NOTE_SHIFT);
}

/** Copies a text behind the others, where it stands until the next one is. Gives whether there was room. */
export function keepTextOn(shelf: usize, from: usize, length: usize): bool {
  const at = <usize>load<u32>(shelf, TEXT_LENGTH);
  if (at + length > TEXT_BYTES) return false;
  memory.copy(<usize>load<u32>(shelf, TEXTS) + at, from, length);
  return true;
}

/** Where the text of a note's id is. */
export function idText(shelf: usize, note: usize): usize {
  return <usize>load<u32>(shelf, TEXTS) + <usize>load<u32>(note, ID);
}

export function idLength(note: usize): usize {
  return <usize>load<u32>(note, ID_LENGTH);
}

/** Equal uses of one time are one. Gives whether there was room. */
export function addUseOn(shelf: usize, note: usize, name: u32, action: u32, time: f64): bool {
  let link = note + FIRST_USE;
  let count: u32 = 0;
  for (let number = load<u32>(link); number != 0; number = load<u32>(link)) {
    const use = useAt(shelf, number);
    if (load<u32>(use, NAME) == name && load<u32>(use, ACTION) == action && load<f64>(use, FIRST) == time) return true;
    if (++count == MOST_USES_OF_ONE) return false;
    link = use + NEXT;
  }
  if (load<u32>(shelf, USE_COUNT) == MOST_USES) return false;
  const made = newUse(shelf);
  store<u32>(link, load<u32>(shelf, USE_COUNT));
  store<u32>(made, name, NAME);
  store<u32>(made, action, ACTION);
  store<u32>(made, 0, NEXT);
  store<f64>(made, time, FIRST);
  store<f64>(made, time, LAST);
  return true;
}
