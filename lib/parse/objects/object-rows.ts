import type { JsonObject } from './path.ts';

/** What the columns of a batch read from: parsed records beside the bytes that they came from. */
export interface Rows {
  readonly objects: readonly JsonObject[];
  /** Empty where records were made here and never were bytes. */
  readonly bytes: Uint8Array;
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
}
