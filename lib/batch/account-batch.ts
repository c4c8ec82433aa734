import {
  type Batch,
  type Column,
  type Dismissed,
  type Input,
  type LabelColumn,
  type Rejected,
  type RowList,
  ValueType,
} from './batch.ts';
import { HeldBatch } from './held-batch.ts';
import { ABSENT, Symbols, Tuples } from './symbols.ts';
import type { Field, KeyFamily, LabelSet } from './wants.ts';

const NOTHING = Buffer.alloc(0);
const NO_NUMBERS = new Float64Array(0);
const NO_WORDS = new Uint32Array(0);
const NO_BYTES = new Uint8Array(0);
const SYMBOLS = new Symbols();

const NO_COLUMN: Column = {
  type: () => ValueType.absent,
  number: () => Number.NaN,
  presentAmong: () => NO_WORDS,
  numbersOf: () => NO_NUMBERS,
  id: () => ABSENT,
  idsOf: () => NO_WORDS,
  text: () => undefined,
  hashesOf: () => NO_WORDS,
  keys: () => ABSENT,
  keysOf: () => NO_WORDS,
};
const NO_LABELS: LabelColumn = {
  tuples: new Tuples(),
  id: () => ABSENT,
  idsOf: () => NO_WORDS,
};

/** A batch of no rows: the account of records that were measured where they were read. */
export class AccountBatch extends HeldBatch implements Batch {
  readonly input: Input;
  readonly base: number;
  readonly consumed: number;
  readonly dismissed: Dismissed;
  readonly rows = 0;
  readonly untold = 0;
  readonly bytes = NOTHING;
  readonly offset = NO_WORDS;
  readonly length = NO_WORDS;
  readonly time = NO_NUMBERS;
  readonly level = NO_BYTES;
  readonly kind = NO_BYTES;
  readonly symbols = SYMBOLS;
  readonly rejected: readonly Rejected[] = [];

  /**
   * @param base offset of the first byte in the input
   * @param consumed bytes
   */
  constructor(input: Input, base: number, consumed: number, account: Omit<Dismissed, 'before'>) {
    super();
    this.input = input;
    this.base = base;
    this.consumed = consumed;
    this.dismissed = { ...account, before: NO_NUMBERS };
  }

  column(_field: Field): Column {
    return NO_COLUMN;
  }

  labels(_set: LabelSet): LabelColumn {
    return NO_LABELS;
  }

  has(_family: KeyFamily, _row: number): boolean {
    return false;
  }

  recordHashes(_rows: RowList): Uint32Array {
    return NO_WORDS;
  }

  /** There is no row to ask for. */
  object(row: number): never {
    throw new RangeError(`row ${row} of a batch without rows`);
  }

  protected letGo(): void {}
}
