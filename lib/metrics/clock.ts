/** A record this far ahead of the wall clock has a wrong clock of its own and does not move ours. */
export const MAX_AHEAD_MS = 3_600_000;
/** How long times are watched before they can be called live. */
const WATCHED_MS = 1000;
/** Records so new are of now however short the interval: else a burst would be old before it was watched. */
const FRESH_MS = 5 * WATCHED_MS;
/** Times that advance faster than the wall clock by more than this are read from somewhere, not written now. */
const MAX_SPEED = 10;

/** How far event time had come at some time of the wall clock. Milliseconds since the epoch. */
interface Mark {
  readonly now: number;
  readonly time: number;
}

/** Event time: the newest timestamp seen. It never goes back. Milliseconds since the epoch. */
export class EventClock {
  /** The oldest time of the records that were seen one by one; Infinity before the first. */
  oldest = Number.POSITIVE_INFINITY;
  private newestTime = Number.NEGATIVE_INFINITY;
  /** The older mark is what speed is measured from; undefined before the first record. */
  private older: Mark | undefined;
  private newer: Mark | undefined;

  get started(): boolean {
    return this.newestTime > Number.NEGATIVE_INFINITY;
  }

  /** The newest time; 0 as long as no record had any. */
  get time(): number {
    return this.started ? this.newestTime : 0;
  }

  moves(time: number): boolean {
    return time > this.newestTime;
  }

  isTooFarAhead(time: number, now: number): boolean {
    return time > now + MAX_AHEAD_MS;
  }

  advance(time: number): void {
    if (time > this.newestTime) this.newestTime = time;
  }

  /**
   * Looks at the wall clock, before time is moved: what comes now is no older than that. Called often, as speed is
   * measured from the call before the last second.
   */
  watch(now: number): void {
    if (!this.started) return;
    const mark = { now, time: this.newestTime };
    if (this.newer === undefined) this.older = mark;
    else if (now - this.newer.now < WATCHED_MS) return;
    else this.older = this.newer;
    this.newer = mark;
  }

  /** The wall clock moves time on as records pause: that is no speed of theirs. */
  moveOn(now: number): void {
    this.advance(now);
    if (this.older !== undefined) this.older = { now: this.older.now, time: this.newestTime };
    if (this.newer !== undefined) this.newer = { now: this.newer.now, time: this.newestTime };
  }

  /**
   * Whether records are written as they are read: they are as new as the wall clock, give or take two intervals or five seconds, and for
   * a second at least their times have not rushed to it, as those of a dump do.
   */
  isLive(now: number, interval: number): boolean {
    const { older, newestTime } = this;
    if (older === undefined || newestTime < now - Math.max(2 * interval, FRESH_MS)) return false;
    const watched = now - older.now;
    return watched >= WATCHED_MS && newestTime - older.time <= MAX_SPEED * watched;
  }
}

/** What a report is of. Milliseconds since the epoch. */
export interface ReportPeriod {
  /** The last report, or the oldest record before the first; of reports of intervals. */
  readonly since: number;
  readonly time: number;
}

/** When reports fall due: on multiples of the interval since the epoch, once a record lies behind the multiple. */
export class ReportSchedule {
  /** Milliseconds. */
  readonly interval: number;
  /** The time of the last report; -Infinity before the first. Milliseconds. */
  reported = Number.NEGATIVE_INFINITY;
  private next = Number.POSITIVE_INFINITY;

  constructor(interval: number) {
    this.interval = interval;
  }

  /** The boundary that a report will have; a record at that very time belongs to it. */
  get boundary(): number {
    return this.next;
  }

  /** What a report of this time is of, with which it is the last one: the first begins with the oldest record. */
  take({ oldest }: EventClock, time: number): ReportPeriod {
    const since = this.reported > Number.NEGATIVE_INFINITY ? this.reported : oldest;
    this.reported = time;
    return { since: Math.min(since, time), time };
  }

  /** The first boundary at or after a time. A silent gap thus gives one report, not many. */
  aimAt(time: number): void {
    this.next = Math.ceil(time / this.interval) * this.interval;
  }
}
