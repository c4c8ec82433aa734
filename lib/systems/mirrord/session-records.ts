import type { TraceContext } from '../../tracing/trace-context.ts';
import { type Party, type Session, type SessionEvent, type SpanRef, spanRefOf } from '../session.ts';
import { BoundedTable } from './bounded-table.ts';
import type { SessionBounds } from './sessions.ts';

/** What is taken of a record that belongs to a session. */
export interface SessionRecord {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly message: string;
  readonly party: () => Party;
  readonly context: () => TraceContext;
  /** The record's JSON. */
  readonly json: () => string;
}

/** What is open, as JSON has it. Everything is in the order in which it came. */
export interface SessionRecordsState {
  /** How far event time has come, milliseconds since the epoch; null before the first record. */
  readonly now: number | null;
  readonly open: readonly Session[];
  /** By id the spans of the sessions that ended last. */
  readonly ended: readonly (readonly [id: string, span: SpanRef])[];
  /** By client copied targets that wait for their session. */
  readonly copies: readonly (readonly [client: string, event: SessionEvent])[];
}

/** Sessions that are kept in full, each of which is some kilobytes; counting them takes a hundredth of that. */
const MOST_OPEN = 100_000;
/** Events of a session that are kept; a loop over ports must not fill the memory. */
const MOST_EVENTS = 1000;
/** Ended sessions whose late records are still recognised, and copied targets that wait for their session. */
const MOST_REMEMBERED = 1000;
/**
 * How many times its greatest age the end of a session is waited for, which is when it counts as active no more: an end
 * that comes after all then gives its true times. A span that was written cannot be taken back.
 */
const PATIENCE = 7;
const COPIED = /(^|\/)mirrord-copy-/;

/**
 * Sessions in full, pieced together from their records in the order of the log: for traces and audits. Finished ones are
 * taken in the order in which they ended.
 */
export class SessionRecords {
  private readonly seed: number;
  private readonly maxAge: number;
  /** How far event time has come. */
  private now = Number.NEGATIVE_INFINITY;
  private readonly open: BoundedTable<Session>;
  private readonly byClient = new Map<string, Set<Session>>();
  private readonly ended: BoundedTable<SpanRef>;
  private readonly copies: BoundedTable<SessionEvent>;
  private finished: Session[] = [];

  constructor(seed: number, { limit = MOST_OPEN, maxAge }: SessionBounds) {
    this.seed = seed;
    this.maxAge = maxAge;
    const forget = { limit: MOST_REMEMBERED, maxAge: 0, since: () => 0, onGivenUp: () => {} };
    this.open = new BoundedTable<Session>({
      limit: Math.min(limit, MOST_OPEN),
      maxAge: PATIENCE * maxAge,
      since: (session) => session.start,
      onGivenUp: (session) => this.finish(session, 'given-up'),
    });
    this.ended = new BoundedTable<SpanRef>(forget);
    this.copies = new BoundedTable<SessionEvent>(forget);
  }

  /** Event time has come this far. */
  advance(now: number): void {
    if (now > this.now) this.now = now;
    this.open.expire(now);
  }

  start(id: string, record: SessionRecord): SpanRef {
    const known = this.open.get(id);
    // the same record once more, as overlapping archives have it
    if (known !== undefined && !known.startMissing && known.start === record.time) return known.span;
    // an id that is used again: whatever it was, the session before it is over
    if (known !== undefined) this.close(known, 'given-up');
    const session = this.begin(id, record, record.time, false);
    const copy = this.copies.get(clientOf(session.party));
    if (copy !== undefined && COPIED.test(targetOf(session.party))) {
      this.copies.delete(clientOf(session.party));
      session.events.push(copy);
    }
    return session.span;
  }

  /** @param duration seconds, NaN if the record does not say */
  end(id: string, record: SessionRecord, duration: number): SpanRef {
    const late = this.ended.get(id);
    let session = this.open.get(id);
    if (session === undefined && late !== undefined) return late;
    if (session === undefined || session.startMissing) {
      const start =
        Number.isFinite(duration) && duration >= 0
          ? record.time - duration * 1000
          : (session?.start ?? record.time);
      session = this.begun(id, record, Math.min(start, session?.start ?? start));
    }
    session.endRecord = record.json();
    session.end = Math.max(record.time, session.start);
    this.close(session, 'ended');
    return session.span;
  }

