/** A record this far ahead of the wall clock has a wrong clock of its own and does not move ours. */
const MAX_AHEAD_MS = 3_600_000;

/** Event time: the newest timestamp seen. It never goes back. Milliseconds since the epoch. */
export class EventClock {
  private newestTime = Number.NEGATIVE_INFINITY;

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

  /** Whether records are as new as the wall clock, give or take two intervals: then the run is live. */
  isLive(now: number, interval: number): boolean {
    return this.started && this.newestTime >= now - 2 * interval;
  }
}

/** When reports fall due: on multiples of the interval since the epoch, once a record lies behind the multiple. */
export class ReportSchedule {
  /** Milliseconds. */
  readonly interval: number;
  private next = Number.POSITIVE_INFINITY;

  constructor(interval: number) {
    this.interval = interval;
  }

  /** The boundary that a report will have; a record at that very time belongs to it. */
  get boundary(): number {
    return this.next;
  }

  /** The first boundary at or after a time. A silent gap thus gives one report, not many. */
  aimAt(time: number): void {
    this.next = Math.ceil(time / this.interval) * this.interval;
  }
}
