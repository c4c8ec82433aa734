import type { Batch } from '../batch/batch.ts';
import type { ReadColumn } from '../batch/wants.ts';

/** Rows of a batch to choose from, ascending. The list is a new object for every batch. */
export interface Candidates {
  readonly batch: Batch;
  readonly rows: Uint32Array;
}

/** Decides for one subscription, a batch at a time. */
export interface Selector {
  /**
   * Writes the rows that are selected to `to`, in their order; it has room for all of them.
   * @returns how many there are
   */
  select(candidates: Candidates, to: Uint32Array): number;
  /**
   * Of the rows selected last, by their place in `to`: the keys of their metrics (or of their usage) to pass on, or
   * undefined for a record as it is. undefined = all records are passed on as they are. Valid until the next call.
   */
  readonly keys: readonly (readonly string[] | undefined)[] | undefined;
  /** Columns that it reads of all rows it is given. */
  readonly reads?: readonly ReadColumn[] | undefined;
  /** Texts of earlier records that decide on later ones, the oldest first; a run that goes on puts them back. */
  readonly remembered?: Set<string> | undefined;
}

/** Selects all that it is asked about. */
export const everything: Selector = {
  select({ rows }, to) {
    to.set(rows);
    return rows.length;
  },
  keys: undefined,
};
