/** Batches between two looks at whether a column that is read in one go is still asked for throughout. */
const LOOK_EVERY = 64;

/**
 * How much of a column consumers asked for. A column that was asked for in half of the rows of a batch or more is read
 * in one go in the next ones, which saves a call for each row; others row by row, so that texts that nobody asks for
 * stay out of the dictionary.
 */
export class Usage {
  /** Rows that were asked for one by one since the batch began. */
  count = 0;
  private rows = 0;
  private batches = 0;
  private throughout = false;

  /** A batch begins. Whether its column is to be read in one go. */
  begin(rows: number): boolean {
    const looked = !this.throughout || this.batches % LOOK_EVERY === 0;
    if (looked && this.rows > 0) this.throughout = this.count * 2 >= this.rows;
    this.count = 0;
    this.rows = rows;
    this.batches++;
    return this.throughout && this.batches % LOOK_EVERY !== 0;
  }
}
