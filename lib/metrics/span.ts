import type { Batch } from '../batch/batch.ts';

/** Rows of a batch that are measured together, and when they happened. */
export interface Span {
  readonly batch: Batch;
  readonly from: number;
  readonly to: number;
  /** By row: the record's time in seconds since the epoch, or the event clock's where it has none. */
  readonly seconds: Float64Array;
  /** By row: the event clock when the record came, in milliseconds since the epoch. */
  readonly clock: Float64Array;
  /** By row: 1 once a series was touched. */
  readonly touched: Uint8Array;
}
