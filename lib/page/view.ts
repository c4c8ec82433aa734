import { isOfOpenZiti } from '../events/metric-event.ts';
import { MINUTE_MS, MINUTES_A_DAY } from '../usage/days.ts';
import type { Activity, Snapshot } from './snapshot.ts';
import { Bits, type Total, Totals } from './totals.ts';

/** What the page shows of a snapshot for a range of days: one pass over the cells, no state. */

/** Days since the epoch, UTC, both included. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

export interface PairRow extends Total {
  readonly user: number;
  readonly target: number;
}

export interface UserRow extends Total {
  readonly user: number;
  targets: number;
}

export interface TargetRow extends Total {
  readonly target: number;
  users: number;
}

export interface View {
  readonly range: DayRange;
  readonly total: { readonly sessions: number; readonly seconds: number };
  /** By day of the range. */
  readonly daily: { readonly sessions: number[]; readonly seconds: number[]; readonly users: number[] };
  /** With at least one session in the range, most sessions first. */
  readonly pairs: readonly PairRow[];
  readonly users: readonly UserRow[];
  readonly targets: readonly TargetRow[];
}

/** The days of which there is anything; today alone where there is nothing. */
export function wholeRange({ head, cells }: Snapshot): DayRange {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const day of cells.day) {
    if (day < from) from = day;
    if (day > to) to = day;
  }
  if (from <= to) return { from, to };
  const today = Math.floor((head.period?.to ?? head.made) / 86_400_000);
  return { from: today, to: today };
}

export function viewOf(snapshot: Snapshot, range: DayRange): View {
  const { head, pairs, cells } = snapshot;
  const days = range.to - range.from + 1;
  const daily = {
    sessions: new Array<number>(days).fill(0),
    seconds: new Array<number>(days).fill(0),
    users: new Array<number>(days).fill(0),
  };
  const totals = new Totals(pairs.user.length);
  const seen = new Bits(head.users.length * days);
  const total = { sessions: 0, seconds: 0 };
  for (let k = 0; k < cells.day.length; k++) {
    const day = cells.day[k]!;
    if (day < range.from || day > range.to) continue;
    const pair = cells.pair[k]!;
    const sessions = cells.sessions[k]!;
    const seconds = cells.seconds[k]!;
    totals.add(pair, sessions, seconds, day, day);
    total.sessions += sessions;
    total.seconds += seconds;
    const place = day - range.from;
    daily.sessions[place]! += sessions;
    daily.seconds[place]! += seconds;
    if (seen.add(pairs.user[pair]! * days + place)) daily.users[place]!++;
  }
  const rows = totals.rows((pair, { sessions, seconds, firstDay, lastDay }): PairRow => {
    const user = pairs.user[pair]!;
    const target = pairs.target[pair]!;
    return { user, target, sessions, seconds, firstDay, lastDay };
  });
  return { range, total, daily, pairs: rows, ...groups(snapshot, totals) };
}

/** Pairs put together by user and by target. */
function groups({ head, pairs }: Snapshot, byPair: Totals): Pick<View, 'users' | 'targets'> {
  const users = new Totals(head.users.length);
  const targets = new Totals(head.targets.length);
  for (let pair = 0; pair < pairs.user.length; pair++) {
    users.join(pairs.user[pair]!, byPair, pair);
    targets.join(pairs.target[pair]!, byPair, pair);
  }
  return {
    users: users.rows((user, total, targets) => ({ user, targets, ...total })),
    targets: targets.rows((target, total, users) => ({ target, users, ...total })),
  };
}

/** Whether all that came are metrics of an OpenZiti controller: then they are what is looked at first. */
export function isOfController({ head, cells }: Pick<Snapshot, 'head' | 'cells'>): boolean {
  return cells.pair.length === 0 && head.metrics.some(({ metric }) => isOfOpenZiti(metric));
}

export function titleOf(snapshot: Snapshot): string {
  return isOfController(snapshot) ? 'OpenZiti metrics' : snapshot.head.title;
}

export interface Concurrency {
  /** Milliseconds since the epoch, of each step's begin. */
  readonly times: number[];
  /** The most sessions at once in each step. */
  readonly most: number[];
  readonly peak: number;
}

/** Minutes that a step of the chart may have, and how many of them a chart has room for. */
const STEPS = [1, 5, 15, 60, 180, 360, MINUTES_A_DAY, 7 * MINUTES_A_DAY];
const MOST_POINTS = 800;

/**
 * The most sessions at once in steps of a range.
 * @param period of the records, milliseconds: nothing is drawn outside of it
 */
export function sessionsAtOnce(
  { minute, starts, ends, most: highest }: Activity,
  range: DayRange,
  period?: { readonly from: number; readonly to: number },
): Concurrency {
  const first = period === undefined ? 0 : Math.floor(period.from / MINUTE_MS);
  const last = period === undefined ? Number.POSITIVE_INFINITY : Math.floor(period.to / MINUTE_MS) + 1;
  const begin = Math.max(range.from * MINUTES_A_DAY, first);
  const end = Math.max(begin + 1, Math.min((range.to + 1) * MINUTES_A_DAY, last));
  const step = STEPS.find((minutes) => (end - begin) / minutes <= MOST_POINTS) ?? STEPS.at(-1)!;
  const steps = Math.ceil((end - begin) / step);
  const most = new Array<number>(steps).fill(0);
  let active = 0;
  let peak = 0;
  let next = 0;
  // what goes on into a step counts there, too
  const fillTo = (until: number): void => {
    for (; next < until; next++) most[next] = Math.max(most[next]!, active);
  };
  for (let k = 0; k < minute.length; k++) {
    const at = minute[k]!;
    if (at >= end) break;
    const place = Math.floor((at - begin) / step);
    if (place >= 0) fillTo(place + 1);
    if (place >= 0) {
      most[place] = Math.max(most[place]!, highest[k]!);
      peak = Math.max(peak, highest[k]!);
    }
    active += starts[k]! - ends[k]!;
  }
  fillTo(steps);
  for (const value of most) peak = Math.max(peak, value);
  const times = most.map((_, k) => (begin + k * step) * MINUTE_MS);
  return { times, most, peak };
}

/** Sessions started by weekday (Monday first) and hour, UTC: 7 times 24 counts. */
export function weekOf({ minute, starts }: Activity, range: DayRange): number[][] {
  const week = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
  for (let k = 0; k < minute.length; k++) {
    const day = Math.floor(minute[k]! / MINUTES_A_DAY);
    if (day < range.from || day > range.to) continue;
    // 1 January 1970 was a Thursday
    week[(day + 3) % 7]![Math.floor((minute[k]! % MINUTES_A_DAY) / 60)]! += starts[k]!;
  }
  return week;
}
