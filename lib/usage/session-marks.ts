import type { SessionTable } from './session-table.ts';

/** Further starts and ends of ids that are used again; beyond it they are counted. */
const MOST_REPEATED = 100_000;

/** A start or an end, and whose it is. */
export interface Mark {
  readonly isStart: boolean;
  readonly time: number;
  /** NaN but for an end that says. */
  readonly seconds: number;
  /** Ids in the dictionaries. */
  readonly client: number;
  readonly target: number;
}

interface Marks {
  readonly starts: Map<number, Mark>;
  readonly ends: Map<number, Mark>;
}

/** Starts and ends beyond the first of their ids, by the row of the id, each of one time once. */
export class RepeatedMarks {
  /** Those that were left out, since their ids came too often. */
  dropped = 0;
  private readonly byRow = new Map<number, Marks>();
  private count = 0;

  /** Of a row; undefined where it has none, as nearly all. */
  of(row: number): Mark[] | undefined {
    const marks = this.count === 0 ? undefined : this.byRow.get(row);
    return marks && [...marks.starts.values(), ...marks.ends.values()];
  }

  /** @param join what two marks of one time say together */
  add(row: number, mark: Mark, join: (known: Mark, mark: Mark) => Mark): void {
    const marks = this.byRow.get(row) ?? { starts: new Map<number, Mark>(), ends: new Map<number, Mark>() };
    const byTime = mark.isStart ? marks.starts : marks.ends;
    const known = byTime.get(mark.time);
    if (known !== undefined) {
      byTime.set(mark.time, join(known, mark));
      return;
    }
    if (this.count >= MOST_REPEATED) {
      this.dropped++;
      return;
    }
    this.count++;
    byTime.set(mark.time, mark);
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
      this.count += marks.starts.size + marks.ends.size;
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

/** The start and the end of a row, as far as there are. */
export function marksOf(table: SessionTable, row: number): Mark[] {
  const marks: Mark[] = [];
  const start = table.start[row]!;
  if (!Number.isNaN(start)) {
    const [client, target] = [table.client[row]!, table.target[row]!];
    marks.push({ isStart: true, time: start, seconds: Number.NaN, client, target });
  }
  const end = table.end[row]!;
  if (!Number.isNaN(end)) {
    const [client, target] = [table.clientOfEnd(row), table.targetOfEnd(row)];
    marks.push({ isStart: false, time: end, seconds: table.seconds[row]!, client, target });
  }
  return marks;
}
