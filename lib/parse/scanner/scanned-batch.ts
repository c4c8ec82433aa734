import type { Batch, Column, Dismissed, Input, LabelColumn, Rejected, RowList } from '../../batch/batch.ts';
import { HeldBatch } from '../../batch/held-batch.ts';
import type { Measurer } from '../../batch/measure-plan.ts';
import type { Symbols } from '../../batch/symbols.ts';
import type { Field, KeyFamily, LabelSet } from '../../batch/wants.ts';
import { SlotMeasurer } from './aggregation/measurer.ts';
import { listedRecordHashes, type Scanned } from './column-places.ts';
import type { Dictionaries } from './dictionaries.ts';
import type { Engine } from './engine.ts';
import { FieldColumn } from './field-column.ts';
import { LabelSetColumn } from './label-column.ts';
import type { MadeColumns } from './made-ids.ts';
import type { Slot } from './slot.ts';

export interface ScannedBatchOptions {
  readonly input: Input;
  readonly engine: Engine;
  readonly slot: Slot;
  readonly dictionaries: Dictionaries;
  readonly rows: number;
  /** Bytes of the slot's window that belong to the batch, and where they come from. */
  readonly size: number;
  readonly base: number;
  readonly rejected: readonly Rejected[];
  readonly consumed: number;
  /** See Batch. */
  readonly texts?: Batch['texts'];
  /** Of the slot's window among all that is measured, from 1 on. */
  readonly order: number;
  /** Rows whose kind the scan did not tell. */
  readonly untold: number;
  readonly dismissed?: Dismissed | undefined;
  /** What a worker has made already. */
  readonly made?: MadeColumns | undefined;
}

/** A batch whose columns lie in a slot, which goes back to its engine when everyone has released the batch. */
export class ScannedBatch extends HeldBatch implements Batch, Scanned {
  readonly input: Input;
  readonly engine: Engine;
  readonly slot: Slot;
  readonly dictionaries: Dictionaries;
  readonly rows: number;
  readonly bytes: Buffer;
  readonly base: number;
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
  readonly time: Float64Array;
  readonly level: Uint8Array;
  readonly kind: Uint8Array;
  readonly symbols: Symbols;
  readonly rejected: readonly Rejected[];
  readonly consumed: number;
  readonly texts: Batch['texts'];
  readonly made: MadeColumns | undefined;
  readonly untold: number | undefined;
  readonly dismissed: Dismissed | undefined;
  readonly measurer: Measurer | undefined;
  private readonly columns: FieldColumn[] = [];
  private readonly labelColumns: LabelSetColumn[] = [];
  private lastRow = -1;
  private lastObject: Readonly<Record<string, unknown>> = {};

  constructor(options: ScannedBatchOptions) {
    super();
    const { slot, rows } = options;
    this.input = options.input;
    this.engine = options.engine;
    this.slot = slot;
    this.dictionaries = options.dictionaries;
    this.dictionaries.hold();
    this.rows = rows;
    this.bytes = slot.window.subarray(0, options.size);
    this.base = options.base;
    this.offset = slot.offset.subarray(0, rows);
    this.length = slot.length.subarray(0, rows);
    this.time = slot.time.subarray(0, rows);
    this.level = slot.level.subarray(0, rows);
    this.kind = slot.kind.subarray(0, rows);
    this.symbols = options.dictionaries.symbols;
    this.rejected = options.rejected;
    this.consumed = options.consumed;
    this.texts = options.texts;
    this.made = options.made;
    this.dismissed = options.dismissed;
    const { engine } = options;
    this.untold = engine.tellsKinds ? options.untold : undefined;
    this.measurer = engine.partials && new SlotMeasurer(engine, slot, engine.partials, options.order);
  }

  column(field: Field): Column {
    return this.columnAt(field.index);
  }

  private columnAt(index: number): FieldColumn {
    let column = this.columns[index];
    if (column === undefined) {
      column = new FieldColumn(this, index);
      this.columns[index] = column;
    }
    return column;
  }

  labels(set: LabelSet): LabelColumn {
    let column = this.labelColumns[set.index];
    if (column === undefined) {
      column = new LabelSetColumn(this, set, (field, row) => this.columnAt(field).text(row));
      this.labelColumns[set.index] = column;
    }
    return column;
  }

  has(family: KeyFamily, row: number): boolean {
    return (this.slot.families[row]! & (1 << family.index)) !== 0;
  }

  recordHashes(rows: RowList): Uint32Array {
    const { engine, slot } = this;
    const { address, words } = slot.numberColumn(listedRecordHashes);
    engine.exports.recordHashesOfList(slot.address, engine.list(rows), address);
    return words.subarray(0, 2 * rows.length);
  }

  object(row: number): Readonly<Record<string, unknown>> {
    if (row !== this.lastRow) {
      const start = this.offset[row]!;
      this.lastObject = JSON.parse(this.bytes.toString('utf8', start, start + this.length[row]!));
      this.lastRow = row;
    }
    return this.lastObject;
  }

  protected letGo(): void {
    this.dictionaries.release();
    this.engine.giveBack(this.slot);
  }
}
