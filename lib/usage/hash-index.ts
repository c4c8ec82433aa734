import { randomBytes } from 'node:crypto';
import { discard, stretched } from '../math/growth.ts';

const FIRST_ROOM = 1024;
/** Places for each row that there is room for, a quarter of which stays empty at least. */
const PLACES_A_ROW = 4 / 3;
/** No row. Rows stand there plus one. */
const NONE = 0;

/** What tells where a hash is looked for first. */
export interface IndexShape {
  readonly places: number;
  /** Places by 2^32. */
  readonly scale: number;
  readonly secret: number;
}

export interface IndexColumns {
  /** By place the lower word, then the row plus one. */
  readonly entries: Uint32Array;
  /** By row the upper word. */
  readonly high: Uint32Array;
}

/** A memory that an index can lie in. */
export interface IndexMemory {
  /** Room for an index of another shape, without entries, in place of the one before: more, which this one is empty after. */
  place(rows: number, shape: IndexShape): IndexColumns;
  /** Puts the entries of another shape into it. */
  enter(entries: Uint32Array): void;
}

/**
 * Rows by a hash of 64 bits, in two words, of which each row has one that is its own: open addressing. The lower words
 * stand beside the rows, so that a look at one place seldom needs one elsewhere; the upper ones are kept by row.
 */
export class HashIndex {
  /** Where a hash begins to be looked for is a secret, so that nobody can prepare hashes that crowd together. */
  private readonly secret = randomBytes(4).readInt32LE() | 1;
  /** By place the lower word, then the row. */
  private entries: Uint32Array = new Uint32Array(0);
  /** Places by 2^32. */
  private scale = 0;
  private high: Uint32Array = new Uint32Array(FIRST_ROOM);
  /** That the entries have room for. */
  private rows = 0;
  private memory: IndexMemory | undefined;

  constructor() {
    this.makeRoom(FIRST_ROOM);
  }

  /** The row of a hash; -1 if it has none. */
  find(low: number, high: number): number {
    const { entries } = this;
    for (let at = this.homeOf(low); ; ) {
      const entry = entries[at + 1]!;
      if (entry === NONE) return -1;
      if (entries[at] === low && this.high[entry - 1] === high) return entry - 1;
      at += 2;
      if (at === entries.length) at = 0;
    }
  }

  /** Gives a hash that has none its row: one that is greater than all before. */
  add(low: number, high: number, row: number): void {
    this.reserve(row + 1);
    this.high[row] = high;
    this.enter(low, row + 1);
  }

  /** Has room for so many rows at least. */
  reserve(rows: number): void {
    if (rows > this.rows) this.makeRoom(Math.max(rows, 2 * this.rows));
  }

  /** From now on it lies in a memory where others add rows, too. */
  moveTo(memory: IndexMemory): void {
    this.memory = memory;
    this.makeRoom(this.rows);
  }

  /** The upper word of the hash of a row; 0 of one that was given none. */
  highOf(row: number): number {
    return this.high[row] ?? 0;
  }

  /** Leaves these rows alone, ascending, which are numbered anew from 0. */
  keep(rows: Uint32Array): void {
    const { entries, high } = this;
    const lows = new Uint32Array(high.length);
    const isThere = new Uint8Array(high.length);
    for (let at = 0; at < entries.length; at += 2) {
      const entry = entries[at + 1]!;
      if (entry === NONE) continue;
      lows[entry - 1] = entries[at]!;
      isThere[entry - 1] = 1;
    }
    entries.fill(0);
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      high[k] = high[row] ?? 0;
      if (isThere[row] === 1) this.enter(lows[row]!, k + 1);
    }
    high.fill(0, rows.length);
  }

  private enter(low: number, entry: number): void {
    const { entries } = this;
    let at = this.homeOf(low);
    while (entries[at + 1] !== NONE) {
      at += 2;
      if (at === entries.length) at = 0;
    }
    entries[at] = low;
    entries[at + 1] = entry;
  }

  /** By the upper bits: what moves to a larger index keeps its order, and memory is passed through once. */
  private homeOf(low: number): number {
    return 2 * Math.floor((Math.imul(low, this.secret) >>> 0) * this.scale);
  }

  private makeRoom(rows: number): void {
    const { entries, high, memory, secret } = this;
    const places = Math.ceil(rows * PLACES_A_ROW);
    this.rows = rows;
    this.scale = places / 2 ** 32;
    if (memory !== undefined) {
      const [before, highBefore] = [entries.slice(), high.slice()];
      const columns = memory.place(rows, { places, scale: this.scale, secret });
      this.entries = columns.entries;
      this.high = columns.high;
      this.high.set(highBefore);
      memory.enter(before);
      discard(before);
      discard(highBefore);
      return;
    }
    this.high = stretched(high, rows);
    // written to once from its beginning: a page that is read before is given twice
    this.entries = new Uint32Array(2 * places).fill(0);
    for (let at = 0; at < entries.length; at += 2) {
      if (entries[at + 1] !== NONE) this.enter(entries[at]!, entries[at + 1]!);
    }
    discard(entries);
  }
}
