import type { Batch } from '../batch/batch.ts';
import type { RecordHashes } from './record-hashes.ts';

/** Rows of a batch that are measured together, and when they happened. */
export interface Span {
  readonly batch: Batch;
  readonly from: number;
  readonly to: number;
  /** By row: the record's time, or the event clock's where it has none, in milliseconds since the epoch. */
  readonly times: Float64Array;
  /** By row: the event clock when the record came, in milliseconds since the epoch. */
  readonly clock: Float64Array;
  /** By row: 1 once a series was touched. */
  readonly touched: Uint8Array;
  readonly hashes: RecordHashes;
}
