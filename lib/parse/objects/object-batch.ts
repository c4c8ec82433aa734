import type { Batch, Column, Input, LabelColumn, Rejected, RowList } from '../../batch/batch.ts';
import { HeldBatch } from '../../batch/held-batch.ts';
import type { Symbols } from '../../batch/symbols.ts';
import type { Field, KeyFamily, LabelSet } from '../../batch/wants.ts';
import { Xxh64 } from '../../math/identity/record-hash.ts';
import { FamilyReader } from './key-family.ts';
import { FieldColumn, LabelSetColumn } from './object-columns.ts';
import type { Rows } from './object-rows.ts';
import type { JsonObject } from './path.ts';
import { readHeads } from './record-head.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface ObjectBatchOptions {
  readonly input: Input;
  readonly vocabulary: Vocabulary;
  readonly objects: readonly JsonObject[];
  /** The records' bytes and where they lie in them; without them the records were made here. */
  readonly bytes?: Uint8Array | undefined;
  readonly base?: number | undefined;
  readonly offset?: Uint32Array | undefined;
  readonly length?: Uint32Array | undefined;
  readonly texts?: Batch['texts'];
  readonly rejected?: readonly Rejected[] | undefined;
  readonly consumed?: number | undefined;
  /** Event time per row; read from the records' `timestamp` if not given. */
  readonly time?: Float64Array | undefined;
  /** Per row the time that counts where the record has none of its own. */
  readonly outerTimes?: readonly number[] | undefined;
  /** Per row its absolute byte offset in the input, also where a framing made the bytes. */
  readonly places?: readonly number[] | undefined;
  /** Called once, when everyone has let go. */
  readonly onRelease?: (() => void) | undefined;
}

const nothing = new Uint8Array(0);

/** A batch whose rows are JavaScript objects: parsed records, or mirrormon's own reports. */
export class ObjectBatch extends HeldBatch implements Batch, Rows {
  readonly input: Input;
  readonly rows: number;
  readonly objects: readonly JsonObject[];
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
  readonly texts: Batch['texts'];
  readonly places: ObjectBatchOptions['places'];
  readonly time: Float64Array;
  readonly level: Uint8Array;
  readonly kind: Uint8Array;
  readonly symbols: Symbols;
  readonly rejected: readonly Rejected[];
  readonly consumed: number;
  private readonly vocabulary: Vocabulary;
  private readonly columns: FieldColumn[] = [];
  private readonly labelColumns: LabelSetColumn[] = [];
  private readonly families: FamilyReader[] = [];
  private readonly onRelease: (() => void) | undefined;

  constructor(options: ObjectBatchOptions) {
    super();
    const rows = options.objects.length;
    this.input = options.input;
    this.rows = rows;
    this.objects = options.objects;
    this.bytes = options.bytes ?? nothing;
    this.base = options.base ?? 0;
    this.offset = options.offset ?? new Uint32Array(rows);
    this.length = options.length ?? new Uint32Array(rows);
    this.texts = options.texts;
    this.places = options.places;
    const { time, level } = readHeads(this);
    options.outerTimes?.forEach((outer, row) => {
      if (Number.isNaN(time[row])) time[row] = outer;
    });
    this.time = options.time ?? time;
    this.level = level;
    this.kind = new Uint8Array(rows);
    this.vocabulary = options.vocabulary;
    this.symbols = options.vocabulary.symbols;
    this.rejected = options.rejected ?? [];
    this.consumed = options.consumed ?? 0;
    this.onRelease = options.onRelease;
  }

  column(field: Field): Column {
    let column = this.columns[field.index];
    if (column === undefined) {
      column = new FieldColumn(this, field, this.symbols);
      this.columns[field.index] = column;
    }
    return column;
  }

  labels(set: LabelSet): LabelColumn {
    let column = this.labelColumns[set.index];
    if (column === undefined) {
      column = new LabelSetColumn(this, set, this.vocabulary.index(set));
      this.labelColumns[set.index] = column;
    }
    return column;
  }

  has(family: KeyFamily, row: number): boolean {
    let reader = this.families[family.index];
    if (reader === undefined) {
      reader = new FamilyReader(family);
      this.families[family.index] = reader;
    }
    return reader.within(this.objects[row]!);
  }

  recordHashes(rows: RowList): Uint32Array {
    const { bytes, length, objects, offset } = this;
    const hash = new Xxh64();
    const words = new Uint32Array(2 * rows.length);
    for (const [k, row] of rows.entries()) {
      const start = offset[row]!;
      // what was made here has no text of its own
      const { low, high } =
        bytes.length === 0
          ? hash.of(Buffer.from(JSON.stringify(objects[row])))
          : hash.of(bytes, 0, start, start + length[row]!);
      words[2 * k] = low;
      words[2 * k + 1] = high;
    }
    return words;
  }

  object(row: number): JsonObject {
    return this.objects[row]!;
  }

  protected letGo(): void {
    this.onRelease?.();
  }
}
