import { NaturalLog } from '../natural-log.ts';
import { expectedOrders } from '../reservoir/equal.ts';
import type { ReservoirsOptions } from '../reservoir/reservoir-options.ts';
import { noStatistics, type Statistics, statisticsOf, statisticsOfEqual } from '../reservoir/statistics.ts';
import { type ReservoirState, Reservoirs } from '../reservoirs.ts';
import type { Rows } from '../rows.ts';
import { selectPairs } from '../select.ts';

/** Columns: how many marks of 1 there were, and when the earliest and the latest of them; */
const ONES = 0;
const EARLIEST = 1;
const LATEST = 2;
const ONES_COLUMNS = 3;
/** and the sample of the others, 1 for the first of all samples, 0 before there is one. */
const OTHERS = 3;
const COLUMNS = 4;

const isSome = ({ count, newest, entries }: ReservoirState): boolean =>
  count > 0 || newest !== undefined || entries.length > 0;

const NO_OTHERS: ReservoirState = { count: 0, newest: undefined, entries: new Float64Array(0) };

export interface AmountsState {
  /** Of the marks of 1: how many, and when the earliest and the latest; none if there was none. */
  readonly ones: readonly number[];
  /** Of all others. */
  readonly others: ReservoirState;
}

/**
 * The amounts that meters were marked with. Most meters only ever see 1, of which no sample is kept: only their number
 * and the times of the earliest and the latest. Other amounts are sampled, in rows of their own that only those meters
 * have that need one. Where both are, the ones stand among the
 * others as if they had come evenly spread over their time; so what is said is a function of the set of marks.
 */
export class Amounts {
  private readonly rows: Rows;
  private readonly column: number;
  private readonly others: Reservoirs;
  private readonly log = new NaturalLog();
  /** Of marks their samples. */
  private samples: Uint32Array = new Uint32Array(0);

  constructor(options: ReservoirsOptions, rows: Rows) {
    this.rows = rows;
    this.column = rows.reserve(COLUMNS);
    this.others = new Reservoirs(options);
  }

  /** In a row of zeros. */
  begin(i: number): void {
    const { numbers } = this.rows;
    const m = this.at(i);
    numbers[m + ONES] = 0;
    numbers[m + EARLIEST] = Infinity;
    numbers[m + LATEST] = -Infinity;
    if (this.hasOthers(i)) this.others.begin(this.othersOf(i));
  }

  /** Counts marks of 1. */
  countAll(indices: Uint32Array, times: Float64Array, from: number, to: number): void {
    const a = this.rows.numbers;
    for (let k = from; k < to; k++) {
      const m = this.at(indices[k]!);
      const t = times[k]!;
      a[m + ONES]!++;
      if (t < a[m + EARLIEST]!) a[m + EARLIEST] = t;
      if (t > a[m + LATEST]!) a[m + LATEST] = t;
    }
  }

  /** Counts marks of 1 of which the times of the earliest and the latest are known. */
  takeOnes(i: number, count: number, earliest: number, latest: number): void {
    const a = this.rows.numbers;
    const m = this.at(i);
    a[m + ONES] = a[m + ONES]! + count;
    if (earliest < a[m + EARLIEST]!) a[m + EARLIEST] = earliest;
    if (latest > a[m + LATEST]!) a[m + LATEST] = latest;
  }

  /** Takes marks of any finite amount. */
  markAll(
    indices: Uint32Array,
    amounts: Float64Array,
    times: Float64Array,
    randoms: Float64Array,
    from: number,
    to: number,
  ): void {
    if (this.samples.length < to) this.samples = new Uint32Array(to);
    const { samples } = this;
    for (let k = from; k < to; k++) {
      if (amounts[k] === 1) {
        this.countAll(indices, times, k, k + 1);
        continue;
      }
      samples[k] = this.othersOf(indices[k]!);
      this.others.updateAll(samples, amounts, times, randoms, k, k + 1);
    }
  }

  statistics(i: number): Statistics {
    const ones = this.rows.numbers[this.at(i) + ONES]!;
    const others = this.hasOthers(i) ? this.others.count(this.othersOf(i)) : 0;
    if (others === 0) return ones === 0 ? noStatistics() : statisticsOfEqual(ones, 1);
    if (ones === 0) return this.others.statistics(this.othersOf(i));
    return statisticsOf(ones + others, this.mixed(i, ones));
  }

  state(i: number): AmountsState {
    const m = this.at(i);
    const ones = Array.from(this.rows.numbers.subarray(m, m + ONES_COLUMNS));
    const others = this.hasOthers(i) ? this.others.state(this.othersOf(i)) : NO_OTHERS;
    return { ones: ones[ONES] === 0 ? [] : ones, others };
  }

  load(i: number, { ones, others }: AmountsState): void {
    if (ones.length !== 0 && ones.length !== ONES_COLUMNS) throw new RangeError('no state of a meter');
    if (isSome(others)) this.others.load(this.othersOf(i), others);
    else if (this.hasOthers(i)) this.others.begin(this.othersOf(i));
    const m = this.at(i);
    this.rows.numbers.set([0, Infinity, -Infinity], m);
    this.rows.numbers.set(ones, m);
  }

  /** Adds marks that another counted under the same options. */
  take(i: number, { ones, others }: AmountsState): void {
    if (isSome(others)) this.others.take(this.othersOf(i), others);
    if (ones.length === 0) return;
    const a = this.rows.numbers;
    const m = this.at(i);
    a[m + ONES] = a[m + ONES]! + ones[ONES]!;
    a[m + EARLIEST] = Math.min(a[m + EARLIEST]!, ones[EARLIEST]!);
    a[m + LATEST] = Math.max(a[m + LATEST]!, ones[LATEST]!);
  }

  private at(i: number): number {
    return Math.imul(i, this.rows.width) + this.column;
  }

  private hasOthers(i: number): boolean {
    return this.rows.numbers[this.at(i) + OTHERS] !== 0;
  }

  /** The sample of a meter's other amounts, made if there is none. */
  private othersOf(i: number): number {
    const { numbers } = this.rows;
    const m = this.at(i);
    if (numbers[m + OTHERS] === 0) numbers[m + OTHERS] = this.others.add() + 1;
    return numbers[m + OTHERS]! - 1;
  }

  /** The sample of ones and others together, ascending. */
  private mixed(i: number, ones: number): Float64Array {
    const { admission, alpha, size } = this.others;
    const a = this.rows.numbers;
    const m = this.at(i);
    const last = a[m + LATEST]!;
    const { newest, entries } = this.others.state(this.othersOf(i));
    const pairs = Array.from(entries);
    const add = (order: number, value: number): void => void pairs.push(order, value);
    const values: number[] = [];
    const isOne = admission === 'newest' && newest !== undefined && last > newest[1];
    if (isOne) values.push(1);
    if (newest !== undefined) {
      if (isOne) add(this.log.of(newest[2]) - (alpha / 1000) * newest[1], newest[0]);
      else values.push(newest[0]);
    }
    const spread = ones - Number(isOne);
    const orders = expectedOrders(spread, a[m + EARLIEST]!, last, alpha / 1000, size, this.log);
    for (const order of orders) add(order, 1);
    const all = Float64Array.from(pairs);
    const keep = Math.min(size - values.length, all.length / 2);
    if (keep > 0) selectPairs(all, 0, 0, all.length / 2 - 1, keep - 1);
    for (let k = 0; k < keep; k++) values.push(all[2 * k + 1]!);
    return Float64Array.from(values).sort();
  }
}
