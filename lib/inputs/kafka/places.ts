import type { RecordPlaces } from '../../kafka/record-places.ts';

/** Bytes behind which nobody asks any more where something was: more than can be between parse and dead letters. */
const REMEMBERED = 1 << 26;

/** Records of one partition that stand one behind the other in what was given out. */
export interface Run {
  readonly topic: string;
  readonly partition: number;
  /** Absolute offset, among the bytes given out, that the places count from. */
  readonly base: number;
  readonly places: RecordPlaces;
}

export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Which record a byte that was given out belongs to; of the last ones only. */
export class Places {
  private runs: Run[] = [];
  private readonly remembered: number;

  constructor(remembered = REMEMBERED) {
    this.remembered = remembered;
  }

  /** Runs come in the order of their bytes. */
  add(run: Run): void {
    this.runs.push(run);
    // in blocks, since a shift moves all that is behind
    if (this.runs.length > 2 && this.runs[this.runs.length >> 1]!.base < run.base - this.remembered) {
      this.runs = this.runs.slice(this.runs.length >> 1);
    }
  }

  /** undefined for what was long ago. */
  at(offset: number): RecordPlace | undefined {
    const run = this.runs[lastAtMost(this.runs.length, (k) => this.runs[k]!.base, offset)];
    if (run === undefined) return undefined;
    const { topic, partition, places } = run;
    const record = lastAtMost(places.count, (k) => places.starts[k]!, offset - run.base);
    if (record < 0) return undefined;
    return { topic, partition, offset: places.offsets[record]!, time: places.times[record]! };
  }
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
