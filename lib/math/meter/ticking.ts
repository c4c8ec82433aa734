import { TICK_SECONDS } from '../ewma.ts';
import { ExactSums } from '../exact/exact-sums.ts';
import type { Rows } from '../rows.ts';
import { addLate, closeAll, closed, remaining } from './three-rates.ts';

/** Columns: when the meter began, */
const START = 0;
/** the number of its first tick, */
const FIRST = 1;
/** and what was marked in it, once it is closed; */
const FIRST_AMOUNT = 2;
/** the number of the tick that is open, */
const TICK = 3;
/** and what was marked in it so far; */
const AMOUNT = 4;
/** the ticks before it, averaged over 1, 5 and 15 minutes as if nothing had been before the first. */
const AVERAGES = 5;
/** How many numbers all this takes. */
const COLUMNS = 8;

/** In a state: the columns up to the tick, from when and until when that is open, and the other columns. */
const STATE_NUMBERS = COLUMNS + 2;
const STATE_FROM = TICK + 1;

/** From tick to tick, milliseconds. V8 takes a constant of this module for its number, but fetches an imported one. */
const TICK_MS = TICK_SECONDS * 1000;

/** Rates are per second. */
export interface Rates {
  /** the sum of all marks */
  count: number;
  mean_rate: number;
  m1_rate: number;
  m5_rate: number;
  m15_rate: number;
}

/** When meters begin and tick, in milliseconds. */
export interface Ticks {
  readonly start: number;
  readonly firstTick: number;
}

/** Everything that a meter knows of its marks. */
export interface TickingState {
  /** see `ExactSums.state` */
  readonly count: readonly number[];
  /** see STATE_NUMBERS; none if it has not begun */
  readonly numbers: readonly number[];
}

/**
 * What meters keep in their rows: counts, and rates that tick as time passes. See `Meters`.
 *
 * A mark belongs to the tick of its own time. If that is closed, the mark enters the averages with the weight that
 * its age leaves it, so they are sums over all marks and do not depend on their order. What a first tick has more than
 * others (it sets a rate instead of moving it) is added when rates are read: that needs its number and amount, and as
 * both are known of every part, the states of parts add up to that of the whole.
 */
export class Ticking {
  private readonly rows: Rows;
  private readonly column: number;
  private readonly counts: ExactSums;
  private readonly ticks: Ticks | undefined;
  /** When the tick of the number 0 begins, milliseconds. */
  private readonly zero: number;
  /** Amount and time of a mark: as parameters V8 would put them on the heap. */
  private readonly given = new Float64Array(2);
  /** Averages of late ticks, while they are taken. */
  private readonly late = new Float64Array(3);

  /** @param ticks undefined: meters begin with their earliest mark, and tick at multiples of 5 s of the epoch */
  constructor(rows: Rows, ticks?: Ticks) {
    this.rows = rows;
    this.counts = new ExactSums(rows);
    this.column = rows.reserve(COLUMNS);
    this.ticks = ticks;
    this.zero = ticks === undefined ? 0 : ticks.firstTick - TICK_MS;
  }

  /** A meter in a row of zeros. */
  begin(i: number): void {
    const m = this.at(i);
    const a = this.rows.numbers;
    a.fill(0, m, m + COLUMNS);
    a[m + START] = this.ticks?.start ?? Infinity;
    // of no tick any is the first
    a[m + FIRST] = this.ticks === undefined ? NaN : 0;
    this.counts.load(i, []);
  }

  count(i: number): number {
    return this.counts.value(i);
  }

  /** Takes marks from..to-1 of a list, each of 1 where amounts are undefined; see `Meters.markAll`. */
  countAll(
    indices: Uint32Array,
    amounts: Float64Array | undefined,
    times: Float64Array,
    from: number,
    to: number,
  ): number {
    const a = this.rows.numbers;
    const { zero } = this;
    for (let k = from; k < to; k++) {
      const n = amounts === undefined ? 1 : amounts[k]!;
      const t = times[k]!;
      if (n - n + (t - t) !== 0) return k;
      const i = indices[k]!;
      const m = this.at(i);
      const open = a[m + TICK]! * TICK_MS + zero;
      // before anything is marked, the start is infinite
      if (t >= open && t < open + TICK_MS && t >= a[m + START]!) a[m + AMOUNT] = a[m + AMOUNT]! + n;
      else {
        this.given[0] = n;
        this.given[1] = t;
        this.markOther(m);
      }
      this.counts.add(i, n);
    }
    return to;
  }

