import { TICK_SECONDS } from '../ewma.ts';
import type { Rows } from '../rows.ts';
import { ThreeRates } from './three-rates.ts';

/** Columns, which are the state of a meter: the sum of all marks, */
const COUNT = 0;
/** when the next tick falls, */
const NEXT_TICK = 1;
/** the sum of the marks since the last tick, */
const UNCOUNTED = 2;
/** when the meter began, and when its first tick fell; */
const START = 3;
const FIRST_TICK = 4;
/** rates per second over 1, 5 and 15 minutes, NaN before the first tick. */
const M1 = 5;
const M5 = 6;
const M15 = 7;
/** How many numbers all this takes. */
export const METER = 8;

/** V8 takes a constant of this module for the number that it is, but fetches an imported one every time. */
const TICK = TICK_SECONDS;

/** A time on its way to `advance`: as a parameter V8 would put it on the heap, where it does not inline the callee. */
const NOW = new Float64Array(1);

/** For all meters, because of its table; made with the first. */
let rates: ThreeRates | undefined;

/** Rates are per second. */
export interface Rates {
  /** the sum of all marks */
  count: number;
  mean_rate: number;
  m1_rate: number;
  m5_rate: number;
  m15_rate: number;
}

/** What meters keep in their rows: counts, and rates that tick as time passes. See `Meters`. */
export class Ticking {
  private readonly rows: Rows;
  private readonly column: number;
  private readonly rates: ThreeRates;

  constructor(rows: Rows) {
    rates ??= new ThreeRates();
    this.rates = rates;
    this.rows = rows;
    this.column = rows.reserve(METER);
  }

  /** A meter in a row of zeros. */
  begin(i: number, start: number, firstTick: number): void {
    const state = this.state(i);
    state[START] = start;
    state[FIRST_TICK] = firstTick;
    state[NEXT_TICK] = firstTick;
    state.fill(NaN, M1);
  }

  /** The numbers of a meter's state: a view. */
  state(i: number): Float64Array {
    const m = this.at(i);
    return this.rows.numbers.subarray(m, m + METER);
  }

  count(i: number): number {
    return this.rows.numbers[this.at(i) + COUNT]!;
  }

  /** Takes marks from..to-1 of a list; see `Meters.markAll`. */
  countAll(
    indices: Uint32Array,
    amounts: Float64Array,
    times: Float64Array,
    from: number,
    to: number,
  ): number {
    const a = this.rows.numbers;
    for (let k = from; k < to; k++) {
      const n = amounts[k]!;
      const t = times[k]!;
      const m = this.at(indices[k]!);
      const count = a[m + COUNT]! + n;
      if (count - count + (t - t) !== 0) return k;
      if (t >= a[m + NEXT_TICK]!) {
        NOW[0] = t;
        this.advance(m);
      }
      a[m + COUNT] = count;
      a[m + UNCOUNTED] = a[m + UNCOUNTED]! + n;
    }
    return to;
  }

  /** The rates at a finite time, after the ticks until then. */
  ratesAt(i: number, t: number): Rates {
    const a = this.rows.numbers;
    const m = this.at(i);
    if (t >= a[m + NEXT_TICK]!) {
      NOW[0] = t;
      this.advance(m);
    }
    const elapsed = t - a[m + START]!;
    const ticked = !Number.isNaN(a[m + M1]!);
    return {
      count: a[m + COUNT]!,
      mean_rate: elapsed > 0 ? a[m + COUNT]! / elapsed : 0,
      m1_rate: ticked ? a[m + M1]! : 0,
      m5_rate: ticked ? a[m + M5]! : 0,
      m15_rate: ticked ? a[m + M15]! : 0,
    };
  }

  private at(i: number): number {
    return Math.imul(i, this.rows.width) + this.column;
  }

  /** Ticks up to NOW, which is not before the next tick. */
  private advance(m: number): void {
    const a = this.rows.numbers;
    const next = a[m + NEXT_TICK]!;
    const k = Math.floor((NOW[0]! - next) / TICK) + 1;
    a[m + UNCOUNTED]! /= TICK;
    this.rates.tick(a, m + M1, m + UNCOUNTED, k);
    a[m + UNCOUNTED] = 0;
    // From the first tick each time, so that ticks do not drift by adding up roundings.
    const first = a[m + FIRST_TICK]!;
    const ticks = Math.round((next - first) / TICK) + k;
    a[m + NEXT_TICK] = first + ticks * TICK;
  }
}
