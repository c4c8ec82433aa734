/** Bytes behind which nobody asks any more where something was: more than can be between parse and dead letters. */
const REMEMBERED = 1 << 26;
/** Records that room is kept for at first: as many as so many bytes are, as a rule. The system gives what is written to. */
const FIRST_ROOM = 1 << 18;

/** Records of one partition that stand one behind the other in what was given out. */
export interface Run {
  readonly topic: string;
  readonly partition: number;
  /** Absolute offset, among the bytes given out, that the starts count from. */
  readonly base: number;
  /** Of each record that begins there its first byte, its offset, and its time, in milliseconds since the epoch. */
  readonly starts: Uint32Array;
  readonly offsets: Float64Array;
  readonly times: Float64Array;
}

export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

interface Kept {
  readonly topic: string;
  readonly partition: number;
  readonly base: number;
  /** The number of its first record among all, and how many they are. */
  readonly first: number;
  readonly count: number;
}

/**
 * Which record a byte that was given out belongs to; of the last ones only. Records are kept by their numbers, in columns
 * that are used again and again: the garbage collector sees none of them.
 */
export class Places {
  private runs: Kept[] = [];
  /** So many of these are forgotten. */
  private forgotten = 0;
  private readonly remembered: number;
  private count = 0;
  private starts: Uint32Array;
  private offsets: Float64Array;
  private times: Float64Array;

  constructor(remembered = REMEMBERED, room = FIRST_ROOM) {
    this.remembered = remembered;
    this.starts = new Uint32Array(room);
    this.offsets = new Float64Array(room);
    this.times = new Float64Array(room);
  }

  /** Runs come in the order of their bytes; the columns are the caller's again. */
  add({ topic, partition, base, starts, offsets, times }: Run): void {
    const { length } = starts;
    this.runs.push({ topic, partition, base, first: this.count, count: length });
    this.forget(base - this.remembered);
    this.makeRoom(length);
    const at = this.placeOf(this.count);
    const fits = Math.min(length, this.starts.length - at);
    copy(this.starts, starts, at, fits);
    copy(this.offsets, offsets, at, fits);
    copy(this.times, times, at, fits);
    this.count += length;
  }

  /** What comes before the run that an offset is in. */
  private forget(offset: number): void {
    const { runs } = this;
    while (this.forgotten + 1 < runs.length && runs[this.forgotten + 1]!.base <= offset) this.forgotten++;
    // in blocks, since a shift moves all that is behind
    if (2 * this.forgotten < runs.length) return;
    this.runs = runs.slice(this.forgotten);
    this.forgotten = 0;
  }

  /** undefined for what was long ago. */
  at(offset: number): RecordPlace | undefined {
    const { runs } = this;
    let k = lastAtMost(runs.length, (k) => runs[k]!.base, offset);
    for (; k >= this.forgotten; k--) {
      const { topic, partition, base, first, count } = runs[k]!;
      const record = lastAtMost(count, (k) => this.starts[this.placeOf(first + k)]!, offset - base);
      if (record < 0) continue; // it began before
      const place = this.placeOf(first + record);
      return { topic, partition, offset: this.offsets[place]!, time: this.times[place]! };
    }
    return undefined;
  }

  private placeOf(record: number): number {
    return record % this.starts.length;
  }

  /** For so many records more than there are. */
  private makeRoom(more: number): void {
    const { first } = this.runs[this.forgotten]!;
    const needed = this.count - first + more;
    const before = this.starts.length;
    if (needed <= before) return;
    const { starts, offsets, times } = this;
    const room = 2 ** Math.ceil(Math.log2(needed));
    this.starts = new Uint32Array(room);
    this.offsets = new Float64Array(room);
    this.times = new Float64Array(room);
    for (let record = first; record < this.count; ) {
      // as far as neither column ends
      const [from, to] = [record % before, this.placeOf(record)];
      const some = Math.min(this.count - record, before - from, room - to);
      this.starts.set(starts.subarray(from, from + some), to);
      this.offsets.set(offsets.subarray(from, from + some), to);
      this.times.set(times.subarray(from, from + some), to);
      record += some;
    }
  }
}

/** So many of them from `at` on, what is left from the beginning on. */
function copy<A extends Uint32Array | Float64Array>(to: A, from: A, at: number, fits: number): void {
  to.set(from.subarray(0, fits), at);
  if (fits < from.length) to.set(from.subarray(fits), 0);
}

/** The greatest index whose value is at most `limit`, of ascending ones; -1 if there is none. */
function lastAtMost(length: number, valueAt: (index: number) => number, limit: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueAt(middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