  /**
   * Takes marks that were counted by tick, of a meter that ticks with the epoch.
   * @param ticks their numbers, ascending; with `marks` the first `count` of longer arrays
   */
  takeTicks(i: number, ticks: Int32Array, marks: Uint32Array, count: number): void {
    const a = this.rows.numbers;
    const m = this.at(i);
    let total = 0;
    for (let k = 0; k < count; k++) total += marks[k]!;
    // integers, whose sum is exact
    this.counts.add(i, total);
    let k = 0;
    if (count > 0 && Number.isNaN(a[m + FIRST]!)) this.markTick(m, marks[k]!, ticks[k++]!);
    const late = k;
    while (k < count && ticks[k]! < a[m + TICK]!) k++;
    if (k > late) this.takeLate(m, ticks, marks, late, k);
    if (k < count && ticks[k] === a[m + TICK]) a[m + AMOUNT] = a[m + AMOUNT]! + marks[k++]!;
    if (k < count) this.closeUpTo(m, ticks, marks, k, count);
  }

  /** Takes ticks from..to-1 of a list, all closed: averaged by themselves, and aged once for all of them. */
  private takeLate(m: number, ticks: Int32Array, marks: Uint32Array, from: number, to: number): void {
    const a = this.rows.numbers;
    const { late } = this;
    late.fill(0);
    this.countFirst(m, ticks[from]!, marks[from]!);
    for (let k = from; k < to; k++) {
      const next = k + 1 < to ? ticks[k + 1]! : a[m + TICK]!;
      closeAll(late, 0, marks[k]! / TICK_SECONDS, next - ticks[k]! - 1);
    }
    for (let which = 0; which < late.length; which++) {
      const at = m + AVERAGES + which;
      a[at] = a[at]! + late[which]!;
    }
  }

  /** Takes ticks from..to-1 of a list, all behind the open one, as `markTick` would. */
  private closeUpTo(m: number, ticks: Int32Array, marks: Uint32Array, from: number, to: number): void {
    const a = this.rows.numbers;
    let open = a[m + TICK]!;
    let amount = a[m + AMOUNT]!;
    if (open === a[m + FIRST]!) a[m + FIRST_AMOUNT] = amount;
    for (let k = from; k < to; k++) {
      const tick = ticks[k]!;
      closeAll(a, m + AVERAGES, amount / TICK_SECONDS, tick - open - 1);
      open = tick;
      amount = marks[k]!;
    }
    a[m + AMOUNT] = amount;
    a[m + TICK] = open;
  }

  /** Some mark came at that time. */
  startNoLater(i: number, t: number): void {
    const m = this.at(i);
    if (t < this.rows.numbers[m + START]!) this.startAt(m, t);
  }

  /** The rates at a finite time, after the ticks until then. */
  ratesAt(i: number, t: number): Rates {
    const a = this.rows.numbers;
    const m = this.at(i);
    const count = this.counts.value(i);
    const elapsed = (t - a[m + START]!) / 1000;
    return {
      count,
      mean_rate: elapsed > 0 ? count / elapsed : 0,
      m1_rate: this.rate(m, 0, t),
      m5_rate: this.rate(m, 1, t),
      m15_rate: this.rate(m, 2, t),
    };
  }

  state(i: number): TickingState {
    const m = this.at(i);
    // the times of marks may be known before their ticks
    const begun = !Number.isNaN(this.rows.numbers[m + FIRST]!) || this.rows.numbers[m + START]! < Infinity;
    return { count: this.counts.state(i), numbers: begun ? this.stateNumbers(m) : [] };
  }

  private stateNumbers(m: number): number[] {
    const numbers = Array.from(this.rows.numbers.subarray(m, m + COLUMNS));
    const open = this.openOf(numbers[TICK]!);
    const isKnown = !Number.isNaN(numbers[FIRST]!);
    // all that is before the first tick is of the tick 0
    const isZero = this.ticks !== undefined && numbers[TICK] === 0;
    const from = isZero ? -Infinity : isKnown ? Math.max(open, numbers[START]!) : numbers[START]!;
    const until = isKnown ? open + TICK_MS : -Infinity;
    numbers.splice(STATE_FROM, 0, from, until);
    return numbers;
  }

  /** @throws RangeError, with nothing changed, if the state is none of a meter */
  load(i: number, { count, numbers }: TickingState): void {
    if (numbers.length !== STATE_NUMBERS && numbers.length !== 0) throw new RangeError('no state of a meter');
    this.begin(i);
    this.rows.numbers.set(columnsOf(numbers), this.at(i));
    this.counts.load(i, count);
  }

