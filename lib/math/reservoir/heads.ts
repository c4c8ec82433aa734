import { uniform } from '../random.ts';
import type { Rows } from '../rows.ts';

/*
 * The columns, of which only this file knows: V8 takes a constant that does not leave its module for the number that it
 * is, but fetches an exported one from memory every time.
 */

/** Eight numbers, which with the entries are the state of a reservoir: updates so far, */
const COUNT = 0;
/** the last value of `newest`, the candidate of `priority`, */
const LAST = 1;
/** its time, */
const LAST_TIME = 2;
/** and its random number, or HOPELESS, or ENTERED; */
const LAST_RANDOM = 3;
/** a candidate must come before this entry: its order, */
const BAR = 4;
/** and its value; while all values are equal: that value; */
const BAR_VALUE = 5;
/** a random number from LIMIT on, at any time up to LIMIT_TIME, cannot come before the bar; */
const LIMIT = 6;
/** while equal values are being forgotten: the time of the first. */
const LIMIT_TIME = 7;
/** How many numbers of a state come before the entries. */
export const STATE = 8;

/** Then words: the key of the random numbers, how many entries there are, and in which form. */
const KEY_0 = 16;
const KEY_1 = 17;
const ENTRIES = 18;
const FORM = 19;
/** How many numbers all this takes; behind them are the columns of the list of entries. */
export const HEAD = 10;

/** The last value is known to leave with the next update, so its priority does not matter. */
const HOPELESS = 2;
/** The last value stands among the entries already. */
const ENTERED = 3;

/** Forms of the entries: none, for values that are all equal; their order, for such; order and value. */
const FORGETTING = 0;
const ORDERS = 1;
const PAIRS = 2;
export const forms = { FORGETTING, ORDERS, PAIRS } as const;

/** A limit serves this much growth of a priority: it lets 1.6 % too many through, and costs an exponential so often. */
const HEADROOM = 1 / 64;

/** What reservoirs keep in their rows beside their entries, and the small steps on it. All take the place of a head. */
export class Heads {
  private readonly rows: Rows;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  /** An empty reservoir, in a row of zeros. */
  begin(head: number, k0: number, k1: number, form: number): void {
    const { numbers, words } = this.rows;
    words[2 * head + KEY_0] = k0;
    words[2 * head + KEY_1] = k1;
    words[2 * head + FORM] = form;
    numbers[head + LAST_RANDOM] = ENTERED;
  }

