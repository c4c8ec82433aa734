import { discard, grown, nextRoom, vastRoom } from '../math/growth.ts';
import { between, position } from '../math/percentile.ts';
import type { SessionView } from './session-view.ts';

const FIRST_ROOM = 1024;

/** The figures of some sessions. */
export interface GroupFigures {
  sessions: number;
  /** Their time together. */
  seconds: number;
  p50: number;
  p95: number;
  max: number;
  /** The first start and the last sign of life, milliseconds since the epoch. */
  first: number;
  last: number;
  /** Different users. */
  users: number;
}

/** Of no session. */
export const nothing: GroupFigures = {
  sessions: 0,
  seconds: 0,
  p50: 0,
  p95: 0,
  max: 0,
  first: Number.NaN,
  last: Number.NaN,
  users: 0,
};

/** Sessions by group, with all their durations and users: columns with a place for each membership. */
export class Members {
  private length = 0;
  private groups = 0;
  private group: Uint32Array = new Uint32Array(FIRST_ROOM);
  private user: Uint32Array = new Uint32Array(FIRST_ROOM);
  private seconds: Float64Array = new Float64Array(FIRST_ROOM);
  private first: Float64Array = new Float64Array(FIRST_ROOM);
  private last: Float64Array = new Float64Array(FIRST_ROOM);

  /** @param group known, or the next one. @param now the newest record's time, milliseconds since the epoch */
  add(group: number, { start, end, seconds }: SessionView, user: number, now: number): void {
    if (this.length === this.group.length) this.grow();
    this.group[this.length] = group;
    this.user[this.length] = user;
    this.seconds[this.length] = seconds;
    this.length++;
    const last = Number.isNaN(end) ? Math.max(start, now) : end;
    if (group >= this.groups) {
      this.begin(group, start, last);
      return;
    }
    if (start < this.first[group]!) this.first[group] = start;
    if (last > this.last[group]!) this.last[group] = last;
  }

  /** What is known of each group. There is nothing here after that. */
  settle(): GroupedFigures {
    const { length, group, groups, user, first, last } = this;
    const starts = new Uint32Array(groups + 1);
    for (let k = 0; k < length; k++) starts[group[k]! + 1]!++;
    for (let k = 0; k < groups; k++) starts[k + 1]! += starts[k]!;
    const places = starts.slice();
    const seconds = new Float64Array(length);
    const users = new Uint32Array(length);
    for (let k = 0; k < length; k++) {
      const place = places[group[k]!]!++;
      seconds[place] = this.seconds[k]!;
      users[place] = user[k]!;
    }
    for (const column of [group, user, this.seconds]) discard(column);
    this.length = 0;
    return new GroupedFigures({ starts, seconds, users, first, last });
  }

  private begin(group: number, first: number, last: number): void {
    if (group === this.first.length) {
      this.first = grown(this.first, nextRoom(group));
      this.last = grown(this.last, nextRoom(group));
    }
    this.groups = group + 1;
    this.first[group] = first;
    this.last[group] = last;
  }

  private grow(): void {
    const room = vastRoom(this.group.length);
    this.group = grown(this.group, room);
    this.user = grown(this.user, room);
    this.seconds = grown(this.seconds, room);
  }
}

/** The memberships of each group side by side. */
interface Columns {
  /** Where those of each group begin, and where the last one's end. */
  readonly starts: Uint32Array;
  readonly seconds: Float64Array;
  readonly users: Uint32Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
}

/** The figures of groups by number: a hundred thousand are columns, of which few become objects. */
export class GroupedFigures {
  /** How many groups. */
  readonly length: number;
  private readonly columns: Columns;
  private readonly sums: Float64Array;
  private readonly users: Uint32Array;

  constructor(columns: Columns) {
    const { starts, seconds, users } = columns;
    this.columns = columns;
    this.length = starts.length - 1;
    this.sums = new Float64Array(this.length);
    this.users = new Uint32Array(this.length);
    for (let group = 0; group < this.length; group++) {
      this.sums[group] = exactSum(seconds.subarray(starts[group], starts[group + 1]).sort());
      this.users[group] = distinct(users.subarray(starts[group], starts[group + 1]).sort());
    }
  }

  figure(group: number, of: keyof GroupFigures): number {
    const { starts, seconds, first, last } = this.columns;
    switch (of) {
      case 'sessions':
        return starts[group + 1]! - starts[group]!;
      case 'seconds':
        return this.sums[group]!;
      case 'p50':
        return this.percentile(group, 0.5);
      case 'p95':
        return this.percentile(group, 0.95);
      case 'max':
        return seconds[starts[group + 1]! - 1]!;
      case 'users':
        return this.users[group]!;
      case 'first':
        return first[group]!;
      case 'last':
        return last[group]!;
    }
  }

  figures(group: number): GroupFigures {
    const figures = { ...nothing };
    for (const of of Object.keys(figures) as (keyof GroupFigures)[]) figures[of] = this.figure(group, of);
    return figures;
  }

  private percentile(group: number, q: number): number {
    const { starts, seconds } = this.columns;
    const from = starts[group]!;
    const length = starts[group + 1]! - from;
    const at = position(q, length);
    const lower = Math.floor(at);
    return between(seconds[from + lower - 1]!, seconds[from + Math.min(lower, length - 1)]!, at - lower);
  }
}

function distinct(sorted: Uint32Array): number {
  let count = 0;
  for (let k = 0; k < sorted.length; k++) if (k === 0 || sorted[k] !== sorted[k - 1]) count++;
  return count;
}

/** Compensated (Neumaier), and over sorted values: it does not depend on the order of the input. */
function exactSum(sorted: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of sorted) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
