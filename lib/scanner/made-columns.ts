/** Ids that a worker made, and what they are here. */
export interface MadeIds {
  /** Per row the worker's id. */
  readonly ids: Uint32Array;
  /** By the worker's id what a column keeps for ours; 0 = not met yet: then the row tells. */
  readonly ours: Uint32Array;
}

/** The columns of a batch that a worker made, by field or label set. */
export interface MadeColumns {
  readonly ids: readonly (MadeIds | undefined)[];
  readonly keys: readonly (MadeIds | undefined)[];
  readonly labels: readonly (MadeIds | undefined)[];
  /** NaN where the number must be read from the record. */
  readonly numbers: readonly (Float64Array | undefined)[];
  /** Two words for each row. */
  readonly hashes: readonly (Uint32Array | undefined)[];
}
