import { Buffer } from 'node:buffer';
import { ranks, type SessionNotes } from '../batch/session-notes.ts';
import { discard, stretched, vastRoom } from '../math/growth.ts';
import { sortNearlySorted } from '../math/nearly-sorted.ts';
import { hashText } from '../text/hash.ts';
import { HashIndex, type IndexMemory } from './hash-index.ts';
import type { NewRows } from './noted-rows.ts';
import { SessionIds } from './session-ids.ts';

const FIRST_ROOM = 1024;
/** No client, target or use of a port yet. */
export const UNKNOWN = 0xffff_ffff;

/**
 * Sessions as rows of columns, found by a hash of their id: some 100 bytes each. A row is what all records of one id say
 * together, whatever their order; times are milliseconds since the epoch, NaN where no record told them.
 */
export class SessionTable {
  length = 0;
  start = new Float64Array(FIRST_ROOM);
  end = new Float64Array(FIRST_ROOM);
  /** What the end says of the duration, in seconds; NaN if nothing. */
  seconds = new Float64Array(FIRST_ROOM);
  /**
   * When it was first heard of, where that is neither its start nor its end, as of few: see `heard`. Not written to where
   * it is, so that it is hardly any memory.
   */
  private heardBefore = new Float64Array(FIRST_ROOM);
  /** Ids in the dictionaries; UNKNOWN before a record said. */
  client = new Uint32Array(FIRST_ROOM);
  target = new Uint32Array(FIRST_ROOM);
  /** Of the record that said whose it is: see `ranks`. */
  rank = new Uint8Array(FIRST_ROOM);
  /** Whose the end is where that is another's, as ids and one; else 0, and not written to. */
  private endClient = new Uint32Array(FIRST_ROOM);
  private endTarget = new Uint32Array(FIRST_ROOM);
  /** The first of its port uses (PortUses) plus one; 0 if it has none. */
  private uses = new Uint32Array(FIRST_ROOM);
  private readonly index = new HashIndex();
  /** undefined = they are told apart by their hashes alone. */
  private readonly ids: SessionIds | undefined;

  /** @param keepsIds whether anybody asks for `id` */
  constructor(keepsIds: boolean) {
    if (keepsIds) this.ids = new SessionIds();
  }

  /** The row of a session by the hash of its id; -1 if it is new. */
  find(low: number, high: number): number {
    return this.index.find(low, high);
  }

  /** A new session, by the hash of its id. */
  add(low: number, high: number, id: string): number {
    const row = this.addRow(id);
    this.index.add(low, high, row);
    return row;
  }

  /** There will be so many rows more. Gives the next one. */
  reserve(rows: number): number {
    this.index.reserve(this.length + rows);
    while (this.length + rows > this.start.length) this.grow();
    return this.length;
  }

  /** From now on the index of hashes lies there. */
  moveIndex(memory: IndexMemory): void {
    this.index.moveTo(memory);
  }

  /** Rows that the index has already. @param first of the notes that they are of */
  append(rows: NewRows, notes: SessionNotes, first: number): void {
    const { length, note } = rows;
    this.start.set(rows.start, this.length);
    this.end.set(rows.end, this.length);
    this.seconds.set(rows.seconds, this.length);
    this.client.set(rows.client, this.length);
    this.target.set(rows.target, this.length);
    this.rank.set(rows.rank, this.length);
    this.length += length;
    if (this.ids === undefined) return;
    for (let k = 0; k < length; k++) {
      const which = first + note[k]!;
      this.ids.addFrom(notes.ids, notes.idStart(which), notes.idEnd(which));
    }
  }

  /** A session that no id tells: nothing else will be heard of it. */
  addNameless(): number {
    return this.addRow('');
  }

  /** The row of a session by its id. */
  rowOfId(id: string): number {
    const hash = new Uint32Array(2);
    hashText(Buffer.from(id), hash, 0);
    const known = this.find(hash[0]!, hash[1]!);
    return known < 0 ? this.add(hash[0]!, hash[1]!, id) : known;
  }

  /** A record says whose a row is, by which it is told from now on. Whose its end is stays. @param rank see `ranks` */
  tell(row: number, rank: number, client: number, target: number): void {
    const [endClient, endTarget] = [this.clientOfEnd(row), this.targetOfEnd(row)];
    this.rank[row] = rank;
    this.client[row] = client;
    this.target[row] = target;
    if (!Number.isNaN(this.end[row]!)) this.tellEnd(row, endClient, endTarget);
  }

