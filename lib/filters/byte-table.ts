const FIRST_IDS = 256;

/** What is remembered of something that ids stand for. */
export const UNKNOWN = 0;
export const NO = 1;
export const YES = 2;

/** A byte for every id of a dictionary, UNKNOWN until it is set. Grows with the ids that are met. */
export class ByteTable {
  private bytes = new Uint8Array(FIRST_IDS);

  get(id: number): number {
    return id < this.bytes.length ? this.bytes[id]! : UNKNOWN;
  }

  set(id: number, value: number): void {
    if (id >= this.bytes.length) {
      const grown = new Uint8Array(Math.max(id + 1, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[id] = value;
  }
}
