/**
 * What records say of sessions, put together where they are read: of each id one note of all that a run of records says
 * (lib/batch/session-notes.ts), and the targets that were copied. So whoever keeps sessions is given start, end and ports
 * of one together, and no row of any of them. What a note cannot hold (another start of the id, one of the same time that
 * is somebody else's) begins a further one; what finds no room at all stays a row.
 *
 * What was noted may be told once more by that row: of sessions nothing counts twice.
 */
import { reserve } from '../arena';
import { entryOf } from '../asked-fields';
import { FULL } from '../dictionaries/dictionary';
import { valueLength, valueText } from '../dictionaries/symbols';
import { hashOfText } from '../dictionaries/text-hash';
import { NUMBER, STRING } from '../json/values';
import { numberIn } from '../number-columns';
import { entryType, KIND, LEVEL } from '../slot';
import { BEGAN, CLIENT, END_CLIENT, ENDED, RANK, SECONDS, TARGET } from './note-shelves';
import {
  addCopy,
  addNote,
  addUse,
  countLevel,
  keepText,
  keepTextOf,
  noteAt,
  noteTime,
  openNoteTables,
  placeOf,
} from './note-tables';
import { labelsAre, labelsOf } from './series-labels';

/** What a record says: its session's start, its end, a copied target, or, from there on, what it does with a port. */
const START: u32 = 1;
const END: u32 = 2;
const COPY: u32 = 3;
const PORT: u32 = 4;

/** How well a record knows whose a session is: its start best, then its end, then what came between. */
const BETWEEN_RANK: u32 = 1;
const END_RANK: u32 = 2;
const START_RANK: u32 = 3;

const KINDS: usize = 256;
/** Its four letters. */
const TRUE_TEXT: u32 = 0x65757274;

let isNoting: bool = false;
/** By kind: what its records say, and whether their levels are counted. */
let sayings: usize = 0;
let leveled: usize = 0;
/** Records of this level or above stay rows where levels are counted. */
let leastLevel: u32 = 0;
let idField: u32 = 0;
let secondsField: u32 = 0;
let scaleField: u32 = 0;
let clients: usize = 0;
let targets: usize = 0;
let ports: usize = 0;
let lacksRoom: bool = false;
/** Labels of the record at hand. */
let client: u32 = 0;
let target: u32 = 0;

/**
 * From now on records are noted.
 * @param clientSet sets of labels: see series-labels
 * @param ids whether the texts of ids are asked for
 * @param least level of records that stay rows
 */
export function openSessionNotes(
  clientSet: usize,
  targetSet: usize,
  portSet: usize,
  id: u32,
  seconds: u32,
  scaleDown: u32,
  ids: bool,
  least: u32,
  secret: u64,
): void {
  isNoting = true;
  clients = clientSet;
  targets = targetSet;
  ports = portSet;
  idField = id;
  secondsField = seconds;
  scaleField = scaleDown;
  leastLevel = least;
  sayings = reserve(KINDS);
  leveled = reserve(KINDS);
  openNoteTables(ids, secret);
}

/** What the records of a kind say, 0 if nothing, and whether their levels are counted. */
export function addSaying(kind: u32, says: u32, counts: bool): void {
  store<u8>(sayings + <usize>kind, says);
  store<u8>(leveled + <usize>kind, counts ? 1 : 0);
}

/** Whether labels found no room since it was asked last. */
export function notesLackRoom(): bool {
  const lacked = lacksRoom;
  lacksRoom = false;
  return lacked;
}

/**
 * Takes in a record that nobody wants as a row.
 * @param time milliseconds since the epoch, not NaN
 * @returns false if it must stay one
 */
// @ts-ignore: decorator
@inline
export function noteRecord(slot: usize, row: u32, time: f64): bool {
  return isNoting ? note(slot, row, time) : true;
}

function note(slot: usize, row: u32, time: f64): bool {
  const kind = <usize>load<u8>(slot + <usize>row, KIND);
  const level = <u32>load<u8>(slot + <usize>row, LEVEL);
  const counts = load<u8>(leveled + kind) != 0;
  if (counts && level >= leastLevel) return false;
  const says = <u32>load<u8>(sayings + kind);
  if (says == COPY) {
    if (!noteCopy(slot, row, time)) return false;
  } else if (says != 0 && !noteSession(slot, row, says, time)) return false;
  if (counts) countLevel(level);
  noteTime(time);
  return true;
}

