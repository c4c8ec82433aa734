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
import type { MadeIds } from './made-ids.ts';
import type { IdColumn } from './slot.ts';

/**
 * One field. Ids are made when they are asked for, and not before, but for those that the plan names (Wants.reads): only
 * what a consumer needs as an id enters the dictionary.
 */
export class FieldColumn implements Column {
  private readonly batch: Scanned;
  private readonly field: number;
  private readonly made: MadeIds | undefined;
  /** Per row the id plus one; 0 = not asked for yet. */
  private own: IdColumn | undefined;
  private keyLists: KeyListColumn | undefined;

  constructor(batch: Scanned, field: number) {
    this.batch = batch;
    this.field = field;
    this.made = batch.made?.ids[field];
  }

  type(row: number): number {
    const { engine, slot } = this.batch;
    return engine.exports.typeOf(slot.address, row, this.field);
  }

  number(row: number): number {
    const { engine, slot } = this.batch;
    const value = engine.exports.numberOf(slot.address, row, this.field);
    return Number.isNaN(value) ? this.awkward(row) : value;
  }

  numbersOf(rows: RowList): Float64Array {
    const { engine, slot } = this.batch;
    const { address, numbers } = slot.numberColumn(listedNumbers);
    const awkward = engine.exports.numbersOfList(slot.address, engine.list(rows), this.field, address);
    for (let k = 0; k < rows.length && awkward > 0; k++) {
      if (Number.isNaN(numbers[k])) numbers[k] = this.awkward(rows[k]!);
    }
    return numbers.subarray(0, rows.length);
  }

  presentAmong(rows: RowList): RowList {
    const { engine, slot } = this.batch;
    const { address, ids } = slot.idColumn(listedRows(engine.wants));
    return ids.subarray(
      0,
      engine.exports.presentOfList(slot.address, engine.list(rows), this.field, address),
    );
  }

  /** A number that the scanner did not read, or not exactly; NaN for what is none. */
  private awkward(row: number): number {
    return this.type(row) === ValueType.number ? Number(this.text(row)) : Number.NaN;
  }

  id(row: number): number {
    const known = this.made === undefined ? this.known.ids[row]! : this.made.at(row);
    if (known !== 0) return known - 1;
    const id = this.makeId(row);
    if (this.made === undefined) this.known.ids[row] = id + 1;
    else this.made.learn(row, id);
    return id;
  }

  idsOf(rows: RowList): Uint32Array {
    const { engine, slot } = this.batch;
    const { address, ids } = slot.idColumn(listedIds(engine.wants));
    for (let k = this.list(rows, address); k < rows.length; k++) {
      const known = this.made?.at(rows[k]!) ?? 0;
      ids[k] = known === 0 ? this.id(rows[k]!) : known - 1;
    }
    return ids.subarray(0, rows.length);
  }

  /** Has the scanner make the ids of a list, unless a worker did; gives how many it made. */
  private list(rows: RowList, address: number): number {
    const { engine, slot, dictionaries } = this.batch;
    if (this.made !== undefined || !dictionaries.attached) return 0;
    const count = engine.list(rows);
    const done = engine.exports.symbolsOfList(slot.address, count, this.field, this.known.address, address);
    dictionaries.learnSymbols();
    if (done < count) dictionaries.detach();
    return done;
  }

  text(row: number): string | undefined {
    const { engine, slot } = this.batch;
    return textOfEntry(engine, engine.exports.entryOf(slot.address, row, this.field) >>> 2);
  }

  hashesOf(rows: RowList): Uint32Array {
    const { engine, slot } = this.batch;
    const { address, words } = slot.numberColumn(listedHashes);
    engine.exports.hashesOfList(slot.address, engine.list(rows), this.field, address);
    return words.subarray(0, 2 * rows.length);
  }

  keys(row: number): number {
    return this.lists.id(row);
  }

  keysOf(rows: RowList): Uint32Array {
    return this.lists.idsOf(rows);
  }

  private get lists(): KeyListColumn {
    this.keyLists ??= new KeyListColumn(this.batch, this.field);
    return this.keyLists;
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

  private get known(): IdColumn {
    if (this.own === undefined) {
      this.own = this.batch.slot.idColumn(idColumn(this.field));
      this.own.ids.fill(0, 0, this.batch.rows);
    }
    return this.own;
  }
}
