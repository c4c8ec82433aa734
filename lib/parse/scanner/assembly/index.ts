/**
 * What the host calls. All that takes text takes it from the inbox, a place in memory that the host writes to. The host
 * opens a scanner in this order: open, the keys, then ready; from then on slots, scans and look-ups.
 */
import { openArena, reserve } from './arena';
import { openBatches } from './write-batch';
import { clear, clearHeap, intern, newHeap } from './dictionaries/dictionary';
import { openEntries } from './json/row-entries';
import { openFields, entryOf } from './asked-fields';
import { openGrammar } from './json/grammar';
import { seedHash } from './dictionaries/hash';
import { openHead } from './json/record-head';
import { openInFull } from './json/in-full';
import { keyListDictionary, openKeyLists } from './dictionaries/key-lists';
import { openNumberColumns } from './number-columns';
import { seedRecent } from './dictionaries/recent';
import { openRows } from './row-lists';
import { openShapeTable } from './json/shape-table';
import { entryType } from './slot';
import { openSymbols, symbolDictionary } from './dictionaries/symbols';
import { openTextHashes } from './dictionaries/text-hash';
import {
  openTrie,
  addException as addTrieException,
  addKey as addTrieKey,
  addPrefix as addTriePrefix,
} from './json/trie';
import { clearTuples, openTuples } from './dictionaries/tuples';
import { openValues, valueEnd } from './json/values';

export { clearSeries, openAggregation } from './aggregation/index';
export {
  addCount,
  addSession,
  addValue,
  measure,
  measureEnded,
  measuredTable,
  timesOfRows,
  wantedKinds,
} from './aggregation/measurements';
export {
  dismissedMeasured,
  dismissedRecords,
  measureInScan,
  newestTime,
  scanLacksRoom,
} from './aggregation/measured-scan';
export { clearGathered, gatherNotes } from './aggregation/note-tables';
export { addKindText, openRecordKinds, tellKindsBy } from './aggregation/record-kinds';
export { describeLabel, dictionaryOfLabels, newLabelSet } from './aggregation/series-labels';
export {
  addBetween,
  boundsOf,
  clearPartials,
  dictionaryOfTable,
  logTicks,
  newCounters,
  newHistograms,
  seriesOf,
  settleSamples,
  spiltSize,
  spiltValues,
  strideOf,
} from './aggregation/series-tables';
export { addSaying, openSessionNotes } from './aggregation/session-notes';
export {
  clearSessions,
  gatheredSessions,
  gatherJoined,
  gatherSessions,
  joinSessions,
  knownSessions,
  openRoom,
  sessionMarks,
  sessionsSeen,
} from './aggregation/sessions';
export { clearTicks, loggedTicks, tickLog, turnTicks } from './aggregation/ticks';
export { hasStopped, rejected, scan, scanned, unsettled, untold } from './write-batch';
export { size, textLength, textOf } from './dictionaries/dictionary';
export { addField, presentOfList } from './asked-fields';
export {
  keyList,
  keyListColumn,
  keyListDictionary,
  keyListsOfList,
  keysFrom,
  keysTo,
  learnKeyList,
} from './dictionaries/key-lists';
export { behindPrefix } from './json/record-lines';
export { numberOf, numbersOfList } from './number-columns';
export { recordHashesOfList } from './listed-record-hashes';
export { listStart } from './row-lists';
export {
  CLOCK,
  FAMILIES,
  KIND,
  LENGTH,
  LEVEL,
  MOST_ROWS,
  newIdColumn,
  newNumberColumn,
  newSlot,
  OFFSET,
  REJECTED,
  TIME,
  TOUCHED,
  UNSETTLED,
  WINDOW,
} from './slot';
export { addShadow } from './json/trie';
export { symbol, symbolDictionary, symbolsOfList } from './dictionaries/symbols';
export { hashesOfList, keyTextHashes } from './dictionaries/text-hash';
export { addLabels, tuple, tupleDictionary, tuplesOfList } from './dictionaries/tuples';
export { entryOf };

let inbox: usize = 0;
let labelSets: u32 = 0;
let lineRoom: usize = 0;
/** Of the texts that columns have ids of. */
let heap: usize = 0;

/** A tuple may hold a field of a record more than once. */
const TUPLE_ROOM: usize = 65536;

/**
 * Lays out the tables in [start, end) of the memory. Keys, fields, label sets, fields of one set: at most so many. `symbols`: ids of a
 * dictionary of texts. `longestLine`: bytes of the longest line that a window can hold, a longer record than
 * `longestRecord` being rejected only when its end is found.
 */
export function open(
  start: usize,
  end: usize,
  longestRecord: usize,
  longestLine: usize,
  maxDepth: u32,
  keys: u32,
  fields: u32,
  sets: u32,
  widest: u32,
  symbols: u32,
  heapBytes: usize,
): void {
  openArena(start, end);
  lineRoom = longestLine;
  labelSets = sets;
  inbox = reserve(longestLine + TUPLE_ROOM);
  openTrie(keys + 1);
  openShapeTable();
  openGrammar(longestLine);
  openValues(maxDepth);
  openBatches(longestRecord);
  openFields(fields);
  openRows();
  openNumberColumns();
  openTextHashes();
  heap = newHeap(heapBytes);
  openSymbols(symbols, longestLine, heap);
  openTuples(sets, widest, longestLine + TUPLE_ROOM, heap);
  openKeyLists(symbols, longestLine, heap);
}

export function seed(a: u64, b: u64, c: u64, d: u64): void {
  seedHash(a, b, c, d);
  seedRecent(d, c, b, a);
}

/** Where the host writes texts to. */
export function inboxStart(): usize {
  return inbox;
}

/** The key under `parent` (0 = the record) whose text of that length is in the inbox. */
export function addKey(parent: u32, length: usize): u32 {
  return addTrieKey(parent, inbox, length);
}

/** The prefix in the inbox, of keys of the object of `key`, belongs to the family of this bit. */
export function addPrefix(key: u32, length: usize, familyBit: u32): void {
  addTriePrefix(key, inbox, length, familyBit);
}

/** The key in the inbox is no member of the family of this bit, though it begins so. */
export function addException(length: usize, familyBit: u32): void {
  addTrieException(inbox, length, familyBit);
}

/** All keys are known; these are what every record is asked for. */
export function ready(timestamp: u32, seconds: u32, nanos: u32, level: u32, fields: u32): void {
  openHead(timestamp, seconds, nanos, level, lineRoom);
  openEntries(level, fields);
  openInFull();
}

/** Behind the object or array at `at`, which is known to be valid. */
export function containerEnd(at: usize): usize {
  return valueEnd(at, 0);
}

/** The id of the text of that length in the inbox. */
export function symbolOfInbox(length: usize): u32 {
  return intern(symbolDictionary(), inbox, length);
}

/** Empties all dictionaries. */
export function clearDictionaries(): void {
  clearHeap(heap);
  clear(symbolDictionary());
  clear(keyListDictionary());
  for (let set: u32 = 0; set < labelSets; set++) clearTuples(set);
}

/** The type of a field's value, of lib/batch/batch.ts. */
export function typeOf(slot: usize, row: u32, field: u32): u32 {
  const entry = entryOf(slot, row, field);
  return entry == 0 ? 0 : entryType(entry);
}
