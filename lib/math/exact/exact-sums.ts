import type { Rows } from '../rows.ts';
import { roundedUnits, unitsOf } from './big-sum.ts';

/** Two doubles, of which the sum is that of the values: every addition hands its rounding error on to the second. */
const HIGH = 0;
const LOW = 1;
/** How many columns that takes. */
export const SUM = 2;

/**
 * Exact sums, many side by side: of each, the value is the real sum of everything that was added, rounded once when it
 * is read. So it depends neither on the order of the values nor on how they were spread over sums that were merged, and
 * is what Python's math.fsum gives for all of them.
 *
 * Two doubles hold more than 100 binary digits without a gap, which is enough for nearly all that is measured; what
 * would not fit goes to a whole number without bounds beside them. The error of an addition is itself a double:
 * D. E. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B (TwoSum).
 */
export class ExactSums {
  private readonly rows: Rows;
  private readonly column: number;
  /** By row what did not fit into its doubles, in units of big-sum.ts. */
  private readonly beyond = new Map<number, bigint>();

  constructor(rows: Rows) {
    this.rows = rows;
    this.column = rows.reserve(SUM);
  }

  /** @param x finite */
  add(i: number, x: number): void {
    const a = this.rows.numbers;
    const at = Math.imul(i, this.rows.width) + this.column;
    const high = a[at + HIGH]!;
    const nextHigh = high + x;
    const highShadow = nextHigh - high;
    const highError = high - (nextHigh - highShadow) + (x - highShadow);
    if (highError === 0) {
      a[at + HIGH] = nextHigh;
      return;
    }
    const low = a[at + LOW]!;
    const nextLow = low + highError;
    const lowShadow = nextLow - low;
    const lowError = low - (nextLow - lowShadow) + (highError - lowShadow);
    // NaN where the first addition left the range of doubles
    if (lowError !== 0) {
      this.spill(i, at, x);
      return;
    }
    a[at + HIGH] = nextHigh;
    a[at + LOW] = nextLow;
  }

  /** The sum, correctly rounded; beyond the range of doubles, the largest of its sign. */
  value(i: number): number {
    const a = this.rows.numbers;
    const at = Math.imul(i, this.rows.width) + this.column;
    // the sum of two doubles is rounded once by the processor; 0 turns -0 into 0
    const quick = a[at + HIGH]! + a[at + LOW]! + 0;
    const isAll = !this.beyond.has(i) && Number.isFinite(quick);
    return isAll ? quick : roundedUnits(this.units(i));
  }

  /**
   * The sum without rounding, as the shortest list of doubles: the rounded sum, what is left of it rounded, and so on
   * until nothing is left. It is the same for equal sums, however they came about; a sum of 0 is the empty list.
   */
  state(i: number): number[] {
    const a = this.rows.numbers;
    const at = Math.imul(i, this.rows.width) + this.column;
    const high = a[at + HIGH]!;
    const low = a[at + LOW]!;
    const sum = high + low;
    if (!this.beyond.has(i) && Number.isFinite(sum)) {
      // what rounding took from the sum of two doubles is a double (Knuth's TwoSum)
      const part = sum - high;
      const rest = high - (sum - part) + (low - part);
      return [sum, rest].filter((double) => double !== 0);
    }
    const parts: number[] = [];
    for (let rest = this.units(i); rest !== 0n; rest -= unitsOf(parts.at(-1)!))
      parts.push(roundedUnits(rest));
    return parts;
  }

  /** Forgets what was added, and goes on from a state. */
  load(i: number, parts: Iterable<number>): void {
    const at = Math.imul(i, this.rows.width) + this.column;
    this.rows.numbers.fill(0, at, at + SUM);
    this.beyond.delete(i);
    for (const part of parts) this.add(i, part);
  }

  /** Adds sum j of others, which stay as they are. */
  merge(i: number, others: ExactSums, j: number): void {
    for (const part of others.state(j)) this.add(i, part);
  }

  private units(i: number): bigint {
    const a = this.rows.numbers;
    const at = Math.imul(i, this.rows.width) + this.column;
    const beyond = this.beyond.get(i) ?? 0n;
    return beyond + unitsOf(a[at + HIGH]!) + unitsOf(a[at + LOW]!);
  }

  private spill(i: number, at: number, x: number): void {
    this.beyond.set(i, this.units(i) + unitsOf(x));
    this.rows.numbers.fill(0, at, at + SUM);
  }
}
