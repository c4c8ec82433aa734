import type { LabelColumn, RowList } from '../../batch/batch.ts';
import type { Tuples } from '../../batch/symbols.ts';
import type { LabelSet } from '../../batch/wants.ts';
import { FULL } from './abi.ts';
import { labelColumn, listedIds, type Scanned } from './column-places.ts';
import { type MadeTuples, wantFor } from './prefilled-columns.ts';
import type { Usage } from './usage.ts';

/** One label set. */
export class LabelSetColumn implements LabelColumn {
  readonly tuples: Tuples;
  private readonly batch: Scanned;
  private readonly set: LabelSet;
  private readonly usage: Usage;
  private readonly textOf: (field: number, row: number) => string | undefined;
  private readonly made: MadeTuples | undefined;
  /** Whether it is read in one go. */
  private readonly throughout: boolean;
  /** Per row the id, a worker's if it made them; 0 = not asked for yet, since tuples count from 1. */
  private ids: Uint32Array | undefined;

  constructor(batch: Scanned, set: LabelSet, textOf: (field: number, row: number) => string | undefined) {
    const { engine, dictionaries, made } = batch;
    this.batch = batch;
    this.set = set;
    this.usage = engine.usages.labels[set.index]!;
    this.textOf = textOf;
    this.tuples = dictionaries.tuples[set.index]!;
    this.made = made?.labels[set.index];
    this.throughout = this.usage.begin(batch.rows);
    this.ids = this.made?.ids;
  }

  id(row: number): number {
    if (this.made !== undefined) {
      const { ids, ours } = this.made;
      const theirs = ids[row]!;
      const known = ours[theirs]!;
      if (known !== 0) return known;
      const id = this.makeId(row);
      if (theirs !== 0) ours[theirs] = id;
      else wantFor(this.batch.made!, this.made, row);
      return id;
    }
    this.ids ??= this.column();
    const known = this.ids[row]!;
    if (known !== 0) return known;
    this.usage.count++;
    const id = this.makeId(row);
    this.ids[row] = id;
    return id;
  }

  idAlone(row: number): number {
    const isMade = this.made === undefined || this.made.ids[row] !== 0;
    return isMade ? this.id(row) : this.makeId(row);
  }

  idsOf(rows: RowList): Uint32Array {
    const { address, ids } = this.batch.slot.idColumn(listedIds(this.batch.engine.usages));
    const { made } = this;
    if (made === undefined) {
      for (let k = this.list(rows, address); k < rows.length; k++) ids[k] = this.id(rows[k]!);
    } else {
      for (let k = 0; k < rows.length; k++) {
        const known = made.ours[made.ids[rows[k]!]!]!;
        ids[k] = known !== 0 ? known : this.id(rows[k]!);
      }
    }
    return ids.subarray(0, rows.length);
  }

  /** Has the scanner make the ids of a list, unless it is to make all of them; gives how many it made. */
  private list(rows: RowList, address: number): number {
    const { engine, slot, dictionaries } = this.batch;
    if (this.throughout || !dictionaries.attached) return 0;
    const count = engine.list(rows);
    this.usage.count += count;
    const done = engine.exports.tuplesOfList(slot.address, count, this.set.index, address);
    dictionaries.learnTuples(this.set.index);
    if (done < count) dictionaries.detach();
    return done;
  }

  private makeId(row: number): number {
    const { engine, slot, dictionaries } = this.batch;
    if (dictionaries.attached) {
      const id = engine.exports.tuple(slot.address, row, this.set.index);
      if (id !== FULL) {
        if (id >= this.tuples.size) dictionaries.learnTuples(this.set.index);
        return id;
      }
      dictionaries.detach();
    }
    const values = this.set.fields.map((field) => this.textOf(field.index, row) ?? '');
    return dictionaries.internTuple(this.set, values);
  }

  /** The column's ids: all of them at once, or none yet. */
  private column(): Uint32Array {
    const { engine, slot, rows, dictionaries } = this.batch;
    const { address, ids } = slot.idColumn(labelColumn(engine.usages, this.set.index));
    let done = 0;
    if (this.throughout && dictionaries.attached) {
      done = engine.exports.tupleColumn(slot.address, rows, this.set.index, address);
      dictionaries.learnTuples(this.set.index);
      if (done < rows) dictionaries.detach();
    }
    return ids.fill(0, done, rows);
  }
}
