import type { Cells } from './snapshot.ts';

const DAY_MS = 86_400_000;
/** Cells that a page holds at once; beyond it the past becomes coarser. */
const MOST_CELLS = 3_000_000;
/** Days that are never put together. */
const FINE_DAYS = 92;
/** Pairs that keep a row of their own where weeks and months were not enough. */
const MOST_PAIRS = 50_000;

/** What was left out, so that totals stay whole. */
export interface Remainder {
  pairs: number;
  sessions: number;
  seconds: number;
}

/** By pair and day: sessions and their seconds. Filled in any order, read in ascending order. */
export class CellTable {
  private readonly places = new Map<number, number>();
  private pair = new Uint32Array(1024);
  private day = new Uint32Array(1024);
  private sessions = new Uint32Array(1024);
  private seconds = new Float64Array(1024);

  get size(): number {
    return this.places.size;
  }

  /** @param start milliseconds since the epoch */
  add(pair: number, start: number, seconds: number): void {
    this.addDay(pair, Math.max(0, Math.floor(start / DAY_MS)), 1, seconds);
  }

  private addDay(pair: number, day: number, sessions: number, seconds: number): void {
    // days fit in 22 bits up to the year 9999, so both fit in a double
    const key = pair * 2 ** 22 + day;
    let place = this.places.get(key);
    if (place === undefined) {
      place = this.places.size;
      if (place === this.pair.length) this.grow();
      this.places.set(key, place);
      this.pair[place] = pair;
      this.day[place] = day;
    }
    this.sessions[place]! += sessions;
    this.seconds[place]! += seconds;
  }

  /** At most `most` cells, and what they leave out. */
  cells(most = MOST_CELLS): { readonly cells: Cells; readonly remainder: Remainder } {
    const none: Remainder = { pairs: 0, sessions: 0, seconds: 0 };
    if (this.size <= most) return { cells: this.ordered(), remainder: none };
    const newest = this.day.subarray(0, this.size).reduce((last, day) => Math.max(last, day), 0);
    for (const begin of [weekOf, monthOf]) {
      const coarse = this.coarser(newest - FINE_DAYS, begin);
      if (coarse.size <= most) return { cells: coarse.ordered(), remainder: none };
    }
    const { kept, remainder } = this.coarser(newest - FINE_DAYS, monthOf).withoutSmallest(MOST_PAIRS);
    return { cells: kept.ordered(), remainder };
  }

  /** Days before one of them put together by what they begin. */
  private coarser(before: number, begin: (day: number) => number): CellTable {
    const table = new CellTable();
    this.each((pair, day, sessions, seconds) =>
      table.addDay(pair, day < before ? begin(day) : day, sessions, seconds),
    );
    return table;
  }

  private withoutSmallest(most: number): { kept: CellTable; remainder: Remainder } {
    const totals = new Map<number, number>();
    this.each((pair, _, sessions) => totals.set(pair, (totals.get(pair) ?? 0) + sessions));
    const largest = [...totals].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most);
    const wanted = new Set(largest.map(([pair]) => pair));
    const kept = new CellTable();
    const remainder = { pairs: totals.size - wanted.size, sessions: 0, seconds: 0 };
    this.each((pair, day, sessions, seconds) => {
      if (wanted.has(pair)) kept.addDay(pair, day, sessions, seconds);
      else {
        remainder.sessions += sessions;
        remainder.seconds += seconds;
      }
    });
    return { kept, remainder };
  }

  private each(take: (pair: number, day: number, sessions: number, seconds: number) => void): void {
    for (let k = 0; k < this.size; k++) {
      take(this.pair[k]!, this.day[k]!, this.sessions[k]!, this.seconds[k]!);
    }
  }

  /** Whole seconds: what rounding takes from one day of a pair, it gives to the next. */
  private ordered(): Cells {
    const order = [...this.places].sort((a, b) => a[0] - b[0]).map(([, place]) => place);
    const seconds = new Uint32Array(order.length);
    let carried = 0;
    let last = -1;
    order.forEach((place, k) => {
      if (this.pair[place] !== last) carried = 0;
      last = this.pair[place]!;
      const exact = this.seconds[place]! + carried;
      const whole = Math.min(0xffffffff, Math.max(0, Math.round(exact)));
      seconds[k] = whole;
      carried = exact - whole;
    });
    const column = (from: Uint32Array): Uint32Array => Uint32Array.from(order, (place) => from[place]!);
    return { pair: column(this.pair), day: column(this.day), sessions: column(this.sessions), seconds };
  }

  private grow(): void {
    this.pair = wider(this.pair);
    this.day = wider(this.day);
    this.sessions = wider(this.sessions);
    this.seconds = wider(this.seconds);
  }
}

function wider<A extends Uint32Array | Float64Array>(old: A): A {
  const made = new (old.constructor as new (length: number) => A)(2 * old.length);
  made.set(old);
  return made;
}

/** The Monday on or before a day; 1 January 1970 was a Thursday. */
const weekOf = (day: number): number => day - ((day + 3) % 7);

function monthOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return Math.floor(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS);
}
