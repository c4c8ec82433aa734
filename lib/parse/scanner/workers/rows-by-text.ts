/**
 * The rows of a batch by the id of a text that they have, so that those with some texts are found without looking at
 * all. Ids from a limit on count as one text, which is the limit. Used again and again.
 */
export class RowsByText {
  private readonly counts: Uint32Array;
  /** Behind the rows of each text that is present, in `rows`. */
  private readonly ends: Uint32Array;
  private readonly limit: number;
  private rows: Uint32Array = new Uint32Array(0);
  private present: Uint32Array;
  private texts = 0;

  constructor(limit: number) {
    this.limit = limit;
    this.counts = new Uint32Array(limit + 1);
    this.ends = new Uint32Array(limit + 1);
    this.present = new Uint32Array(limit + 1);
  }

  /** @param texts by row */
  sort(texts: Uint32Array | Uint8Array): void {
    const { counts, ends, present, limit } = this;
    if (this.rows.length < texts.length) this.rows = new Uint32Array(2 * texts.length);
    const { rows } = this;
    for (let k = 0; k < this.texts; k++) counts[present[k]!] = 0;
    let distinct = 0;
    for (let row = 0; row < texts.length; row++) {
      const text = Math.min(texts[row]!, limit);
      if (counts[text]!++ === 0) present[distinct++] = text;
    }
    this.texts = distinct;
    let start = 0;
    for (let k = 0; k < distinct; k++) {
      ends[present[k]!] = start;
      start += counts[present[k]!]!;
    }
    for (let row = 0; row < texts.length; row++) rows[ends[Math.min(texts[row]!, limit)]!++] = row;
  }

  /**
   * The rows whose text is wanted, those of one text behind those of another; of the limit's, all.
   * @param wanted by text
   * @param to has room for all rows
   * @returns how many there are
   */
  select(wanted: Uint8Array, to: Uint32Array): number {
    const { counts, ends, present, limit, rows } = this;
    let count = 0;
    for (let k = 0; k < this.texts; k++) {
      const text = present[k]!;
      if (text < limit && wanted[text] === 0) continue;
      const end = ends[text]!;
      for (let at = end - counts[text]!; at < end; at++) to[count++] = rows[at]!;
    }
    return count;
  }
}
