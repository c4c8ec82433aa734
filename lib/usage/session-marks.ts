/** Further starts and ends of ids that are used again; beyond it they are counted. */
const MOST_REPEATED = 100_000;

/** A start or an end beyond the first of its id, whose it is being told for all of them together. */
export interface Mark {
  readonly isStart: boolean;
  readonly time: number;
  /** NaN but for an end that says. */
  seconds: number;
}

/** Starts and ends beyond the first of their ids, by the row of the id. */
export class RepeatedMarks {
  /** Those that were left out, since their ids came too often. */
  dropped = 0;
  private readonly byRow = new Map<number, Mark[]>();
  private count = 0;

  /** Of a row; undefined where it has none, as nearly all. */
  of(row: number): readonly Mark[] | undefined {
    return this.count === 0 ? undefined : this.byRow.get(row);
  }

  add(row: number, mark: Mark): void {
    const marks = this.byRow.get(row) ?? [];
    const known = marks.find(({ isStart, time }) => isStart === mark.isStart && time === mark.time);
    if (known !== undefined) {
      known.seconds = longer(known.seconds, mark.seconds);
      return;
    }
    if (this.count >= MOST_REPEATED) {
      this.dropped++;
      return;
    }
    this.count++;
    marks.push(mark);
    this.byRow.set(row, marks);
  }

  /** Leaves those of these rows alone, ascending, which are numbered anew from 0. */
  keep(rows: Uint32Array): void {
    if (this.count === 0) return;
    const all = new Map(this.byRow);
    this.byRow.clear();
    this.count = 0;
    rows.forEach((row, k) => {
      const marks = all.get(row);
      if (marks === undefined) return;
      this.byRow.set(k, marks);
      this.count += marks.length;
    });
  }
}

/** Of two durations of one end the longer one, or the one that is said. */
export function longer(a: number, b: number): number {
  return Number.isNaN(a) || b > a ? b : a;
}

/** Starts and ends of one id, each end with the start before it. */
export function paired(marks: Mark[]): [start: Mark | undefined, end: Mark | undefined][] {
  marks.sort((a, b) => a.time - b.time || Number(b.isStart) - Number(a.isStart));
  const pairs: [Mark | undefined, Mark | undefined][] = [];
  let open: Mark | undefined;
  for (const mark of marks) {
    if (!mark.isStart) {
      pairs.push([open, mark]);
      open = undefined;
    } else {
      if (open !== undefined) pairs.push([open, undefined]);
      open = mark;
    }
  }
  if (open !== undefined) pairs.push([open, undefined]);
  return pairs;
}
