/** Records that may begin in a room. */
export const MOST_PLACES = 8192;
const PLACE_BYTES = 4 + 8 + 8;

/**
 * Memory that joined values are put in, and the places of the records that begin among them, in columns behind it: threads
 * hand over both without anything being made for it.
 */
export class Room {
  readonly bytes: Buffer;
  /** Of each record its first byte, its offset in the partition, and its time, in milliseconds since the epoch. */
  readonly starts: Uint32Array;
  readonly offsets: Float64Array;
  readonly times: Float64Array;
  /** Bytes and records that are in it. */
  length = 0;
  records = 0;

  /**
   * @param at a multiple of 8
   * @param size of the values alone, a multiple of 8
   */
  constructor(buffer: ArrayBufferLike, at: number, size: number) {
    this.bytes = Buffer.from(buffer, at, size);
    const places = at + size;
    this.starts = new Uint32Array(buffer, places, MOST_PLACES);
    this.offsets = new Float64Array(buffer, places + 4 * MOST_PLACES, MOST_PLACES);
    this.times = new Float64Array(buffer, places + 12 * MOST_PLACES, MOST_PLACES);
  }

  /** Of a room for so many bytes of values. */
  static bytesFor(size: number): number {
    return size + PLACE_BYTES * MOST_PLACES;
  }

  get isFull(): boolean {
    return this.length === this.bytes.length || this.records === MOST_PLACES;
  }

  clear(): void {
    this.length = 0;
    this.records = 0;
  }

  /** A record begins so many bytes behind the first one. */
  place(start: number, offset: number, time: number): void {
    const k = this.records++;
    this.starts[k] = start;
    this.offsets[k] = offset;
    this.times[k] = time;
  }
}
