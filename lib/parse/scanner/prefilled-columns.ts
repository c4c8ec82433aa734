/** A column that a worker made for some rows: those whose record has a text that is noted in `wanted`. */
export interface Sparse {
  /** By the worker's id of the telling text (MadeColumns.telling); who misses a row's value may note it. */
  readonly wanted: Uint8Array;
}

/** Ids that a worker made, and what they are here. */
export interface MadeIds {
  /** Per row the worker's id. */
  readonly ids: Uint32Array;
  /** By the worker's id what a column keeps for ours; 0 = not met yet: then the row tells. */
  readonly ours: Uint32Array;
}

export interface MadeTuples extends MadeIds, Sparse {}

export interface MadeNumbers extends Sparse {
  /** NaN where the number must be read from the record. */
  readonly numbers: Float64Array;
}

export interface MadeHashes extends Sparse {
  /** Two words for each row; both 0 where the text must be looked for in the record. */
  readonly words: Uint32Array;
}

/** The columns of a batch that a worker made, by field or label set. */
export interface MadeColumns {
  /** What rows are told apart by: their kinds, or of the telling field the worker's ids, plus one; undefined where it made none. */
  readonly telling: Uint32Array | Uint8Array | undefined;
  readonly ids: readonly (MadeIds | undefined)[];
  readonly keys: readonly (MadeIds | undefined)[];
  /** An id of 0: none was made. */
  readonly labels: readonly (MadeTuples | undefined)[];
  readonly numbers: readonly (MadeNumbers | undefined)[];
  readonly hashes: readonly (MadeHashes | undefined)[];
}

/** Has a row's value made from now on for all records with its telling text. */
export function wantFor({ telling }: MadeColumns, { wanted }: Sparse, row: number): void {
  const text = telling?.[row];
  // beyond the table everything is made
  if (text !== undefined && text < wanted.length) wanted[text] = 1;
}
