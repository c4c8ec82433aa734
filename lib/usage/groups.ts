import type { GroupKey } from './group-keys.ts';
import { cached, Interned, type KeyIds, keyIds } from './grouping-keys.ts';
import { Labels } from './labels.ts';
import { type GroupedFigures, type GroupFigures, Members, nothing } from './members.ts';
import type { Sessions } from './session-store.ts';
import type { SessionView } from './session-view.ts';

export interface Group extends GroupFigures {
  /** One text for each key. */
  readonly key: readonly string[];
}

/**
 * Sessions by keys, the groups by number from 0. A session is in the group of each port that it used, and once in the
 * total; periods are those of UTC in which it started, weeks begin on Monday.
 */
export class Grouping {
  private readonly sessions: Sessions;
  private readonly now: number;
  private readonly period: { readonly from: number; readonly to: number };
  private readonly ids: KeyIds;
  private readonly userOf: (client: number) => number;
  private readonly figures: GroupedFigures;

  /** @param now the newest record's time, milliseconds since the epoch */
  constructor(
    sessions: Sessions,
    keys: readonly GroupKey[],
    now: number,
    period: { readonly from: number; readonly to: number },
  ) {
    const labels = new Labels(sessions);
    const users = new Interned();
    this.sessions = sessions;
    this.now = now;
    this.period = period;
    this.ids = keyIds(sessions, keys, labels);
    this.userOf = cached((client) => users.of(labels.user(client)));
    const members = new Members();
    this.each((session) => {
      const user = this.userOf(session.client);
      this.ids.each(session, (group) => members.add(group, session, user, now));
    });
    this.figures = members.settle();
  }

  /** How many groups. */
  get length(): number {
    return this.figures.length;
  }

  group(number: number): Group {
    return { key: this.key(number), ...this.figures.figures(number) };
  }

  key(number: number): string[] {
    return this.ids.textsOf(number);
  }

  figure(number: number, of: keyof GroupFigures): number {
    return this.figures.figure(number, of);
  }

  total(): GroupFigures {
    return this.figuresOf(() => true);
  }

  /** Of the sessions that are in none of these groups. */
  outside(groups: Iterable<number>): GroupFigures {
    const told = new Set(groups);
    return this.figuresOf((session) => {
      let isTold = false;
      this.ids.each(session, (group) => {
        isTold ||= told.has(group);
      });
      return !isTold;
    });
  }

  /** Of all sessions that are meant, each once. */
  private figuresOf(isMeant: (session: SessionView) => boolean): GroupFigures {
    const all = new Members();
    this.each((session) => {
      if (isMeant(session)) all.add(0, session, this.userOf(session.client), this.now);
    });
    const figures = all.settle();
    return figures.length === 0 ? nothing : figures.figures(0);
  }

  private each(take: (session: SessionView) => void): void {
    const { from, to } = this.period;
    this.sessions.each(this.now, (session) => {
      if (session.start >= from && session.start < to) take(session);
    });
  }
}