  /** A port event: of a session whose start is missing it may be the first that is heard. */
  event(id: string, record: SessionRecord): SpanRef {
    const late = this.ended.get(id);
    const session = this.open.get(id);
    if (session === undefined && late !== undefined) return late;
    return this.attach(session ?? this.begin(id, record, record.time, true), record).span;
  }

  /**
   * Copying a target is not said to belong to a session: it is the client's newest session on that target or on a copy;
   * if there is none, the client's next one on a copy.
   */
  copy(record: SessionRecord): SpanRef | undefined {
    const party = record.party();
    let found: Session | undefined;
    for (const session of this.byClient.get(clientOf(party)) ?? []) {
      const target = targetOf(session.party);
      if (target === targetOf(party) || COPIED.test(target)) found = session;
    }
    if (found !== undefined) return this.attach(found, record).span;
    this.copies.add(clientOf(party), eventOf(record));
    return undefined;
  }

  /** Any other record that names a session. */
  mention(id: string, failure: (() => string) | undefined): SpanRef | undefined {
    const session = this.open.get(id);
    if (session !== undefined && failure !== undefined) session.failure ??= failure();
    return session?.span ?? this.ended.get(id);
  }

  take(): Session[] {
    const { finished } = this;
    if (finished.length > 0) this.finished = [];
    return finished;
  }

  /** The records have ended. */
  finishAll(): void {
    for (const session of this.open.drain()) {
      const isOverdue = this.maxAge > 0 && session.start + this.maxAge < this.now;
      this.finish(session, isOverdue ? 'given-up' : 'unfinished');
    }
  }

  state(): SessionRecordsState {
    const { now, open, ended, copies } = this;
    return {
      now: Number.isFinite(now) ? now : null,
      open: Array.from(open, ([, session]) => session),
      ended: [...ended],
      copies: [...copies],
    };
  }

  /** Goes on with what was open before; nothing may have come yet. */
  resume({ now, open, ended, copies }: SessionRecordsState): void {
    this.now = now ?? Number.NEGATIVE_INFINITY;
    for (const session of open) this.keep(session);
    for (const [id, span] of ended) this.ended.add(id, span);
    for (const [client, event] of copies) this.copies.add(client, event);
  }

  private begin(id: string, record: SessionRecord, start: number, startMissing: boolean): Session {
    const context = record.context();
    const session: Session = {
      id,
      party: record.party(),
      start,
      startMissing,
      end: record.time,
      ending: 'unfinished',
      span: spanRefOf(this.seed, id, start, context.parent),
      context,
      record: record.json(),
      endRecord: undefined,
      events: [],
      droppedEvents: 0,
      failure: undefined,
    };
    return this.keep(session);
  }

  private keep(session: Session): Session {
    this.open.add(session.id, session);
    const client = clientOf(session.party);
    const sessions = this.byClient.get(client);
    if (sessions === undefined) this.byClient.set(client, new Set([session]));
    else sessions.add(session);
    return session;
  }

  /** A session whose end tells when it began; what was heard of it before stays with it, its span included. */
  private begun(id: string, record: SessionRecord, start: number): Session {
    const heard = this.open.get(id);
    if (heard === undefined) return this.begin(id, record, start, true);
    this.forget(heard);
    const session = { ...heard, start };
    this.open.add(id, session);
    return session;
  }

  private attach(session: Session, record: SessionRecord): Session {
    if (session.events.length < MOST_EVENTS) session.events.push(eventOf(record));
    else session.droppedEvents++;
    session.end = Math.max(session.end, record.time);
    return session;
  }

  private close(session: Session, ending: Session['ending']): void {
    this.open.delete(session.id);
    this.finish(session, ending);
  }

  private finish(session: Session, ending: Session['ending']): void {
    session.ending = ending;
    this.forget(session);
    this.ended.add(session.id, session.span);
    this.finished.push(session);
  }

  private forget(session: Session): void {
    const client = clientOf(session.party);
    const sessions = this.byClient.get(client);
    sessions?.delete(session);
    if (sessions?.size === 0) this.byClient.delete(client);
  }
}

/** An event keeps nothing of the record's batch, which will be gone. */
const eventOf = ({ time, message, json }: SessionRecord): SessionEvent => ({ time, message, record: json() });

/** What tells a client from others: its certificate; before 3.86.0, by its user and machine. */
function clientOf({ client_id, client_user, client_name, client_hostname }: Party): string {
  return client_id ?? JSON.stringify([client_user, client_name, client_hostname]);
}

const targetOf = ({ target, target_type, target_name }: Party): string =>
  target ?? `${target_type ?? ''}/${target_name ?? ''}`;
