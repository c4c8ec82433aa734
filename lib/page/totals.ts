import { orderBy } from '../math/digit-sort.ts';

export interface Total {
  sessions: number;
  seconds: number;
  /** Days since the epoch. */
  firstDay: number;
  lastDay: number;
}

/** Of 32 bits; as a first day: none yet. */
const MOST = 0xffff_ffff;

/** Totals by number, as columns: half a million objects to add to would be felt. */
export class Totals {
  /** Totals that were joined to each. */
  private readonly parts: Uint32Array;
  private readonly sessions: Float64Array;
  private readonly seconds: Float64Array;
  private readonly firstDay: Uint32Array;
  private readonly lastDay: Uint32Array;

  constructor(length: number) {
    this.parts = new Uint32Array(length);
    this.sessions = new Float64Array(length);
    this.seconds = new Float64Array(length);
    this.firstDay = new Uint32Array(length).fill(MOST);
    this.lastDay = new Uint32Array(length);
  }

  add(k: number, sessions: number, seconds: number, firstDay: number, lastDay: number): void {
    this.sessions[k]! += sessions;
    this.seconds[k]! += seconds;
    if (firstDay < this.firstDay[k]!) this.firstDay[k] = firstDay;
    if (lastDay > this.lastDay[k]!) this.lastDay[k] = lastDay;
  }

  /** Adds one of others to one of these, unless nothing is in it. */
  join(k: number, others: Totals, other: number): void {
    if (others.firstDay[other] === MOST) return;
    this.parts[k]!++;
    const { sessions, seconds, firstDay, lastDay } = others;
    this.add(k, sessions[other]!, seconds[other]!, firstDay[other]!, lastDay[other]!);
  }

  /** A row for each with anything in it: most sessions first, then most time, then as they are numbered. */
  rows<Row>(make: (k: number, total: Total, parts: number) => Row): Row[] {
    const order = this.ranked();
    const rows = new Array<Row>(order.length);
    for (let place = 0; place < order.length; place++) {
      const k = order[place]!;
      const total = {
        sessions: this.sessions[k]!,
        seconds: this.seconds[k]!,
        firstDay: this.firstDay[k]!,
        lastDay: this.lastDay[k]!,
      };
      rows[place] = make(k, total, this.parts[k]!);
    }
    return rows;
  }

  private ranked(): Uint32Array {
    const places = new Uint32Array(this.parts.length);
    let count = 0;
    for (let k = 0; k < places.length; k++) if (this.firstDay[k] !== MOST) places[count++] = k;
    const order = places.subarray(0, count);
    const key = new Uint32Array(places.length);
    for (const column of [this.seconds, this.sessions]) {
      for (let k = 0; k < key.length; k++) key[k] = MOST - Math.min(MOST, column[k]!);
      orderBy(order, key);
    }
    return order;
  }
}

/** A set of whole numbers below a bound. */
export class Bits {
  private readonly words: Uint32Array;

  constructor(bound: number) {
    this.words = new Uint32Array(Math.ceil(bound / 32));
  }

  /** Gives whether it is new. */
  add(number: number): boolean {
    const word = Math.floor(number / 32);
    const bit = 1 << (number % 32);
    const isNew = (this.words[word]! & bit) === 0;
    this.words[word]! |= bit;
    return isNew;
  }
}
