const FIRST_ROOM = 64;

/**
 * Where records stand among joined values, by their number. In arrays of numbers alone: of lists of numbers the garbage
 * collector would look through millions.
 */
export class RecordPlaces {
  count = 0;
  /** Of the record's first byte. */
  starts = new Uint32Array(0);
  offsets = new Float64Array(0);
  /** Milliseconds since the epoch. */
  times = new Float64Array(0);

  add(start: number, offset: number, time: number): void {
    const { count } = this;
    if (count === this.starts.length) this.reserve(Math.max(FIRST_ROOM, 2 * count));
    this.starts[count] = start;
    this.offsets[count] = offset;
    this.times[count] = time;
    this.count = count + 1;
  }

  private reserve(records: number): void {
    const { starts, offsets, times } = this;
    this.starts = new Uint32Array(records);
    this.starts.set(starts);
    this.offsets = new Float64Array(records);
    this.offsets.set(offsets);
    this.times = new Float64Array(records);
    this.times.set(times);
  }
}