  /** The numbers of a state that come before the entries: a view. */
  state(head: number): Float64Array {
    return this.rows.numbers.subarray(head, head + STATE);
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

  form(head: number): number {
    return this.rows.words[2 * head + FORM]!;
  }

  setForm(head: number, form: number): void {
    this.rows.words[2 * head + FORM] = form;
  }

  isForgetting(head: number): boolean {
    return this.rows.words[2 * head + FORM] === FORGETTING;
  }

  isMixed(head: number): boolean {
    return this.rows.words[2 * head + FORM] === PAIRS;
  }

  /** The value that all have, unless entries are mixed. */
  common(head: number): number {
    return this.rows.numbers[head + BAR_VALUE]!;
  }

  setCommon(head: number, value: number): void {
    this.rows.numbers[head + BAR_VALUE] = value;
  }

  /**
   * Counts values from..to-1 of a list as long as they are forgotten: a short loop that calls nothing, since most
   * counters only ever see the same amount.
   * @param column of the heads
   * @returns the first that is not, or `to`
   */
  forgetAll(
    column: number,
    indices: Uint32Array,
    values: Float64Array,
    times: Float64Array,
    from: number,
    to: number,
  ): number {
    const { numbers, width, words } = this.rows;
    for (let k = from; k < to; k++) {
      const value = values[k]!;
      const t = times[k]!;
      const head = Math.imul(indices[k]!, width) + column;
      if (value - value + (t - t) !== 0 || words[2 * head + FORM] !== FORGETTING) return k;
      if (!forget(numbers, head, value, t)) return k;
    }
    return to;
  }

  /** When the first and the last of the values came that are forgotten. */
  span(head: number): readonly [first: number, last: number] {
    const a = this.rows.numbers;
    return [a[head + LIMIT_TIME]!, a[head + LAST_TIME]!];
  }

  /** The random number of the next update. */
  random(head: number): number {
    const { numbers, words } = this.rows;
    return uniform(words[2 * head + KEY_0]!, words[2 * head + KEY_1]!, numbers[head + COUNT]!);
  }

  /** Whether a value with the random number u cannot come before the bar. That it can is not said. */
  isHopeless(head: number, u: number, t: number): boolean {
    const a = this.rows.numbers;
    return u >= a[head + LIMIT]! && t <= a[head + LIMIT_TIME]!;
  }

  /** Notes the last value, with its random number unless that is of no use. */
  note(head: number, value: number, t: number, u: number, hopeless: boolean): void {
    const a = this.rows.numbers;
    a[head + LAST] = value;
    a[head + LAST_TIME] = t;
    a[head + LAST_RANDOM] = hopeless ? HOPELESS : u;
  }

  last(head: number): number {
    return this.rows.numbers[head + LAST]!;
  }

  /** The order of the last value: ascending orders are descending priorities. */
  lastOrder(head: number, alpha: number): number {
    const a = this.rows.numbers;
    const u = a[head + LAST_RANDOM]!;
    return u === HOPELESS ? Infinity : Math.log(u) - alpha * a[head + LAST_TIME]!;
  }

  /** Whether the last value has yet to be offered to the entries. */
  isPending(head: number): boolean {
    return this.rows.numbers[head + LAST_RANDOM]! < HOPELESS;
  }

  /** Whether the last value stands among the entries. */
  isEntered(head: number): boolean {
    return this.rows.numbers[head + LAST_RANDOM] === ENTERED;
  }

  setEntered(head: number): void {
    this.rows.numbers[head + LAST_RANDOM] = ENTERED;
  }

  /** Whether there is a bar, and an entry would be behind it. */
  isBarred(head: number, order: number, value: number): boolean {
    const a = this.rows.numbers;
    const bar = a[head + BAR]!;
    const behind = order > bar || (order === bar && value >= a[head + BAR_VALUE]!);
    return behind && a[head + LIMIT]! < Infinity;
  }

  /** A new bar, with a limit that refuses nothing until `raiseLimit` finds a better one. */
  setBar(head: number, order: number): void {
    const a = this.rows.numbers;
    a[head + BAR] = order;
    a[head + LIMIT] = Number.MAX_VALUE;
    a[head + LIMIT_TIME] = -Infinity;
  }

  /** No limit: every value is a candidate, or with `none`, none is. */
  liftLimit(head: number, none: boolean): void {
    const a = this.rows.numbers;
    a[head + LIMIT] = none ? 0 : Infinity;
    a[head + LIMIT_TIME] = none ? Infinity : -Infinity;
  }

  /** Finds which random numbers cannot come before the bar, from the time of the last value on for a while. */
  raiseLimit(head: number, alpha: number): void {
    const a = this.rows.numbers;
    const t = a[head + LAST_TIME]!;
    if (t <= a[head + LIMIT_TIME]!) return;
    const until = alpha === 0 ? Number.MAX_VALUE : t + HEADROOM / alpha;
    const growth = alpha * until;
    // The margin is wider than the rounding of an order, so the limit never refuses what the bar would let pass.
    const limit = Math.exp(a[head + BAR]! + growth + 1e-9 + 1e-15 * Math.abs(growth));
    a[head + LIMIT] = Math.min(limit, Number.MAX_VALUE);
    a[head + LIMIT_TIME] = until;
  }
}

/** Counts a value that equals all before it, or changes nothing and says false. */
function forget(a: Float64Array, head: number, value: number, t: number): boolean {
  const count = a[head + COUNT]!;
  if (count === 0) {
    a[head + BAR_VALUE] = value + 0;
    a[head + LAST_TIME] = t;
    a[head + LIMIT_TIME] = t;
  } else if (value !== a[head + BAR_VALUE]) {
    return false;
  }
  a[head + COUNT] = count + 1;
  if (t > a[head + LAST_TIME]!) a[head + LAST_TIME] = t;
  else if (t < a[head + LIMIT_TIME]!) a[head + LIMIT_TIME] = t;
  return true;
}
