import type { Marks } from './watermark.ts';

/** Boundaries that are kept until they are reported; of more than these the oldest are left out. */
const MOST = 10_000;

/**
 * Which reports are due of a share. A report is of a boundary, a multiple of the interval, behind which a mark lies: a
 * silent gap gives one, not many. All shares are told the same marks, each partition's in order, so that they have the
 * same boundaries, however many marks one of them takes at once.
 */
export class DueReports {
  private readonly interval: number;
  /** Ascending. */
  private boundaries: number[];
  private last: number;

  /**
   * @param interval milliseconds
   * @param reported the last report, milliseconds since the epoch; -Infinity before the first
   * @param boundaries that were heard of, and not reported
   */
  constructor(interval: number, reported: number, boundaries: readonly number[]) {
    this.interval = interval;
    this.last = reported;
    this.boundaries = [...boundaries];
  }

  get reported(): number {
    return this.last;
  }

  /** To be taken by whoever goes on. */
  get open(): readonly number[] {
    return this.boundaries;
  }

  take(marks: Marks): void {
    for (const time of Object.values(marks)) {
      if (time !== null) this.add(boundaryOf(time, this.interval));
    }
  }

  add(boundary: number): void {
    if (boundary <= this.last || this.boundaries.includes(boundary)) return;
    this.boundaries.push(boundary);
    this.boundaries.sort((a, b) => a - b);
    if (this.boundaries.length > MOST) this.boundaries.shift();
  }

  /** The first boundary that the watermark has reached. */
  next(watermark: number): number | undefined {
    const [first] = this.boundaries;
    return first !== undefined && first <= watermark ? first : undefined;
  }

  report(time: number): void {
    this.last = time;
    this.boundaries = this.boundaries.filter((boundary) => boundary > time);
  }
}

const boundaryOf = (time: number, interval: number): number => Math.floor(time / interval) * interval;

/** Which shares have to be reported first, so that a report is of all shares whoever made which part of it. */
export interface Behind {
  /** Numbers of places in what was asked about. */
  readonly places: readonly number[];
  /** The report that some of the others had next. */
  readonly until: number;
}

/**
 * Those that were reported least far, up to a boundary, where others have been reported further: their processes may have
 * ended in between.
 * @param reported of each share, milliseconds since the epoch; -Infinity before its first report
 */
export function behind(reported: readonly number[], interval: number): Behind | undefined {
  return least(reported.map((time) => boundaryOf(time, interval)));
}

/** Those of the earliest times, where others are later. */
export function least(times: readonly number[]): Behind | undefined {
  const first = Math.min(...times);
  const until = Math.min(...times.filter((time) => time > first));
  if (until === Number.POSITIVE_INFINITY) return undefined;
  return { places: times.flatMap((time, place) => (time === first ? [place] : [])), until };
}
