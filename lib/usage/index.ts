import type { Batch } from '../batch/batch.ts';
import { type Kinds, OTHER } from '../batch/kinds.ts';
import type { PlannedNotes } from '../batch/measure-plan.ts';
import { KindLists } from '../batch/rows-by-kind.ts';
import type { SessionNotes } from '../batch/session-notes.ts';
import { Wants } from '../batch/wants.ts';
import { Copies } from './copies.ts';
import { EventSources, type EventsState } from './event-sources.ts';
import { type LevelsState, LogLevels, WARN } from './log-levels.ts';
import { NotedSessions } from './noted-sessions.ts';
import { SessionReader } from './session-reader.ts';
import { Sessions } from './session-store.ts';
import { type SettlingOptions, settleSessions } from './settle-sessions.ts';

/** A record this far ahead of the wall clock has a wrong clock of its own, and is not the newest. Milliseconds. */
const MAX_AHEAD_MS = 3_600_000;

/** Inputs whose names are kept. */
const MOST_INPUTS = 10_000;

export interface UsageOptions {
  readonly now?: (() => number) | undefined;
  /** Neither levels nor events, and of the times of records the newest alone. */
  readonly sessionsOnly?: boolean | undefined;
  /** Whether anybody asks for the ids of sessions; by default somebody does. */
  readonly keepsIds?: boolean | undefined;
  /** When sessions are added up and let go of; undefined = never, as whoever reads them one by one needs them. */
  readonly settling?: Omit<SettlingOptions, 'now'> | undefined;
}

/** Everything, for whoever adds it up elsewhere. */
export interface UsageState {
  readonly oldest: number;
  readonly newest: number;
  readonly inputs: Iterable<string>;
  readonly levels: LevelsState;
  readonly events: EventsState;
  readonly sessions: Sessions;
  readonly copies: Copies;
}

/**
 * Who used what, when, and what went wrong: what the summary, usage, audit, the page and the report read. A function of
 * the set of records, whatever their order; two states merge to the state of the whole.
 */
export class Usage {
  readonly sessions: Sessions;
  readonly copies: Copies;
  readonly levels: LogLevels;
  readonly events: EventSources;
  /** Times of the oldest and the newest record, milliseconds since the epoch; infinities before the first. */
  oldest = Number.POSITIVE_INFINITY;
  newest = Number.NEGATIVE_INFINITY;
  /** Names of the inputs, in the order in which they were read; only so many. */
  readonly inputs = new Set<string>();
  /** Of the records that `observe` needs to see even where what others say is noted. */
  readonly kinds: readonly number[];
  /** What is to be noted of the others. */
  readonly notes: PlannedNotes;
  private readonly reader: SessionReader;
  private readonly noted: NotedSessions;
  private readonly lists = new KindLists();
  private readonly list;
  private readonly now: () => number;
  private readonly sessionsOnly: boolean;
  private readonly settling: UsageOptions['settling'];
  /** Sessions beyond which others are let go of. */
  private most = Number.POSITIVE_INFINITY;

  /** `kinds` must be complete, and parsers not yet open. */
  constructor(wants: Wants, kinds: Kinds, options: UsageOptions = {}) {
    const { now = Date.now, sessionsOnly = false, keepsIds = true } = options;
    this.sessions = new Sessions(keepsIds);
    this.copies = new Copies((client, target) => this.namesOf(client, target));
    this.noted = new NotedSessions(this.sessions);
    // what is not looked at asks for nothing
    const others = sessionsOnly ? new Wants() : wants;
    this.levels = new LogLevels(others, kinds);
    this.events = new EventSources(others, kinds);
    this.reader = new SessionReader(wants, kinds, keepsIds);
    this.list = this.lists.of(this.reader.kinds);
    const logs = kinds.all.filter(({ stream }) => stream === 'log').map(({ id }) => id);
    const leveled = sessionsOnly ? [] : logs;
    const noted = new Set([...leveled, ...this.reader.kinds]);
    this.notes = { ...this.reader.plan, leveled, leastLevel: WARN };
    this.kinds = sessionsOnly ? [OTHER] : kinds.all.map(({ id }) => id).filter((id) => !noted.has(id));
    this.sessionsOnly = sessionsOnly;
    this.now = now;
    this.settling = options.settling;
    this.most = this.mostBeside(0);
  }

  /** Takes in all records of a batch, once it is classified. */
  observe(batch: Batch): void {
    if (this.inputs.size < MOST_INPUTS) this.inputs.add(batch.input.name);
    this.passTime(batch);
    if (!this.sessionsOnly) {
      this.levels.observe(batch);
      this.events.observe(batch);
    }
    this.lists.select({ batch, from: 0, to: batch.rows });
    const { rows } = this.list;
    if (rows.length > 0) this.reader.read(batch, rows, this.until, this.sessions, this.copies);
    this.settle();
  }

  /** Takes in what records say that `observe` is not given. */
  takeNotes(notes: SessionNotes): void {
    this.oldest = Math.min(this.oldest, notes.oldest);
    if (!this.sessionsOnly) this.levels.add(notes.levels);
    this.noted.take(notes);
    this.reader.readCopies(notes, this.sessions, this.copies);
    this.settle();
  }

  /** The time until which open sessions last: the newest record's. Milliseconds since the epoch. */
  get until(): number {
    return this.newest === Number.NEGATIVE_INFINITY ? 0 : this.newest;
  }

  state(): UsageState {
    this.copies.keepNewest();
    const { oldest, newest, inputs, levels, sessions, copies } = this;
    return { oldest, newest, inputs, levels, events: this.events.state(), sessions, copies };
  }

  /** Takes in what another has seen. */
  merge(other: UsageState): void {
    this.oldest = Math.min(this.oldest, other.oldest);
    this.newest = Math.max(this.newest, other.newest);
    for (const name of other.inputs) if (this.inputs.size < MOST_INPUTS) this.inputs.add(name);
    this.levels.merge(other.levels);
    this.events.merge(other.events);
    const { clients, targets } = this.sessions.merge(other.sessions);
    this.copies.merge(other.copies, clients, targets);
    this.settle();
  }

  private namesOf(client: number, target: number): string {
    const { clients, targets } = this.sessions;
    return [...clients.texts(client), ...targets.texts(target)].join('\0');
  }

  private settle(): void {
    const { settling, sessions } = this;
    if (settling === undefined || sessions.table.length <= this.most) return;
    settleSessions(sessions, { ...settling, now: this.until });
    this.most = this.mostBeside(sessions.table.length - settling.kept);
  }

  /** Half as many again as are to stay, so that little is moved for each. @param open sessions that stay, too */
  private mostBeside(open: number): number {
    const kept = this.settling?.kept ?? Number.POSITIVE_INFINITY;
    return Math.max(0, open) + kept + (kept >> 1);
  }

  private passTime({ time, rows, dismissed }: Batch): void {
    const latest = this.now() + MAX_AHEAD_MS;
    let { oldest, newest } = this;
    if (dismissed !== undefined && dismissed.newest > newest) newest = dismissed.newest;
    for (let row = 0; row < rows; row++) {
      const t = time[row]!;
      if (t > newest && t <= latest) newest = t;
      if (t < oldest) oldest = t;
    }
    this.oldest = oldest;
    this.newest = newest;
  }
}
