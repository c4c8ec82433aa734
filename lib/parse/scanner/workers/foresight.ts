import type { Wants } from '../../../batch/wants.ts';
import type { ColumnKind, ColumnOrder } from './worker-messages.ts';

/** Texts that are told apart; with others everything is made. */
export const TEXTS = 4096;

/** Kinds of columns that are made for some rows only; of the others consumers want all. */
export type SparseKind = Exclude<ColumnKind, 'ids' | 'keys'>;
export type SparseOrder = ColumnOrder & { readonly kind: SparseKind };

/** Whether records of a scan are told apart by their kinds: it told all of them. */
export function tellsKinds({ kindRule }: Pick<Wants, 'kindRule'>, untold: number): boolean {
  return kindRule !== undefined && untold === 0;
}

export function isSparse(order: ColumnOrder): order is SparseOrder {
  return order.kind !== 'ids' && order.kind !== 'keys';
}

/**
 * For which records consumers want a column: a table that the main thread and one worker share. Records are told apart
 * by their kind, where the scan tells it, else by the text of one field (Wants.telling), by the worker's id of it. A consumer that finds a value missing makes it
 * itself and notes the text here, and from then on the worker makes that column for records with that text, and for no
 * others: most columns concern one record in ten. What is noted late or for ids that have another meaning by now costs
 * time and nothing else, so nothing is kept in step.
 */
export class Foresight {
  readonly memory: SharedArrayBuffer;
  private readonly fields: number;
  private readonly tables: Uint8Array[] = [];

  constructor({ fields, labelSets }: Pick<Wants, 'fields' | 'labelSets'>, memory?: SharedArrayBuffer) {
    this.fields = fields.length;
    this.memory = memory ?? new SharedArrayBuffer((2 * fields.length + labelSets.length) * TEXTS);
  }

  /** By id of the text: whether the column is wanted. */
  of(kind: SparseKind, index: number): Uint8Array {
    const table = { numbers: 0, hashes: this.fields, labels: 2 * this.fields }[kind] + index;
    this.tables[table] ??= new Uint8Array(this.memory, table * TEXTS, TEXTS);
    return this.tables[table];
  }

  /** The ids mean other texts from now on. */
  forget(): void {
    new Uint8Array(this.memory).fill(0);
  }
}