  /** Whose the end of a row is, which has one. */
  tellEnd(row: number, client: number, target: number): void {
    // nothing is written where nothing is to be told
    const others = [
      client === this.client[row] ? 0 : client + 1,
      target === this.target[row] ? 0 : target + 1,
    ];
    if (this.endClient[row] !== others[0]) this.endClient[row] = others[0]!;
    if (this.endTarget[row] !== others[1]) this.endTarget[row] = others[1]!;
  }

  clientOfEnd(row: number): number {
    return this.endClient[row] === 0 ? this.client[row]! : this.endClient[row]! - 1;
  }

  targetOfEnd(row: number): number {
    return this.endTarget[row] === 0 ? this.target[row]! : this.endTarget[row]! - 1;
  }

  /** When a row was first heard of, whatever the record; Infinity if it was not. */
  heard(row: number): number {
    const before = this.heardBefore[row]!;
    // -0 stands for the beginning of the epoch
    if (before !== 0 || Object.is(before, -0)) return before + 0;
    const start = this.start[row]!;
    const end = this.end[row]!;
    if (start <= end || Number.isNaN(end)) return Number.isNaN(start) ? Number.POSITIVE_INFINITY : start;
    return end;
  }

  /** A record tells of a row, of which start and end are known as far as it says them. */
  hear(row: number, time: number): void {
    if (time < this.heard(row)) this.heardBefore[row] = time === 0 ? -0 : time;
  }

  /** The first use of a port by a row; UNKNOWN if it has none. */
  firstUse(row: number): number {
    return (this.uses[row]! - 1) >>> 0;
  }

  setFirstUse(row: number, use: number): void {
    this.uses[row] = use + 1;
  }

  /**
   * All rows by when they were first heard of, then by the hash of their ids.
   * @param compareNameless of those that have none
   */
  inOrder(compareNameless: (a: number, b: number) => number): Uint32Array {
    const { index } = this;
    const rows = new Uint32Array(this.length);
    const heard = new Float64Array(this.length);
    for (let row = 0; row < rows.length; row++) {
      rows[row] = row;
      heard[row] = this.heard(row);
    }
    // as they stand they nearly are
    sortNearlySorted(rows, heard, (a, b) => index.highOf(a) - index.highOf(b) || compareNameless(a, b));
    discard(heard);
    return rows;
  }

  /** Leaves these rows alone, ascending, which are numbered anew from 0. */
  keep(rows: Uint32Array): void {
    const { start, end, seconds, heardBefore, client, target, rank, endClient, endTarget, uses } = this;
    const seldomWritten = [heardBefore, endClient, endTarget, uses];
    for (const column of [start, end, seconds, client, target, rank, ...seldomWritten]) {
      for (let k = 0; k < rows.length; k++) column[k] = column[rows[k]!]!;
    }
    // rows that are made do not write there
    for (const column of seldomWritten) column.fill(0, rows.length, this.length);
    this.length = rows.length;
    this.index.keep(rows);
    this.ids?.keep(rows);
  }

  /** '' where it has none, or none is kept. */
  id(row: number): string {
    return this.ids === undefined ? '' : this.ids.of(row);
  }

  /** See SessionIds; 0 where none is kept. */
  copyPlainId(row: number, to: Uint8Array, at: number, end: number): number {
    return this.ids === undefined ? 0 : this.ids.copyPlain(row, to, at, end);
  }

  private addRow(id: string): number {
    const row = this.makeRow();
    this.ids?.add(id);
    return row;
  }

  private nextRow(): number {
    if (this.length === this.start.length) this.grow();
    return this.length++;
  }

  private makeRow(): number {
    const row = this.nextRow();
    this.start[row] = Number.NaN;
    this.end[row] = Number.NaN;
    this.seconds[row] = Number.NaN;
    this.client[row] = UNKNOWN;
    this.target[row] = UNKNOWN;
    this.rank[row] = ranks.none;
    return row;
  }

  private grow(): void {
    const room = vastRoom(this.start.length);
    this.start = stretched(this.start, room);
    this.end = stretched(this.end, room);
    this.seconds = stretched(this.seconds, room);
    this.heardBefore = stretched(this.heardBefore, room);
    this.client = stretched(this.client, room);
    this.target = stretched(this.target, room);
    this.rank = stretched(this.rank, room);
    this.endClient = stretched(this.endClient, room);
    this.endTarget = stretched(this.endTarget, room);
    this.uses = stretched(this.uses, room);
  }
}
