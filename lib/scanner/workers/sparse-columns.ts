import type { Engine } from '../engine.ts';
import type { Foresight, SparseOrder } from './foresight.ts';

/** Makes columns for those rows that the main thread is expected to want: see Foresight. */
export class SparseColumns {
  private readonly engine: Engine;
  private readonly foresight: Foresight;
  /** Rows that are wanted, and where their values are made, one behind the other. */
  private readonly chosen: Uint32Array;
  private readonly place: number;
  private readonly words: Uint32Array;
  private readonly numbers: Float64Array;

  constructor(engine: Engine, foresight: Foresight) {
    const { exports, bytes } = engine;
    const most: number = exports.MOST_ROWS.value;
    this.engine = engine;
    this.foresight = foresight;
    this.chosen = new Uint32Array(most + 1);
    this.place = exports.newNumberColumn() >>> 0;
    this.words = new Uint32Array(bytes.buffer, this.place, 2 * most);
    this.numbers = new Float64Array(bytes.buffer, this.place, most);
  }

  /**
   * @param telling by row the id of the telling text, plus one
   * @returns whether there was room for all of it
   */
  make(slot: number, rows: number, { kind, index, address }: SparseOrder, telling: Uint32Array): boolean {
    const { exports, bytes } = this.engine;
    const count = this.choose(rows, telling, this.foresight.of(kind, index));
    switch (kind) {
      case 'labels': {
        if (exports.tuplesOfList(slot, count, index, this.place) < count) return false;
        this.spread(this.words, new Uint32Array(bytes.buffer, address, rows), 0);
        return true;
      }
      case 'numbers':
        exports.numbersOfList(slot, count, index, this.place);
        this.spread(this.numbers, new Float64Array(bytes.buffer, address, rows), Number.NaN);
        return true;
      case 'hashes':
        exports.hashesOfList(slot, count, index, this.place);
        this.spreadPairs(new Uint32Array(bytes.buffer, address, 2 * rows));
        return true;
    }
  }

  private choose(rows: number, telling: Uint32Array, wanted: Uint8Array): number {
    const { chosen } = this;
    let count = 0;
    for (let row = 0; row < rows; row++) {
      const text = telling[row]!;
      chosen[count] = row;
      count += text < wanted.length ? wanted[text]! : 1;
    }
    // behind the last one, so that `spread` needs no count
    chosen[count] = rows;
    return this.engine.list(chosen.subarray(0, count));
  }

  /** Moves values to their rows. */
  private spread<A extends Uint32Array | Float64Array>(made: A, column: A, none: number): void {
    const { chosen } = this;
    let k = 0;
    for (let row = 0; row < column.length; row++) column[row] = chosen[k] === row ? made[k++]! : none;
  }

  /** The same of two words for each row. */
  private spreadPairs(column: Uint32Array): void {
    const { chosen, words } = this;
    let k = 0;
    for (let row = 0; 2 * row < column.length; row++) {
      const isMade = chosen[k] === row;
      column[2 * row] = isMade ? words[2 * k]! : 0;
      column[2 * row + 1] = isMade ? words[2 * k + 1]! : 0;
      if (isMade) k++;
    }
  }
}
