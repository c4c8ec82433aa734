import { ExactSums } from '../math/exact/exact-sums.ts';
import { Rows } from '../math/rows.ts';
import type { SeriesFigures } from './family.ts';
import { type Measurements, SeriesTable } from './series-table.ts';

/** Columns: the newest value that it was set to, */
const VALUE = 0;
/** when, */
const TIME = 1;
/** and the random number of that record; 0 if it was never set. */
const RANDOM = 2;

/**
 * Set (`gauge`), or moved up and down (`counter` fields). What is set is the newest value: of equal times the greater
 * random number decides, then the greater value. What is moved is the sum. A metric is one or the other: once any of its
 * series was set, moves are refused, also those from before.
 */
export class Gauges extends SeriesTable {
  private readonly rows = new Rows();
  private readonly column = this.rows.reserve(3);
  private readonly sums = new ExactSums(this.rows);
  private isSet = false;
  private moved = 0;

  protected open(index: number): void {
    this.rows.next();
    this.rows.add();
    this.rows.numbers[this.at(index) + TIME] = -Infinity;
  }

  private set(index: number, value: number, time: number, random: number): void {
    const a = this.rows.numbers;
    const m = this.at(index);
    const newest = a[m + TIME]!;
    const ofEqual = random > a[m + RANDOM]! || (random === a[m + RANDOM] && value > a[m + VALUE]!);
    if (time > newest || (time === newest && ofEqual)) {
      a[m + VALUE] = value;
      a[m + TIME] = time;
      a[m + RANDOM] = random;
    }
    this.isSet = true;
  }

  protected take({ count, series, values, times, randoms }: Measurements, moves: boolean): number {
    if (moves) return this.move(series, values, count);
    const before = this.isSet ? 0 : this.moved;
    for (let k = 0; k < count; k++) this.set(series[k]!, values[k]!, times[k]!, randoms[k]!);
    return this.isSet ? before : 0;
  }

  private move(series: Uint32Array, values: Float64Array, count: number): number {
    if (this.isSet) return count;
    for (let k = 0; k < count; k++) this.sums.add(series[k]!, values[k]!);
    this.moved += count;
    return 0;
  }

  figures(index: number): SeriesFigures {
    return { labels: this.labels[index]!, value: this.value(index) };
  }

  metrics(index: number): Record<string, number> {
    return { value: this.value(index) };
  }

  private value(index: number): number {
    return this.isSet ? this.rows.numbers[this.at(index) + VALUE]! : this.sums.value(index);
  }

  private at(index: number): number {
    return Math.imul(index, this.rows.width) + this.column;
  }
}
