import { type Column, type RowList, ValueType } from '../../batch/batch.ts';
import { ABSENT } from '../../batch/symbols.ts';
import { FULL } from './abi.ts';
import {
  idColumn,
  listedHashes,
  listedIds,
  listedNumbers,
  listedRows,
  type Scanned,
} from './column-places.ts';
import { textOfEntry } from './entry-text.ts';
import { KeyListColumn } from './key-list-column.ts';
import { type MadeHashes, type MadeIds, type MadeNumbers, wantFor } from './prefilled-columns.ts';
import type { Usage } from './usage.ts';

/**
 * One field. Ids are made when they are asked for, and not before: only what a consumer needs as an id enters the
 * dictionary. A field that was asked for throughout is read in one go (usage.ts).
 */
export class FieldColumn implements Column {
  private readonly batch: Scanned;
  private readonly field: number;
  private readonly usage: Usage;
  private readonly numberUsage: Usage;
  private readonly hashUsage: Usage;
  private readonly madeIds: MadeIds | undefined;
  private readonly madeNumbers: MadeNumbers | undefined;
  private readonly madeHashes: MadeHashes | undefined;
  /** Per row the id plus one; 0 = not asked for yet. Made when the first is asked for. */
  private ids: Uint32Array | undefined;
  private keyLists: KeyListColumn | undefined;

  constructor(batch: Scanned, field: number) {
    const { usages } = batch.engine;
    this.batch = batch;
    this.field = field;
    this.usage = usages.ids[field]!;
    this.numberUsage = usages.numbers[field]!;
    this.numberUsage.begin(batch.rows);
    this.hashUsage = usages.hashes[field]!;
    this.hashUsage.begin(batch.rows);
    this.madeIds = batch.made?.ids[field];
    this.madeNumbers = batch.made?.numbers[field];
    this.madeHashes = batch.made?.hashes[field];
  }

  type(row: number): number {
    const { engine, slot } = this.batch;
    return engine.exports.typeOf(slot.address, row, this.field);
  }

  number(row: number): number {
    const { engine, slot } = this.batch;
    let value: number;
    if (this.madeNumbers !== undefined) value = this.madeNumbers.numbers[row]!;
    else {
      this.numberUsage.count++;
      value = engine.exports.numberOf(slot.address, row, this.field);
    }
    return Number.isNaN(value) ? this.awkward(row) : value;
  }

  numbersOf(rows: RowList): Float64Array {
    const { engine, slot } = this.batch;
    const { address, numbers } = slot.numberColumn(listedNumbers(engine.usages));
    let awkward = rows.length;
    if (this.madeNumbers !== undefined) {
      const made = this.madeNumbers.numbers;
      for (let k = 0; k < rows.length; k++) numbers[k] = made[rows[k]!]!;
    } else {
      this.numberUsage.count += rows.length;
      awkward = engine.exports.numbersOfList(slot.address, engine.list(rows), this.field, address);
    }
    for (let k = 0; k < rows.length && awkward > 0; k++) {
      if (Number.isNaN(numbers[k])) numbers[k] = this.awkward(rows[k]!);
    }
    return numbers.subarray(0, rows.length);
  }

  presentAmong(rows: RowList): RowList {
    const { engine, slot } = this.batch;
    const { address, ids } = slot.idColumn(listedRows(engine.usages));
    return ids.subarray(
      0,
      engine.exports.presentOfList(slot.address, engine.list(rows), this.field, address),
    );
  }

  /** A number that the scanner did not read, or not exactly; NaN for what is none. */
  private awkward(row: number): number {
    if (this.type(row) !== ValueType.number) return Number.NaN;
    if (this.madeNumbers !== undefined) wantFor(this.batch.made!, this.madeNumbers, row);
    return Number(this.text(row));
  }

  id(row: number): number {
    const made = this.madeIds;
    if (made !== undefined) {
      const theirs = made.ids[row]!;
      const known = made.ours[theirs]!;
      if (known !== 0) return known - 1;
      const id = this.makeId(row);
      made.ours[theirs] = id + 1;
      return id;
    }
    this.ids ??= this.column(this.usage.begin(this.batch.rows));
    const known = this.ids[row]!;
    if (known !== 0) return known - 1;
    this.usage.count++;
    const id = this.makeId(row);
    this.ids[row] = id + 1;
    return id;
  }

  idsOf(rows: RowList): Uint32Array {
    const { ids } = this.batch.slot.idColumn(listedIds(this.batch.engine.usages));
    const made = this.madeIds;
    if (made === undefined) for (let k = 0; k < rows.length; k++) ids[k] = this.id(rows[k]!);
    else {
      for (let k = 0; k < rows.length; k++) {
        const known = made.ours[made.ids[rows[k]!]!]!;
        ids[k] = known !== 0 ? known - 1 : this.id(rows[k]!);
      }
    }
    return ids.subarray(0, rows.length);
  }

  text(row: number): string | undefined {
    const { engine, slot } = this.batch;
    return textOfEntry(engine, engine.exports.entryOf(slot.address, row, this.field) >>> 2);
  }

  hashesOf(rows: RowList): Uint32Array {
    const { engine, slot } = this.batch;
    const { address, words } = slot.numberColumn(listedHashes(engine.usages));
    if (this.madeHashes === undefined || !this.copyHashes(this.madeHashes, rows, words)) {
      this.hashUsage.count += rows.length;
      engine.exports.hashesOfList(slot.address, engine.list(rows), this.field, address);
    }
    return words.subarray(0, 2 * rows.length);
  }

  /** Gives whether the worker had made all of them. */
  private copyHashes(made: MadeHashes, rows: RowList, to: Uint32Array): boolean {
    let isWhole = true;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      const low = made.words[2 * row]!;
      const high = made.words[2 * row + 1]!;
      to[2 * k] = low;
      to[2 * k + 1] = high;
      if (low !== 0 || high !== 0 || this.type(row) === ValueType.absent) continue;
      wantFor(this.batch.made!, made, row);
      isWhole = false;
    }
    return isWhole;
  }

  keys(row: number): number {
    this.keyLists ??= new KeyListColumn(this.batch, this.field);
    return this.keyLists.id(row);
  }

  private makeId(row: number): number {
    const { engine, slot, dictionaries } = this.batch;
    if (dictionaries.attached) {
      const id = engine.exports.symbol(slot.address, row, this.field);
      if (id !== FULL) {
        if (id >= dictionaries.symbols.size) dictionaries.learnSymbols();
        return id;
      }
      dictionaries.detach();
    }
    const text = this.text(row);
    return text === undefined ? ABSENT : dictionaries.symbols.intern(text);
  }

  /** The column's ids: all of them at once, or none yet. */
  private column(throughout: boolean): Uint32Array {
    const { engine, slot, rows, dictionaries } = this.batch;
    const { address, ids } = slot.idColumn(idColumn(this.field));
    let done = 0;
    if (throughout && dictionaries.attached) {
      done = engine.exports.symbolColumn(slot.address, rows, this.field, address);
      dictionaries.learnSymbols();
      if (done < rows) dictionaries.detach();
    }
    return ids.fill(0, done, rows);
  }
}
