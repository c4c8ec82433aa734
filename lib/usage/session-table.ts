import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { grown, nextRoom } from '../math/growth.ts';
import { hashText } from '../text/hash.ts';

const FIRST_ROOM = 1024;
/** In the index: no row. Rows stand there plus one. */
const NONE = 0;
/** No client, target or port yet. */
export const UNKNOWN = 0xffff_ffff;
/** How well a record knows whose session it is: its start best, then its end, then what came between. */
export const ranks = { none: 0, between: 1, end: 2, start: 3 } as const;

/** Rows whose ids are decoded together. */
const BLOCK = 64;

/**
 * Sessions as rows of columns, found by a hash of their id: some 100 bytes each. A row is what all records of one id say
 * together, whatever their order; times are milliseconds since the epoch, NaN where no record told them.
 */
export class SessionTable {
  length = 0;
  /** Where in the index an id begins to be looked for is a secret, so that nobody can prepare ids that crowd together. */
  private readonly secret = randomBytes(4).readInt32LE() | 1;
  start = new Float64Array(FIRST_ROOM);
  end = new Float64Array(FIRST_ROOM);
  /** What the end says of the duration, in seconds; NaN if nothing. */
  seconds = new Float64Array(FIRST_ROOM);
  /** When it was first heard of, whatever the record. */
  heard = new Float64Array(FIRST_ROOM);
  /** Ids in the dictionaries; UNKNOWN before a record said. */
  client = new Uint32Array(FIRST_ROOM);
  target = new Uint32Array(FIRST_ROOM);
  /** Of the record that said whose it is: see `ranks`. */
  rank = new Uint8Array(FIRST_ROOM);
  /** The first of its port uses (PortUses), UNKNOWN if it has none. */
  ports = new Uint32Array(FIRST_ROOM);
  private low = new Uint32Array(FIRST_ROOM);
  private high = new Uint32Array(FIRST_ROOM);
  private idStart = new Uint32Array(FIRST_ROOM + 1);
  private idBytes = Buffer.alloc(32 * FIRST_ROOM);
  /** Whether every character of the ids is a byte. */
  private isAscii = true;
  /** Ids of neighbouring rows as one text. */
  private block = { row: 0, end: 0, text: '' };
  private index = new Uint32Array(2 * FIRST_ROOM);

  /** The row of a session by the hash of its id; `id` is called for one that is new. */
  rowOf(low: number, high: number, id: () => string): number {
    let place = this.placeOf(low, high);
    const known = this.index[place]!;
    if (known !== NONE) return known - 1;
    if (this.length === this.start.length) {
      this.grow();
      place = this.placeOf(low, high);
    }
    const row = this.add(id(), low, high);
    this.index[place] = row + 1;
    return row;
  }

  /** The row of a session by its id. */
  rowOfId(id: string): number {
    const hash = new Uint32Array(2);
    hashText(Buffer.from(id), hash, 0);
    return this.rowOf(hash[0]!, hash[1]!, () => id);
  }

  /** A session that no id tells: nothing else will be heard of it. */
  addNameless(): number {
    if (this.length === this.start.length) this.grow();
    return this.add('', 0, 0);
  }

  id(row: number): string {
    if (!this.isAscii) return this.idBytes.toString('utf8', this.idStart[row], this.idStart[row + 1]);
    // whoever reads them reads them one after the other: a call a block, not a call an id
    const block = row - (row % BLOCK);
    const end = Math.min(block + BLOCK, this.length);
    if (block !== this.block.row || end !== this.block.end) {
      const text = this.idBytes.toString('latin1', this.idStart[block], this.idStart[end]);
      this.block = { row: block, end, text };
    }
    const from = this.idStart[block]!;
    return this.block.text.slice(this.idStart[row]! - from, this.idStart[row + 1]! - from);
  }

  private add(id: string, low: number, high: number): number {
    const row = this.length++;
    this.start[row] = Number.NaN;
    this.end[row] = Number.NaN;
    this.seconds[row] = Number.NaN;
    this.heard[row] = Number.POSITIVE_INFINITY;
    this.client[row] = UNKNOWN;
    this.target[row] = UNKNOWN;
    this.rank[row] = ranks.none;
    this.ports[row] = UNKNOWN;
    this.low[row] = low;
    this.high[row] = high;
    this.keepId(row, id);
    return row;
  }

  private keepId(row: number, id: string): void {
    const at = this.idStart[row]!;
    const most = at + 3 * id.length;
    if (most > this.idBytes.length) {
      const longer = Buffer.allocUnsafe(Math.max(2 * this.idBytes.length, most));
      this.idBytes.copy(longer, 0, 0, at);
      this.idBytes = longer;
    }
    const length = this.idBytes.write(id, at, 'utf8');
    this.isAscii &&= length === id.length;
    this.idStart[row + 1] = at + length;
  }

  private grow(): void {
    const room = nextRoom(this.start.length);
    this.start = grown(this.start, room);
    this.end = grown(this.end, room);
    this.seconds = grown(this.seconds, room);
    this.heard = grown(this.heard, room);
    this.client = grown(this.client, room);
    this.target = grown(this.target, room);
    this.rank = grown(this.rank, room);
    this.ports = grown(this.ports, room);
    this.low = grown(this.low, room);
    this.high = grown(this.high, room);
    this.idStart = grown(this.idStart, room + 1);
    this.reindex();
  }

  private reindex(): void {
    // a power of two, of which half or more stays empty
    let places = this.index.length;
    while (places < 2 * this.start.length) places *= 2;
    this.index = new Uint32Array(places);
    for (let row = 0; row < this.length; row++) {
      const low = this.low[row]!;
      const high = this.high[row]!;
      if (low !== 0 || high !== 0) this.index[this.placeOf(low, high)] = row + 1;
    }
  }

  /** Where the index has that hash, or would have it. */
  private placeOf(low: number, high: number): number {
    const { index } = this;
    const mask = index.length - 1;
    let place = (Math.imul(low, this.secret) >>> 8) & mask;
    for (;;) {
      const entry = index[place]!;
      if (entry === NONE || (this.low[entry - 1] === low && this.high[entry - 1] === high)) return place;
      place = (place + 1) & mask;
    }
  }
}
