/** A number that the module exports. By shape, as whoever compiles with our declarations need not have WebAssembly's. */
interface Exported {
  readonly value: number;
}

/** What the compiled scanner exports: lib/parse/scanner/assembly/index.ts, which documents it. Addresses are in its memory. */
export interface ScannerExports {
  open(
    start: number,
    end: number,
    longestRecord: number,
    longestLine: number,
    maxDepth: number,
    keys: number,
    fields: number,
    sets: number,
    widest: number,
    symbols: number,
    heapBytes: number,
  ): void;
  seed(a: bigint, b: bigint, c: bigint, d: bigint): void;
  keyTextHashes(k0: bigint, k1: bigint): void;
  inboxStart(): number;
  addKey(parent: number, length: number): number;
  addPrefix(key: number, length: number, familyBit: number): void;
  addException(length: number, familyBit: number): void;
  addField(field: number, keys: number): number;
  addLabels(set: number, fields: number, capacity: number): number;
  addShadow(key: number): number;
  ready(timestamp: number, seconds: number, nanos: number, level: number, fields: number): void;

  newSlot(windowBytes: number): number;
  newIdColumn(): number;
  newNumberColumn(): number;
  scan(slot: number, start: number, end: number, mode: number): number;
  hasStopped(): number;
  scanned(): number;
  rejected(): number;
  unsettled(): number;
  untold(): number;
  behindPrefix(start: number, lineEnd: number): number;

  containerEnd(at: number): number;
  entryOf(slot: number, row: number, field: number): number;
  typeOf(slot: number, row: number, field: number): number;
  numberOf(slot: number, row: number, field: number): number;

  symbol(slot: number, row: number, field: number): number;
  symbolsOfList(slot: number, count: number, field: number, known: number, out: number): number;
  symbolDictionary(): number;
  symbolOfInbox(length: number): number;
  tuple(slot: number, row: number, set: number): number;
  tupleDictionary(set: number): number;
  keyList(slot: number, row: number, field: number): number;
  keyListColumn(slot: number, count: number, field: number, column: number): number;
  keyListsOfList(slot: number, count: number, field: number, out: number): number;
  keyListDictionary(): number;
  keysFrom(): number;
  keysTo(): number;
  learnKeyList(symbol: number): number;
  listStart(): number;
  presentOfList(slot: number, count: number, field: number, out: number): number;
  numbersOfList(slot: number, count: number, field: number, out: number): number;
  hashesOfList(slot: number, count: number, field: number, out: number): void;
  recordHashesOfList(slot: number, count: number, out: number): void;
  tuplesOfList(slot: number, count: number, set: number, out: number): number;
  size(dictionary: number): number;
  textOf(dictionary: number, id: number): number;
  textLength(dictionary: number, id: number): number;
  clearDictionaries(): void;

  openRecordKinds(most: number): void;
  addKindText(text: number, length: number, kind: number): void;
  tellKindsBy(field: number, ordinary: number, familyBit: number, familyKind: number): void;
  openAggregation(
    tables: number,
    sets: number,
    series: number,
    longestLine: number,
    labelBytes: number,
    sampleBytes: number,
    loggedTicks: number,
    sessionSlots: number,
    pairs: number,
    seed: bigint,
    secret: bigint,
  ): void;
  newLabelSet(width: number): number;
  describeLabel(
    set: number,
    k: number,
    field: number,
    otherwise: number,
    segment: number,
    from: number,
    bytes: number,
  ): void;
  dictionaryOfLabels(set: number): number;
  newCounters(set: number): number;
  newHistograms(
    set: number,
    meters: number,
    bounds: number,
    keep: number,
    newest: number,
    decay: number,
  ): number;
  boundsOf(table: number): number;
  addBetween(table: number, k: number, from: number, bytes: number): void;
  addCount(kind: number, table: number): void;
  addValue(kind: number, table: number, field: number, least: number): void;
  addSession(kind: number, by: number, field: number): void;
  openSessionNotes(
    clients: number,
    targets: number,
    ports: number,
    id: number,
    seconds: number,
    scaleDown: number,
    ids: number,
    leastLevel: number,
    secret: bigint,
  ): void;
  addSaying(kind: number, says: number, counts: number): void;
  gatherNotes(all: number): number;
  clearGathered(): void;

  timesOfRows(): number;
  measure(
    slot: number,
    from: number,
    to: number,
    times: number,
    given: number,
    isGiven: number,
    order: number,
  ): number;
  measureEnded(): number;
  measuredTable(): number;
  wantedKinds(): number;
  measureInScan(measures: number, until: number, order: number): void;
  dismissedRecords(): number;
  dismissedMeasured(): number;
  newestTime(): number;
  scanLacksRoom(): number;

  seriesOf(table: number): number;
  strideOf(table: number): number;
  dictionaryOfTable(table: number): number;
  settleSamples(table: number): void;
  spiltSize(): number;
  spiltValues(): number;
  sessionsSeen(): number;
  knownSessions(): number;
  gatherSessions(): number;
  gatherJoined(): number;
  gatheredSessions(): number;
  openRoom(count: number): number;
  joinSessions(count: number): void;
  sessionMarks(): number;
  logTicks(): void;
  loggedTicks(): number;
  tickLog(): number;
  clearTicks(): void;
  turnTicks(): void;
  clearPartials(): void;
  clearSessions(): void;
  clearSeries(): void;

  readonly MOST_ROWS: Exported;
  readonly TIME: Exported;
  readonly OFFSET: Exported;
  readonly LENGTH: Exported;
  readonly FAMILIES: Exported;
  readonly REJECTED: Exported;
  readonly UNSETTLED: Exported;
  readonly LEVEL: Exported;
  readonly KIND: Exported;
  readonly TOUCHED: Exported;
  readonly CLOCK: Exported;
  readonly WINDOW: Exported;
}

/** Results that are no ids, as signed numbers come out of WebAssembly. */
export const FULL = -1;
export const UNKNOWN = -2;

/** Of an entry: its address is a word index times four; see lib/parse/scanner/assembly/slot.ts. */
export const ENTRY_LENGTH_SHIFT = 4;
export const ENTRY_ESCAPED = 8;

/** The longest record that the length of an entry can tell. */
export const LONGEST_RECORD = 1 << 27;
/** Families are bits of a word. */
export const MOST_FAMILIES = 32;
/** Keys are told apart by 16 bits, of which one value is void. */
export const MOST_KEYS = 65_000;
