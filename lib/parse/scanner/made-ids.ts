/** Ids that a worker made of some rows of a column, and what they are here. */
export class MadeIds {
  /** Per row the worker's id plus one; 0 where it made none. */
  private readonly ids: Uint32Array;
  /** By the same our id plus one; 0 = not met yet: then the row tells. */
  private readonly ours: Uint32Array;

  constructor(ids: Uint32Array, ours: Uint32Array) {
    this.ids = ids;
    this.ours = ours;
  }

  /** Our id of a row, plus one; 0 if it is not known. */
  at(row: number): number {
    return this.ours[this.ids[row]!]!;
  }

  learn(row: number, id: number): void {
    const theirs = this.ids[row]!;
    if (theirs !== 0) this.ours[theirs] = id + 1;
  }
}

/** The columns of a batch that a worker made, by field. */
export interface MadeColumns {
  readonly ids: readonly (MadeIds | undefined)[];
  readonly keys: readonly (MadeIds | undefined)[];
}
