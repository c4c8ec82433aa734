import type { SessionsState } from '../system.ts';
import { OpenSessions, type OpenSessionsBounds } from './open-sessions.ts';

/** Ids that are remembered before the one that came first is taken for one whose end was never written. */
export const MOST_OPEN_SESSIONS = 1_000_000;

export interface SessionBounds {
  readonly limit?: number | undefined;
  /** Milliseconds of event time; 0 = no bound. */
  readonly maxAge: number;
}

/** How many sessions are open: those that have started and not ended, which is all that most runs need. */
export class Sessions {
  private open: OpenSessions;
  private readonly bounds: OpenSessionsBounds;
  private seen = false;
  /** How far event time has come. */
  private now = Number.NEGATIVE_INFINITY;

  constructor({ limit = MOST_OPEN_SESSIONS, ...others }: SessionBounds & Omit<OpenSessionsBounds, 'limit'>) {
    this.bounds = { limit, ...others };
    this.open = new OpenSessions(this.bounds);
  }

  /** undefined before the first session. */
  get active(): number | undefined {
    return this.seen ? this.open.activeAt(this.now) : undefined;
  }

  /** Some session began or ended. */
  see(): void {
    this.seen = true;
  }

  /**
   * Adds starts and ends of an id.
   * @param low the lower half of the id's hash
   * @param high the upper half
   * @param net starts less ends
   * @param since when the latest of the starts was, milliseconds since the epoch; -Infinity without one
   */
  count(low: number, high: number, net: number, since: number): void {
    this.seen = true;
    this.open.add(low, high, net, since);
  }

  /** Event time has come this far. */
  advance(now: number): void {
    if (now > this.now) this.now = now;
  }

  state(): SessionsState {
    return { seen: this.seen, now: this.now, ...this.open.columns() };
  }

  /** Takes over what was known of another part of the records. */
  merge({ seen, now, low, high, net, since, isOld }: SessionsState): void {
    this.seen ||= seen;
    this.advance(now);
    for (let k = 0; k < low.length; k++) {
      this.open.add(low[k]!, high[k]!, net[k]!, since[k]!, isOld[k]);
    }
  }

  /** Forgets what came so far, but how far event time has come. */
  begin(): void {
    this.open = new OpenSessions(this.bounds);
  }
}
