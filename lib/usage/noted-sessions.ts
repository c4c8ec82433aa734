import type { SessionNote, SessionNotes } from '../batch/session-notes.ts';
import { NotedRows } from './noted-rows.ts';
import type { Sessions } from './session-store.ts';

/** From so many notes on it is worth loading what takes them many at a time. */
const MANY_NOTES = 1024;

/** Has sessions take in what is noted of them. */
export class NotedSessions {
  private readonly sessions: Sessions;
  private rows: NotedRows | 'none' | undefined;

  constructor(sessions: Sessions) {
    this.sessions = sessions;
  }

  take(notes: SessionNotes): void {
    const rows = this.rowsFor(notes);
    if (rows === undefined) {
      for (let k = 0; k < notes.counts.notes; k++) this.takeOne(notes, k, undefined);
      return;
    }
    const { table } = this.sessions;
    rows.take(notes, {
      reserve: (rows) => table.reserve(rows),
      append: (rows, first) => table.append(rows, notes, first),
      further: (k, row) => this.takeOne(notes, k, row),
    });
  }

  /** What takes notes many at a time, if there are many; undefined where there are few, or it is not to be had. */
  private rowsFor({ counts }: SessionNotes): NotedRows | undefined {
    const { sessions } = this;
    if (this.rows === undefined && counts.notes >= MANY_NOTES) {
      this.rows = NotedRows.open(sessions) ?? 'none';
      if (this.rows !== 'none') sessions.table.moveIndex(this.rows);
    }
    return this.rows === 'none' ? undefined : this.rows;
  }

  /** @param made the row, if it is made and lacks nothing but whose its end is, if that is another's, and ports */
  private takeOne(notes: SessionNotes, k: number, made: number | undefined): void {
    const { clients, targets, table, ports } = this.sessions;
    const { labels } = notes;
    const note = notes.at(k);
    const row = made ?? this.rowOf(note, notes.id(k));
    const { client: by, target: on, endClient: endedBy, endTarget: endedOn } = note;
    const client = clients.idOf(labels.clients, by);
    const target = targets.idOf(labels.targets, on);
    // nearly always they are the same
    const endClient = endedBy === by ? client : clients.idOf(labels.clients, endedBy);
    const endTarget = endedOn === on ? target : targets.idOf(labels.targets, endedOn);
    if (made === undefined) this.sessions.noted(row, note, { client, target, endClient, endTarget });
    else if (!Number.isNaN(note.end)) table.tellEnd(row, endClient, endTarget);
    for (let use = notes.firstUse(k); use !== undefined; use = notes.nextUse(use)) {
      ports.add(table, row, use.action, ports.names.idOf(labels.ports, use.name), use.first, use.last);
      table.hear(row, use.first);
    }
  }

  private rowOf({ low, high }: SessionNote, id: string): number {
    const { table } = this.sessions;
    if (low === 0 && high === 0) return table.addNameless();
    const known = table.find(low, high);
    return known < 0 ? table.add(low, high, id) : known;
  }
}
