import { BoundedTable } from './bounded-table.ts';

/** Sessions that can be open at a time before the oldest is taken for one whose end was never written. */
export const MOST_OPEN_SESSIONS = 100_000;

export interface SessionBounds {
  readonly limit?: number | undefined;
  /** Milliseconds of event time; 0 = no bound. */
  readonly maxAge: number;
}

/** How many sessions are open: the ids of those that have started and not ended, which is all that most runs need. */
export class Sessions {
  private readonly open: BoundedTable<number>;
  private seen = false;

  constructor({ limit = MOST_OPEN_SESSIONS, maxAge, onGivenUp }: SessionBounds & { onGivenUp: () => void }) {
    this.open = new BoundedTable({ limit, maxAge, since: (start) => start, onGivenUp });
  }

  /** undefined before the first session. */
  get active(): number | undefined {
    return this.seen ? this.open.size : undefined;
  }

  /**
   * @param time the record's, milliseconds since the epoch
   * @param now the event clock's: a record with a clock of its own must not make others old
   */
  start(id: string, time: number, now: number): void {
    this.seen = true;
    this.open.expire(now);
    this.open.add(id, Math.min(time, now));
  }

  end(id: string, now: number): void {
    this.seen = true;
    this.open.expire(now);
    this.open.delete(id);
  }

  /** Event time has come this far. */
  advance(now: number): void {
    this.open.expire(now);
  }
}
