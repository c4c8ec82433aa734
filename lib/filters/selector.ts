import type { Batch } from '../batch.ts';

/** Decides row by row for one subscription. Bound to a batch first, so that columns are looked up once per batch. */
export interface Selector {
  bind(batch: Batch): void;
  selects(row: number): boolean;
  /** Of the row selected last: the keys of its metrics (or of its usage) to pass on; undefined = the record as it is. */
  readonly keys: readonly string[] | undefined;
}
