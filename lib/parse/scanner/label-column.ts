import type { LabelColumn, RowList } from '../../batch/batch.ts';
import type { Tuples } from '../../batch/symbols.ts';
import type { LabelSet } from '../../batch/wants.ts';
import { FULL } from './abi.ts';
import { labelColumn, listedIds, type Scanned } from './column-places.ts';

/** One label set. */
export class LabelSetColumn implements LabelColumn {
  readonly tuples: Tuples;
  private readonly batch: Scanned;
  private readonly set: LabelSet;
  private readonly textOf: (field: number, row: number) => string | undefined;
  /** Per row the id; 0 = not asked for yet, since tuples count from 1. */
  private ids: Uint32Array | undefined;

  constructor(batch: Scanned, set: LabelSet, textOf: (field: number, row: number) => string | undefined) {
    this.batch = batch;
    this.set = set;
    this.textOf = textOf;
    this.tuples = batch.dictionaries.tuples[set.index]!;
  }

  id(row: number): number {
    const { engine, slot, rows } = this.batch;
    this.ids ??= slot.idColumn(labelColumn(engine.wants, this.set.index)).ids.fill(0, 0, rows);
    const known = this.ids[row]!;
    if (known !== 0) return known;
    const id = this.makeId(row);
    this.ids[row] = id;
    return id;
  }

  idsOf(rows: RowList): Uint32Array {
    const { engine, slot, dictionaries } = this.batch;
    const { address, ids } = slot.idColumn(listedIds(engine.wants));
    let done = 0;
    if (dictionaries.attached) {
      done = engine.exports.tuplesOfList(slot.address, engine.list(rows), this.set.index, address);
      dictionaries.learnTuples(this.set.index);
      if (done < rows.length) dictionaries.detach();
    }
    for (let k = done; k < rows.length; k++) ids[k] = this.id(rows[k]!);
    return ids.subarray(0, rows.length);
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
}
