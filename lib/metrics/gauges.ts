import { ExactSums } from '../math/exact/exact-sums.ts';
import { Rows } from '../math/rows.ts';
import type { SeriesFigures } from './family.ts';
import type { Measurements } from './measurements.ts';
import { type CommonState, otherKind, type SeriesState } from './series-state.ts';
import { SeriesTable } from './series-table.ts';

/** Columns: the newest value that it was set to, */
const VALUE = 0;
/** when, */
const TIME = 1;
/** and the random number of that record; 0 if it was never set. */
const RANDOM = 2;
const COLUMNS = 3;

/**
 * Set (`gauge`), or moved up and down (`counter` fields). What is set is the newest value: of equal times the greater
 * random number decides, then the greater value. What is moved is the sum. A metric is one or the other: once any of its
 * series was set, moves are refused, also those from before.
 */
export class Gauges extends SeriesTable {
  private readonly rows = new Rows();
  private readonly column = this.rows.reserve(COLUMNS);
  private readonly sums = new ExactSums(this.rows);
  private isSet = false;
  private moved = 0;
  private hasFractions = false;

  override get isOfIntegers(): boolean {
    return !this.hasFractions;
  }

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
    for (let k = 0; k < count; k++) this.hasFractions ||= !Number.isSafeInteger(values[k]);
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

  protected stateOf(index: number, common: CommonState): SeriesState {
    const m = this.at(index);
    const isSet = this.rows.numbers[m + TIME]! > Number.NEGATIVE_INFINITY;
    const set = isSet ? Array.from(this.rows.numbers.subarray(m, m + COLUMNS)) : [];
    return { ...common, kind: 'gauge', set, moved: this.sums.state(index) };
  }

  protected mergeState(index: number, state: SeriesState): void {
    if (state.kind !== 'gauge') throw otherKind(state);
    const [value, time, random] = state.set;
    if (value !== undefined) this.set(index, value, time!, random!);
    for (const part of state.moved) this.sums.add(index, part);
  }

  protected forget(index: number): void {
    this.rows.numbers.fill(0, this.at(index), this.at(index) + COLUMNS);
    this.rows.numbers[this.at(index) + TIME] = Number.NEGATIVE_INFINITY;
    this.sums.load(index, []);
  }

  override together(): readonly number[] {
    return this.isSet || this.moved > 0 ? [Number(this.isSet), this.moved, Number(this.hasFractions)] : [];
  }

  override beginTogether(): void {
    this.moved = 0;
  }

  override mergeTogether([isSet = 0, moved = 0, hasFractions = 0]: readonly number[]): number {
    this.hasFractions ||= hasFractions === 1;
    const [ofOurs, ofTheirs] = [this.isSet ? 0 : this.moved, isSet === 1 ? 0 : moved];
    const wasSet = this.isSet || isSet === 1;
    this.isSet = wasSet;
    this.moved += moved;
    return wasSet ? ofOurs + ofTheirs : 0;
  }

  figures(index: number): SeriesFigures {
    return { labels: this.labels(index), value: this.value(index) };
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
