/**
 * Notes of sessions (lib/batch/session-notes.ts) become rows of columns: those whose id is new, as nearly all are. The
 * index by hash is that of ../hash-index.ts, in this module's memory; where everything stands ../noted-rows.ts says.
 */

/** A note: hash of the id, 0 without one; times of start and end, the duration; */
const NOTE_SHIFT: usize = 6;
const HIGH: usize = 4;
const BEGAN: usize = 8;
const ENDED: usize = 16;
const SECONDS: usize = 24;
/** ids of labels, client and behind it target, of the end and of the best record; */
const END_WHOSE: usize = 32;
const WHOSE: usize = 40;
const CLIENT: usize = 40;
const TARGET: usize = 44;
/** the number of its first use of a port, how well it knows whose the session is. */
const FIRST_USE: usize = 48;
const RANK: usize = 60;

/** A label that has no id yet; and no row. */
const NONE: u32 = 0xffff_ffff;
/** Notes whose places in the index are looked at together. */
const AHEAD: u32 = 64;
/** An entry of the index: the lower word, and the row plus one. */
const ENTRY_SHIFT: usize = 3;
const ROW: usize = 4;

let entries: usize = 0;
let entriesEnd: usize = 0;
/** Places by 2^32. */
let scale: f64 = 0;
let secret: u32 = 1;
/** By row the upper words. */
let highs: usize = 0;

let notes: usize = 0;
/** By id of a label here what it is called elsewhere. */
let clients: usize = 0;
let targets: usize = 0;
let labels: u32 = 0;
/** Columns of the new rows; which note each is of. */
let starts: usize = 0;
let ends: usize = 0;
let seconds: usize = 0;
let clientsOf: usize = 0;
let targetsOf: usize = 0;
let ranks: usize = 0;
let numbers: usize = 0;
let fresh: u32 = 0;
/** Notes that say more than a new row holds: the number of each, and its row, or that there is one already. */
let list: usize = 0;
let listed: u32 = 0;
/** Means nothing: what nobody keeps is not looked at. */
let seen: u32 = 0;

/** @param most ids of labels */
export function open(at: usize, clientsAt: usize, targetsAt: usize, most: u32): void {
  notes = at;
  clients = clientsAt;
  targets = targetsAt;
  labels = most;
}

export function setColumns(
  start: usize,
  end: usize,
  duration: usize,
  client: usize,
  target: usize,
  rank: usize,
  number: usize,
  others: usize,
): void {
  starts = start;
  ends = end;
  seconds = duration;
  clientsOf = client;
  targetsOf = target;
  ranks = rank;
  numbers = number;
  list = others;
}

/** Where the index is from now on. */
export function setIndex(at: usize, places: u32, by: f64, odd: u32, high: usize): void {
  entries = at;
  entriesEnd = at + (<usize>places << ENTRY_SHIFT);
  scale = by;
  secret = odd;
  highs = high;
}

/** Puts entries of another index, which stand where notes do, into this one. */
export function enter(count: u32): void {
  const end = notes + (<usize>count << ENTRY_SHIFT);
  for (let entry = notes; entry < end; entry += 1 << ENTRY_SHIFT) {
    if (load<u32>(entry, ROW) == 0) continue;
    let place = homeOf(load<u32>(entry));
    while (load<u32>(place, ROW) != 0) place = behind(place);
    store<u64>(place, load<u64>(entry));
  }
}

/**
 * Takes notes in: those of new ids become rows, from a row on, the others are listed.
 * @returns the number of the first that has a label without an id, if one has; else `to`
 */
export function take(from: u32, to: u32, row: u32): u32 {
  fresh = 0;
  listed = 0;
  for (let k = from; k < to; ) {
    const until = min(k + AHEAD, to);
    approach(k, until);
    for (; k < until; k++) if (!takeNote(k, row)) return k;
  }
  return to;
}

export function freshRows(): u32 {
  return fresh;
}

export function listedNotes(): u32 {
  return listed;
}

// @ts-ignore: decorator
@inline
function noteAt(k: u32): usize {
  return notes + (<usize>k << NOTE_SHIFT);
}

/** Looks at many places wait for memory together, where each would wait by itself while its row is made. */
function approach(from: u32, to: u32): void {
  let all: u32 = 0;
  for (let k = from; k < to; k++) all ^= load<u32>(homeOf(load<u32>(noteAt(k))), ROW);
  seen = all;
}

function takeNote(k: u32, row: u32): bool {
  const note = noteAt(k);
  const client = idOf(clients, load<u32>(note, CLIENT));
  const target = idOf(targets, load<u32>(note, TARGET));
  if (client == NONE || target == NONE) return false;
  const made = row + fresh;
  if (load<u64>(note) != 0) {
    const place = placeOf(load<u32>(note), load<u32>(note, HIGH));
    if (load<u32>(place, ROW) != 0) {
      addToList(k, NONE);
      return true;
    }
    store<u32>(place, load<u32>(note));
    store<u32>(place, made + 1, ROW);
    store<u32>(highs + (<usize>made << 2), load<u32>(note, HIGH));
  }
  const ended = load<f64>(note, ENDED);
  const at = <usize>(fresh++);
  store<f64>(starts + (at << 3), load<f64>(note, BEGAN));
  store<f64>(ends + (at << 3), ended);
  store<f64>(seconds + (at << 3), load<f64>(note, SECONDS));
  store<u32>(clientsOf + (at << 2), client);
  store<u32>(targetsOf + (at << 2), target);
  store<u8>(ranks + at, load<u8>(note, RANK));
  store<u32>(numbers + (at << 2), k);
  const isOthersEnd = !isNaN(ended) && load<u64>(note, END_WHOSE) != load<u64>(note, WHOSE);
  if (isOthersEnd || load<u32>(note, FIRST_USE) != 0) addToList(k, made);
  return true;
}

function addToList(k: u32, row: u32): void {
  const place = list + (<usize>(listed++) << 3);
  store<u32>(place, k);
  store<u32>(place, row, 4);
}

// @ts-ignore: decorator
@inline
function idOf(map: usize, label: u32): u32 {
  return label < labels ? load<u32>(map + (<usize>label << 2)) : NONE;
}

/** Where the entry of a hash is, or would be. */
// @ts-ignore: decorator
@inline
function placeOf(low: u32, high: u32): usize {
  let place = homeOf(low);
  for (let entry = load<u32>(place, ROW); entry != 0; entry = load<u32>(place, ROW)) {
    if (load<u32>(place) == low && load<u32>(highs + (<usize>(entry - 1) << 2)) == high) break;
    place = behind(place);
  }
  return place;
}

// @ts-ignore: decorator
@inline
function homeOf(low: u32): usize {
  return entries + (<usize>(<u32>(<f64>(low * secret) * scale)) << ENTRY_SHIFT);
}

// @ts-ignore: decorator
@inline
function behind(place: usize): usize {
  const next = place + (1 << ENTRY_SHIFT);
  return next == entriesEnd ? entries : next;
}
