import { Rows } from '../rows.ts';

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
/** while all entries have one value: that value; then that of the threshold. */
const COMMON = 4;

/** Then words: how many entries there are and in which form, */
const ENTRIES = 10;
/** and the row of the bar, 1 for the first, 0 before there is one. */
const BAR = 11;
/** How many numbers all this takes; behind them are the columns of the list of entries. */
export const HEAD = 6;

/** Of a bar: a candidate must come before an entry of this order; */
const THRESHOLD = 0;
/** a random number from LIMIT on, at any time up to LIMIT_TIME, cannot come before it. */
const LIMIT = 1;
const LIMIT_TIME = 2;

/** Forms of the entries, in the lowest bit: their order, for values that are all equal; order and value. */
const PAIRS = 1;

/** A limit serves this much growth of a priority: it lets 1.6 % too many through, and costs an exponential so often. */
const HEADROOM = 1 / 64;

/**
 * What reservoirs keep in their rows beside their entries, and the small steps on it. All take the place of a head. Most
 * series of many never have more values than stay, so what the others must come before stands in rows of its own.
 */
export class Heads {
  private readonly rows: Rows;
  private readonly bars = new Rows();
  /** Whether nothing ever is an entry. */
  private readonly none: boolean;

  constructor(rows: Rows, none: boolean) {
    this.rows = rows;
    this.none = none;
    this.bars.reserve(LIMIT_TIME + 1);
  }

  /** An empty reservoir. */
  begin(head: number): void {
    const { numbers, words } = this.rows;
    const bar = words[2 * head + BAR]!;
    numbers.fill(0, head, head + HEAD);
    words[2 * head + BAR] = bar;
    if (bar !== 0) this.bars.numbers[this.barOf(head) + LIMIT] = Infinity;
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
    return this.rows.words[2 * head + ENTRIES]! >>> 1;
  }

  setEntries(head: number, n: number): void {
    const { words } = this.rows;
    words[2 * head + ENTRIES] = 2 * n + (words[2 * head + ENTRIES]! & 1);
  }

  isMixed(head: number): boolean {
    return (this.rows.words[2 * head + ENTRIES]! & 1) === PAIRS;
  }

  setMixed(head: number): void {
    this.rows.words[2 * head + ENTRIES]! |= PAIRS;
  }

  /** The value that all entries have, unless they are mixed. */
  common(head: number): number {
    return this.rows.numbers[head + COMMON]!;
  }

  setCommon(head: number, value: number): void {
    this.rows.numbers[head + COMMON] = value;
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
    const bar = this.barOf(head);
    if (bar < 0) return this.none;
    const a = this.bars.numbers;
    return u >= a[bar + LIMIT]! && t <= a[bar + LIMIT_TIME]!;
  }

  /** Whether there is a threshold, and an entry would be behind it. */
  isBehind(head: number, order: number, value: number): boolean {
    const bar = this.barOf(head);
    if (bar < 0) return false;
    const a = this.bars.numbers;
    const threshold = a[bar + THRESHOLD]!;
    const behind = order > threshold || (order === threshold && value >= this.common(head));
    return behind && a[bar + LIMIT]! < Infinity;
  }

  /** An entry of a greater order would be behind it; Infinity if there is none. */
  threshold(head: number): number {
    const bar = this.barOf(head);
    if (bar < 0) return Infinity;
    const a = this.bars.numbers;
    return a[bar + LIMIT]! < Infinity ? a[bar + THRESHOLD]! : Infinity;
  }

  /** A new threshold, with a limit that refuses nothing until `raiseLimit` finds a better one. */
  setThreshold(head: number, order: number): void {
    const { bars, rows } = this;
    if (this.barOf(head) < 0) {
      bars.next();
      rows.words[2 * head + BAR] = bars.add() + 1;
    }
    const bar = this.barOf(head);
    const a = bars.numbers;
    a[bar + THRESHOLD] = order;
    a[bar + LIMIT] = Number.MAX_VALUE;
    a[bar + LIMIT_TIME] = -Infinity;
  }

  /** Finds which random numbers cannot come before the threshold, from a time on for a while. */
  raiseLimit(head: number, t: number, alpha: number): void {
    const a = this.bars.numbers;
    const bar = this.barOf(head);
    if (t <= a[bar + LIMIT_TIME]!) return;
    const until = alpha === 0 ? Number.MAX_VALUE : t + HEADROOM / alpha;
    const growth = alpha * until;
    // The margin is wider than the rounding of an order, so the limit never refuses what the threshold would let pass.
    const limit = Math.exp(a[bar + THRESHOLD]! + growth + 1e-9 + 1e-15 * Math.abs(growth));
    a[bar + LIMIT] = Math.min(limit, Number.MAX_VALUE);
    a[bar + LIMIT_TIME] = until;
  }

  /** Where its bar stands, negative if it has none. */
  private barOf(head: number): number {
    const { bars, rows } = this;
    return (rows.words[2 * head + BAR]! - 1) * bars.width;
  }
}
