import { encodeSnapshot } from './columns.ts';
import { type PageSource, snapshotOf } from './gather.ts';
import type { Snapshot } from './snapshot.ts';
import { viewOf, wholeRange } from './view.ts';

/** What the page calls itself. */
export const TITLE = 'mirrord usage';

/** A snapshot is made at most so often, and never takes more than this share of the time. */
const LEAST_AGE_MS = 500;
const SHARE = 0.1;

/** The newest snapshot of a run that goes on, made when somebody asks and it is worth it. */
export class LivePage {
  private readonly source: PageSource;
  private readonly now: () => number;
  private made:
    | { snapshot: Snapshot; bytes: Uint8Array; at: number; took: number; records: number }
    | undefined;

  /** @param now milliseconds of any clock that only goes forward */
  constructor(source: PageSource, now: () => number) {
    this.source = source;
    this.now = now;
  }

  /** Changes whenever a newer snapshot would differ. */
  get version(): number {
    return this.source.ledger.read.records;
  }

  get bytes(): Uint8Array {
    return this.newest().bytes;
  }

  /** The same for programs: totals of users and targets, in names. */
  usage(): object {
    const { snapshot } = this.newest();
    const { head } = snapshot;
    const view = viewOf(snapshot, wholeRange(snapshot));
    return {
      period: head.period,
      records: head.records,
      sessions: { ...head.sessions, total: view.total.sessions, seconds: view.total.seconds },
      users: view.users.map(({ user, targets, sessions, seconds }) => ({
        user: head.users[user],
        sessions,
        seconds,
        targets,
      })),
      targets: view.targets.map(({ target, users, sessions, seconds }) => ({
        ...head.targets[target],
        sessions,
        seconds,
        users,
      })),
      ports: head.ports.map(({ user, target, ...port }) => ({
        ...port,
        user: head.users[user],
        ...head.targets[target],
      })),
    };
  }

  private newest() {
    const { made } = this;
    const begun = this.now();
    const records = this.version;
    if (made !== undefined) {
      const due = made.at + Math.max(LEAST_AGE_MS, made.took / SHARE);
      if (made.records === records || begun < due) return made;
    }
    const snapshot = snapshotOf(this.source);
    const bytes = encodeSnapshot(snapshot);
    const at = this.now();
    this.made = { snapshot, bytes, at, took: at - begun, records };
    return this.made;
  }
}