  /** Adds the marks of another meter with the same ticks. */
  merge(i: number, { count, numbers }: TickingState): void {
    if (numbers.length === 0) return;
    const b = columnsOf(numbers);
    for (const part of count) this.counts.add(i, part);
    const a = this.rows.numbers;
    const m = this.at(i);
    if (Number.isNaN(b[FIRST]!)) {
      this.startNoLater(i, b[START]!);
      return;
    }
    if (Number.isNaN(a[m + FIRST]!)) {
      const start = a[m + START]!;
      a.set(b, m);
      if (start < b[START]!) this.startAt(m, start);
      return;
    }
    if (b[START]! < a[m + START]!) this.startAt(m, b[START]!);
    if (b[TICK]! > a[m + TICK]!) this.advance(m, b[TICK]!);
    const closed = a[m + TICK]! > b[FIRST]!;
    const amount = b[TICK]! > b[FIRST]! ? b[FIRST_AMOUNT]! : b[AMOUNT]!;
    if (closed) this.countFirst(m, b[FIRST]!, amount);
    const idle = a[m + TICK]! - b[TICK]!;
    if (idle === 0) a[m + AMOUNT] = a[m + AMOUNT]! + b[AMOUNT]!;
    else addLate(a, m + AVERAGES, b[AMOUNT]! / TICK_SECONDS, idle - 1);
    for (const which of [0, 1, 2] as const) {
      const at = m + AVERAGES + which;
      a[at] = a[at]! + b[AVERAGES + which]! * remaining(which, idle);
    }
  }

  private at(i: number): number {
    return Math.imul(i, this.rows.width) + this.column;
  }

  private rate(m: number, which: 0 | 1 | 2, t: number): number {
    const a = this.rows.numbers;
    const open = a[m + TICK]!;
    const first = a[m + FIRST]!;
    const tick = t < this.openOf(open) + TICK_MS ? open : this.tickOf(t);
    if (!(tick > first)) return 0;
    let average = a[m + AVERAGES + which]!;
    if (tick > open) average = closed(which, average, a[m + AMOUNT]! / TICK_SECONDS, tick - open - 1);
    const amount = open > first ? a[m + FIRST_AMOUNT]! : a[m + AMOUNT]!;
    return finite(average + (remaining(which, tick - first) * amount) / TICK_SECONDS);
  }

  /** When a tick begins. */
  private openOf(tick: number): number {
    return tick * TICK_MS + this.zero;
  }

  /** The number of the tick that a time is in. */
  private tickOf(t: number): number {
    if (this.ticks === undefined) return Math.floor(t / TICK_MS);
    return Math.max(0, Math.floor((t - this.ticks.firstTick) / TICK_MS) + 1);
  }

  /** A mark, which is given, outside of the open tick. */
  private markOther(m: number): void {
    const a = this.rows.numbers;
    const n = this.given[0]!;
    const t = this.given[1]!;
    const tick = this.tickOf(t);
    if (Number.isNaN(a[m + FIRST]!)) {
      a[m + FIRST] = tick;
      a[m + TICK] = tick;
    }
    if (t < a[m + START]!) this.startAt(m, t);
    this.markTick(m, n, tick);
  }

  private markTick(m: number, n: number, tick: number): void {
    const a = this.rows.numbers;
    if (Number.isNaN(a[m + FIRST]!)) {
      a[m + FIRST] = tick;
      a[m + TICK] = tick;
    }
    if (tick > a[m + TICK]!) this.advance(m, tick);
    if (tick === a[m + TICK]!) {
      a[m + AMOUNT] = a[m + AMOUNT]! + n;
      return;
    }
    this.countFirst(m, tick, n);
    addLate(a, m + AVERAGES, n / TICK_SECONDS, a[m + TICK]! - 1 - tick);
  }

  /** Notes what was marked in a closed tick, if it is the first. */
  private countFirst(m: number, tick: number, n: number): void {
    const a = this.rows.numbers;
    const first = a[m + FIRST]!;
    if (tick > first) return;
    a[m + FIRST_AMOUNT] = tick < first ? n : a[m + FIRST_AMOUNT]! + n;
    a[m + FIRST] = tick;
  }

  /** Closes the open tick and all before `tick`, which is a later one. */
  private advance(m: number, tick: number): void {
    const a = this.rows.numbers;
    const open = a[m + TICK]!;
    if (open === a[m + FIRST]!) a[m + FIRST_AMOUNT] = a[m + AMOUNT]!;
    closeAll(a, m + AVERAGES, a[m + AMOUNT]! / TICK_SECONDS, tick - open - 1);
    a[m + AMOUNT] = 0;
    a[m + TICK] = tick;
  }

  /** Notes an earlier start, unless that was given. */
  private startAt(m: number, t: number): void {
    if (this.ticks === undefined) this.rows.numbers[m + START] = t;
  }
}

/** The columns that are in a state. */
function columnsOf(numbers: readonly number[]): number[] {
  return [...numbers.slice(0, STATE_FROM), ...numbers.slice(STATE_FROM + STATE_NUMBERS - COLUMNS)];
}

/** Beyond the range of doubles, the largest; where two infinities met, 0. */
function finite(x: number): number {
  return Number.isNaN(x) ? 0 : Math.min(Math.max(x, -Number.MAX_VALUE), Number.MAX_VALUE);
}
