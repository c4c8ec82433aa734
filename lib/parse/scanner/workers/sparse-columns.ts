import type { Engine } from '../engine.ts';
import { type Foresight, type SparseOrder, TEXTS } from './foresight.ts';
import { RowsByText } from './rows-by-text.ts';

/** Makes columns for those rows that the main thread is expected to want: see Foresight. */
export class SparseColumns {
  private readonly engine: Engine;
  private readonly foresight: Foresight;
  private readonly rowsByText = new RowsByText(TEXTS);
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
    this.chosen = new Uint32Array(most);
    this.place = exports.newNumberColumn() >>> 0;
    this.words = new Uint32Array(bytes.buffer, this.place, 2 * most);
    this.numbers = new Float64Array(bytes.buffer, this.place, most);
  }

  /**
   * The batch of which columns are to be made.
   * @param telling by row its kind, or the id of its telling text, plus one
   */
  begin(telling: Uint32Array | Uint8Array): void {
    this.rowsByText.sort(telling);
  }

  /** Gives whether there was room for all of it. */
  make(slot: number, rows: number, { kind, index, address }: SparseOrder): boolean {
    const { exports, bytes } = this.engine;
    const count = this.choose(this.foresight.of(kind, index));
    switch (kind) {
      case 'labels': {
        if (exports.tuplesOfList(slot, count, index, this.place) < count) return false;
        const column = new Uint32Array(bytes.buffer, address, rows).fill(0);
        for (let k = 0; k < count; k++) column[this.chosen[k]!] = this.words[k]!;
        return true;
      }
      case 'numbers': {
        exports.numbersOfList(slot, count, index, this.place);
        const column = new Float64Array(bytes.buffer, address, rows).fill(Number.NaN);
        for (let k = 0; k < count; k++) column[this.chosen[k]!] = this.numbers[k]!;
        return true;
      }
      case 'hashes': {
        exports.hashesOfList(slot, count, index, this.place);
        const column = new Uint32Array(bytes.buffer, address, 2 * rows).fill(0);
        for (let k = 0; k < count; k++) {
          const row = this.chosen[k]!;
          column[2 * row] = this.words[2 * k]!;
          column[2 * row + 1] = this.words[2 * k + 1]!;
        }
        return true;
      }
    }
  }

  private choose(wanted: Uint8Array): number {
    const count = this.rowsByText.select(wanted, this.chosen);
    return this.engine.list(this.chosen.subarray(0, count));
  }
}
