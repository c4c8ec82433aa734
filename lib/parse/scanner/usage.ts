import type { Wants } from '../../batch/wants.ts';

/** Rows to look at before it is decided how a column is read. */
const ROWS_OF_A_LOOK = 2048;
/** Rows read in one go before the next look. */
const ROWS_BETWEEN_LOOKS = 1 << 18;
/** A worker makes a column that is asked for in one of so many rows: the main thread has more to do than workers. */
const WORTH_A_WORKER = 16;
/** Rows before that is decided. */
const FIRST_ROWS = 512;

/**
 * How much of a column consumers ask for, by row or by list. One that is asked for in half of the rows or more is read
 * in one go, which saves calls; of others what is asked for, so that texts that nobody asks for stay out of the
 * dictionary.
 */
export class Usage {
  /** Rows that were asked for, one by one or in lists. */
  count = 0;
  /** Rows of this look, or that were read in one go since. */
  private rows = 0;
  private throughout = false;
  private often = false;

  /** A batch begins. Whether its column is to be read in one go. */
  begin(rows: number): boolean {
    if (this.rows >= FIRST_ROWS && this.count * WORTH_A_WORKER >= this.rows) this.often = true;
    if (this.rows >= (this.throughout ? ROWS_BETWEEN_LOOKS : ROWS_OF_A_LOOK)) {
      this.throughout = !this.throughout && this.count * 2 >= this.rows;
      this.count = 0;
      this.rows = 0;
    }
    this.rows += rows;
    return this.throughout;
  }

  /** Whether it was ever asked for so much that workers should make it ahead; never taken back. */
  get worthAWorker(): boolean {
    return this.often;
  }
}

/** The usage of all columns; common to the engines that serve the same consumers. */
export class Usages {
  /** By field. */
  readonly ids: readonly Usage[];
  readonly keys: readonly Usage[];
  readonly numbers: readonly Usage[];
  readonly hashes: readonly Usage[];
  /** By label set. */
  readonly labels: readonly Usage[];

  constructor(wants: Pick<Wants, 'fields' | 'labelSets'>) {
    this.ids = wants.fields.map(() => new Usage());
    this.keys = wants.fields.map(() => new Usage());
    this.numbers = wants.fields.map(() => new Usage());
    this.hashes = wants.fields.map(() => new Usage());
    this.labels = wants.labelSets.map(() => new Usage());
  }

  /** How many columns workers should make ahead; never fewer than before. */
  get worthAWorker(): number {
    let count = 0;
    for (const of of [this.ids, this.keys, this.numbers, this.hashes, this.labels]) {
      for (const usage of of) if (usage.worthAWorker) count++;
    }
    return count;
  }
}
