import type { Batch, RowList } from '../batch/batch.ts';

/** The hashes of those records of a batch that someone asks for, each made once: several metrics sample one record. */
export class RecordHashes {
  /** Two words for each row, the lower first; valid for rows that `make` was called with. */
  words: Uint32Array = new Uint32Array(0);
  private known: Uint8Array = new Uint8Array(0);
  private missing: Uint32Array = new Uint32Array(0);

  /** Forgets what was known: rows are those of another batch. */
  begin(rows: number): void {
    if (this.known.length < rows) {
      this.words = new Uint32Array(4 * rows);
      this.known = new Uint8Array(2 * rows);
      this.missing = new Uint32Array(2 * rows);
    } else {
      this.known.fill(0, 0, rows);
    }
  }

  make(batch: Batch, rows: RowList): void {
    const { known, missing, words } = this;
    let count = 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      missing[count] = row;
      count += 1 - known[row]!;
      known[row] = 1;
    }
    if (count === 0) return;
    const list = missing.subarray(0, count);
    const made = batch.recordHashes(list);
    for (let k = 0; k < count; k++) {
      const row = list[k]!;
      words[2 * row] = made[2 * k]!;
      words[2 * row + 1] = made[2 * k + 1]!;
    }
  }
}
