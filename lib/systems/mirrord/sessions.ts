import { OpenSessions } from './open-sessions.ts';

/** Sessions that can be open at a time before the oldest is taken for one whose end was never written. */
export const MOST_OPEN_SESSIONS = 100_000;

export interface SessionBounds {
  readonly limit?: number | undefined;
  /** Milliseconds of event time; 0 = no bound. */
  readonly maxAge: number;
}

/** How many sessions are open: those that have started and not ended, which is all that most runs need. */
export class Sessions {
  private readonly open: OpenSessions;
  private seen = false;

  constructor({ limit = MOST_OPEN_SESSIONS, maxAge, onGivenUp }: SessionBounds & { onGivenUp: () => void }) {
    this.open = new OpenSessions({ limit, maxAge, onGivenUp });
  }

  /** undefined before the first session. */
  get active(): number | undefined {
    return this.seen ? this.open.size : undefined;
  }

  /**
   * @param low the lower half of the hash of its id
   * @param high the upper half
   * @param time the record's, milliseconds since the epoch
   * @param now the event clock's: a record with a clock of its own must not make others old
   */
  start(low: number, high: number, time: number, now: number): void {
    this.seen = true;
    this.open.expire(now);
    this.open.add(low, high, time < now ? time : now);
  }

  end(low: number, high: number, now: number): void {
    this.seen = true;
    this.open.expire(now);
    this.open.delete(low, high);
  }

  /** Event time has come this far. */
  advance(now: number): void {
    this.open.expire(now);
  }
}