function noteSession(slot: usize, row: u32, says: u32, time: f64): bool {
  let seconds: f64 = NaN;
  if (says == END) {
    const entry = entryOf(slot, row, secondsField);
    seconds = numberIn(entry);
    // a number that only the host can read, as one that is written as a text is
    if (isNaN(seconds) && entry != 0 && (entryType(entry) == NUMBER || entryType(entry) == STRING)) return false;
  }
  const length = valueLength(entryOf(slot, row, idField));
  // without an id a port belongs to nobody
  if (length < 0 && says >= PORT) return true;
  const hash = length < 0 ? 0 : hashOfText(valueText(), length);
  const place = placeOf(hash);
  let session = noteAt(place);
  if (session == 0) {
    // what comes behind decodes other texts
    if (length > 0 && !keepText(valueText(), length)) return false;
    session = readWhose(slot, row) ? begin(place, hash, length, says, time, seconds) : 0;
  } else if (says < PORT || load<u32>(session, RANK) <= BETWEEN_RANK) {
    if (!(says == END && isOfNote(session, slot, row)) && !readWhose(slot, row)) return false;
    if (joins(session, says, time)) tell(session, says, time, seconds);
    else session = begin(place, hash, keepTextOf(session), says, time, seconds);
  }
  if (session == 0) return false;
  return says < PORT || noteUse(session, slot, row, says - PORT, time);
}

/** Whether a record says of whose its session is what a note says, as nearly every end does. */
function isOfNote(session: usize, slot: usize, row: u32): bool {
  client = load<u32>(session, CLIENT);
  target = load<u32>(session, TARGET);
  return labelsAre(clients, slot, row, client) && labelsAre(targets, slot, row, target);
}

/** Reads whose the session of a record is; false if there is no room for that. */
function readWhose(slot: usize, row: u32): bool {
  client = labelsOf(clients, slot, row);
  target = labelsOf(targets, slot, row);
  lacksRoom = lacksRoom || client == FULL || target == FULL;
  return client != FULL && target != FULL;
}

// @ts-ignore: decorator
@inline
function placeIn(session: usize, says: u32): usize {
  return session + (says == START ? BEGAN : ENDED);
}

/**
 * Has a note say whose a session is, or its end, as a record does; false if it cannot: it has another start, or end, or
 * one of that time that is somebody else's, or it knows no more than the record and says something else.
 */
function joins(session: usize, says: u32, time: f64): bool {
  const told = says < PORT ? load<f64>(placeIn(session, says)) : NaN;
  if (!isNaN(told)) return told == time && isOf(session + (says == END ? END_CLIENT : CLIENT));
  const rank = load<u32>(session, RANK);
  if (rank == BETWEEN_RANK && says >= PORT) return isOf(session + CLIENT);
  if (says == END) tellWhose(session + END_CLIENT);
  if (rank < rankOf(says)) {
    store<u32>(session, rankOf(says), RANK);
    tellWhose(session + CLIENT);
  }
  return true;
}

/** Whether a client, and behind it a target, are those of the record at hand. */
function isOf(whose: usize): bool {
  return load<u32>(whose) == client && load<u32>(whose, 4) == target;
}

function tellWhose(whose: usize): void {
  store<u32>(whose, client);
  store<u32>(whose, target, 4);
}

/** Has a note tell the start, or the end, that a record is. */
function tell(session: usize, says: u32, time: f64, seconds: f64): void {
  if (says >= PORT) return;
  store<f64>(placeIn(session, says), time);
  const known = load<f64>(session, SECONDS);
  if (isNaN(known) || seconds > known) store<f64>(session, seconds, SECONDS);
}

// @ts-ignore: decorator
@inline
function rankOf(says: u32): u32 {
  return says == START ? START_RANK : says == END ? END_RANK : BETWEEN_RANK;
}

/**
 * A new note of what a record says; 0 if there is no room.
 * @param length of the id's text, which was kept before; without an id less than 0
 */
function begin(place: usize, hash: u64, length: isize, says: u32, time: f64, seconds: f64): usize {
  if (hash != 0 && length < 0) return 0;
  const session = addNote(place, hash, length < 0 ? 0 : length);
  if (session == 0) return 0;
  store<f64>(session, says == START ? time : NaN, BEGAN);
  store<f64>(session, says == END ? time : NaN, ENDED);
  store<f64>(session, seconds, SECONDS);
  tellWhose(session + END_CLIENT);
  tellWhose(session + CLIENT);
  store<u32>(session, rankOf(says), RANK);
  return session;
}

function noteUse(session: usize, slot: usize, row: u32, action: u32, time: f64): bool {
  const name = labelsOf(ports, slot, row);
  if (name == FULL) lacksRoom = true;
  return name != FULL && addUse(session, name, action, time);
}

function noteCopy(slot: usize, row: u32, time: f64): bool {
  if (!readWhose(slot, row)) return false;
  const length = valueLength(entryOf(slot, row, scaleField));
  const scalesDown = length == 4 && load<u32>(valueText()) == TRUE_TEXT;
  return addCopy(client, target, time, scalesDown);
}
