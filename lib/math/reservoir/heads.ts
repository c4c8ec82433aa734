import type { Rows } from '../rows.ts';

/*
 * The columns, of which only this file knows: V8 takes a constant that does not leave its module for the number that it
 * is, but fetches an exported one from memory every time.
 */

/** Updates so far; */
const COUNT = 0;
/** with `newest` the newest value, */
const NEWEST = 1;
/** its time, */
const NEWEST_TIME = 2;
/** and its random number, which is never 0: then there is none; */
const NEWEST_RANDOM = 3;
/** a candidate must come before this entry: its order, */
const THRESHOLD = 4;
/** and its value; while all entries have one value: that value; */
const THRESHOLD_VALUE = 5;
/** a random number from LIMIT on, at any time up to LIMIT_TIME, cannot come before the threshold. */
const LIMIT = 6;
const LIMIT_TIME = 7;

/** Then words: how many entries there are, and in which form. */
const ENTRIES = 16;
const FORM = 17;
/** How many numbers all this takes; behind them are the columns of the list of entries. */
export const HEAD = 9;

/** Forms of the entries: their order, for values that are all equal; order and value. */
const ORDERS = 0;
const PAIRS = 1;

/** A limit serves this much growth of a priority: it lets 1.6 % too many through, and costs an exponential so often. */
const HEADROOM = 1 / 64;

/** What reservoirs keep in their rows beside their entries, and the small steps on it. All take the place of a head. */
export class Heads {
  private readonly rows: Rows;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  /** An empty reservoir. `none`: it never has entries. */
  begin(head: number, none: boolean): void {
    const { numbers, words } = this.rows;
    numbers.fill(0, head, head + HEAD);
    words[2 * head + FORM] = ORDERS;
    numbers[head + LIMIT] = none ? 0 : Infinity;
    numbers[head + LIMIT_TIME] = none ? Infinity : -Infinity;
  }

  /** Updates so far. */
  count(head: number): number {
    return this.rows.numbers[head + COUNT]!;
  }

  countUp(head: number, by: number): void {
    this.rows.numbers[head + COUNT]! += by;
  }

  /** How many entries there are. */
  entries(head: number): number {
    return this.rows.words[2 * head + ENTRIES]!;
  }

  setEntries(head: number, n: number): void {
    this.rows.words[2 * head + ENTRIES] = n;
  }

  isMixed(head: number): boolean {
    return this.rows.words[2 * head + FORM] === PAIRS;
  }

  setMixed(head: number): void {
    this.rows.words[2 * head + FORM] = PAIRS;
  }

  /** The value that all entries have, unless they are mixed. */
  common(head: number): number {
    return this.rows.numbers[head + THRESHOLD_VALUE]!;
  }

  setCommon(head: number, value: number): void {
    this.rows.numbers[head + THRESHOLD_VALUE] = value;
  }

  hasNewest(head: number): boolean {
    return this.rows.numbers[head + NEWEST_RANDOM] !== 0;
  }

  newest(head: number): number {
    return this.rows.numbers[head + NEWEST]!;
  }

  newestTime(head: number): number {
    return this.rows.numbers[head + NEWEST_TIME]!;
  }

  newestRandom(head: number): number {
    return this.rows.numbers[head + NEWEST_RANDOM]!;
  }

  /**
   * Whether a value takes the place of the newest: of equal times the greater random number decides, and then the
   * greater value, so that it does not matter which came first.
   */
  isNewer(head: number, value: number, t: number, u: number): boolean {
    const a = this.rows.numbers;
    const time = a[head + NEWEST_TIME]!;
    if (t !== time) return t > time;
    const random = a[head + NEWEST_RANDOM]!;
    return u > random || (u === random && value > a[head + NEWEST]!);
  }

  setNewest(head: number, value: number, t: number, u: number): void {
    const a = this.rows.numbers;
    a[head + NEWEST] = value;
    a[head + NEWEST_TIME] = t;
    a[head + NEWEST_RANDOM] = u;
  }

  /** Whether a value with the random number u cannot come before the threshold. That it can is not said. */
  isHopeless(head: number, u: number, t: number): boolean {
    const a = this.rows.numbers;
    return u >= a[head + LIMIT]! && t <= a[head + LIMIT_TIME]!;
  }

  /** Whether there is a threshold, and an entry would be behind it. */
  isBehind(head: number, order: number, value: number): boolean {
    const a = this.rows.numbers;
    const threshold = a[head + THRESHOLD]!;
    const behind = order > threshold || (order === threshold && value >= a[head + THRESHOLD_VALUE]!);
    return behind && a[head + LIMIT]! < Infinity;
  }

  /** A new threshold, with a limit that refuses nothing until `raiseLimit` finds a better one. */
  setThreshold(head: number, order: number): void {
    const a = this.rows.numbers;
    a[head + THRESHOLD] = order;
    a[head + LIMIT] = Number.MAX_VALUE;
    a[head + LIMIT_TIME] = -Infinity;
  }

  /** Finds which random numbers cannot come before the threshold, from a time on for a while. */
  raiseLimit(head: number, t: number, alpha: number): void {
    const a = this.rows.numbers;
    if (t <= a[head + LIMIT_TIME]!) return;
    const until = alpha === 0 ? Number.MAX_VALUE : t + HEADROOM / alpha;
    const growth = alpha * until;
    // The margin is wider than the rounding of an order, so the limit never refuses what the threshold would let pass.
    const limit = Math.exp(a[head + THRESHOLD]! + growth + 1e-9 + 1e-15 * Math.abs(growth));
    a[head + LIMIT] = Math.min(limit, Number.MAX_VALUE);
    a[head + LIMIT_TIME] = until;
  }
}
