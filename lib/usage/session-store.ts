import { ranks, type SessionNote } from '../batch/session-notes.ts';
import { Dictionary } from './dictionary.ts';
import { PastSessions } from './past-sessions.ts';
import { PortUses } from './port-uses.ts';
import { longer, type Mark, paired, RepeatedMarks } from './session-marks.ts';
import { SessionTable, UNKNOWN } from './session-table.ts';
import { type SessionView, settle } from './session-view.ts';

export const clientFields = [
  'client_user',
  'client_id',
  'client_name',
  'client_hostname',
  'client_cli_version',
] as const;
export const targetFields = ['target', 'target_type', 'target_name', 'target_namespace'] as const;

/** All sessions: starts and ends paired by id, in whatever order they come, and merged with those of other runs. */
export class Sessions {
  readonly table: SessionTable;
  readonly clients = new Dictionary(clientFields.length);
  readonly targets = new Dictionary(targetFields.length);
  readonly ports = new PortUses();
  readonly repeated = new RepeatedMarks();
  /** Those that are over and no longer rows of the table; see settleSessions. */
  readonly past = new PastSessions(() => [this.clients.remainder(), this.targets.remainder()]);

  /** @param keepsIds whether anybody asks for the ids: an audit does, and a state, which others are merged with by them */
  constructor(keepsIds = true) {
    this.table = new SessionTable(keepsIds);
  }

  began(row: number, time: number, client: number, target: number): void {
    const { table } = this;
    this.told(row, ranks.start, client, target);
    const known = table.start[row]!;
    // the same record once more, as overlapping archives have it
    if (known === time) return;
    if (Number.isNaN(known)) table.start[row] = time;
    else this.repeated.add(row, { isStart: true, time, seconds: Number.NaN });
    table.hear(row, time);
  }

  /** @param seconds the duration that the record says, NaN if it does not */
  ended(row: number, time: number, seconds: number, client: number, target: number): void {
    const { table } = this;
    this.told(row, ranks.end, client, target);
    const known = table.end[row]!;
    if (known === time) {
      table.seconds[row] = longer(table.seconds[row]!, seconds);
      return;
    }
    if (Number.isNaN(known)) {
      table.end[row] = time;
      table.seconds[row] = seconds;
    } else this.repeated.add(row, { isStart: false, time, seconds });
    table.hear(row, time);
  }

  /**
   * Whether it matters whose a session is in a record: most of its records say what a better one has said before.
   * @param rank see `ranks`
   */
  asksWhose(row: number, rank: number): boolean {
    return rank >= this.table.rank[row]!;
  }

  /** A record of a session that is neither its start nor its end. */
  mentioned(row: number, time: number, client: number, target: number): void {
    this.told(row, ranks.between, client, target);
    this.table.hear(row, time);
  }

  /** Takes in what several records say together. @param client and target as they are called here */
  noted(
    row: number,
    { rank, heard, start, end, seconds }: SessionNote,
    client: number,
    target: number,
  ): void {
    this.told(row, rank, client, target);
    if (!Number.isNaN(start)) this.began(row, start, client, target);
    if (!Number.isNaN(end)) this.ended(row, end, seconds, client, target);
    this.table.hear(row, heard);
  }

  /** Rows without an id: by what is told of them, whichever was read first. Equal ones are alike in all that is shown. */
  compareNameless(a: number, b: number): number {
    const { table } = this;
    for (const column of [table.start, table.end, table.seconds]) {
      const [left, right] = [column[a]!, column[b]!];
      if (left === right || (Number.isNaN(left) && Number.isNaN(right))) continue;
      return Number.isNaN(left) || left < right ? -1 : 1;
    }
    const [left, right] = [this.toldOf(a), this.toldOf(b)];
    return left < right ? -1 : Number(left > right);
  }

  private toldOf(row: number): string {
    const { table } = this;
    const uses = this.ports.of(table.firstUse(row)).flatMap((use) => Object.values(use));
    return [this.nameOf(table.client[row]!, table.target[row]!), ...uses].join('\0');
  }

  /** All rows by when they were first heard of, which no order of their records changes. */
  inOrder(): Uint32Array {
    return this.table.inOrder((a, b) => this.compareNameless(a, b));
  }

  /**
   * Every session, by default in no order that means something.
   * @param now the newest record's time, milliseconds
   * @param order of all rows
   */
  each(now: number, take: (session: SessionView) => void, order?: Uint32Array): void {
    const view = {} as SessionView;
    for (let k = 0; k < this.table.length; k++) this.view(order?.[k] ?? k, now, view, take);
  }

  /** Every session of the rows that used ports, which may be few: the others are passed over by a look at each. */
  eachWithPorts(now: number, take: (session: SessionView) => void, order?: Uint32Array): void {
    const { table } = this;
    const view = {} as SessionView;
    for (let k = 0; k < table.length; k++) {
      const row = order?.[k] ?? k;
      if (table.firstUse(row) !== UNKNOWN) this.view(row, now, view, take);
    }
  }

  /** The sessions of one row: one, but for an id that was used again. */
  view(row: number, now: number, view: SessionView, take: (session: SessionView) => void): void {
    const { table } = this;
    view.row = row;
    view.which = 0;
    view.client = table.client[row]!;
    view.target = table.target[row]!;
    view.ports = table.firstUse(row);
    const more = this.repeated.of(row);
    if (more !== undefined) {
      for (const [start, end] of paired([...this.marksOf(row), ...more])) {
        settle(
          view,
          start?.time ?? Number.NaN,
          end?.time ?? Number.NaN,
          end?.seconds ?? Number.NaN,
          Number.NaN,
          now,
        );
        take(view);
        view.ports = UNKNOWN;
        view.which++;
      }
      return;
    }
    settle(view, table.start[row]!, table.end[row]!, table.seconds[row]!, table.heard(row), now);
    take(view);
  }

  /** Leaves the sessions of these rows alone, ascending, which are numbered anew from 0. */
  keep(rows: Uint32Array): void {
    this.repeated.keep(rows);
    this.table.keep(rows);
    this.ports.keep(this.table);
  }

  /**
   * Takes in the sessions of another, whose parts may be of the same ids.
   * @returns by the other's ids of clients and targets, ours
   */
  merge(other: Sessions): { clients: Uint32Array; targets: Uint32Array } {
    const clients = other.clients.learntBy(this.clients);
    const targets = other.targets.learntBy(this.targets);
    const names = other.ports.names.learntBy(this.ports.names);
    this.repeated.dropped += other.repeated.dropped;
    this.ports.dropped += other.ports.dropped;
    this.past.merge(other.past, clients, targets, names);
    for (let from = 0; from < other.table.length; from++) {
      const id = other.table.id(from);
      const row = id === '' ? this.table.addNameless() : this.table.rowOfId(id);
      this.mergeRow(other, from, row, clients, targets);
      other.ports.each(other.table.firstUse(from), (name, action, first, last) =>
        this.ports.add(
          this.table,
          row,
          action === 'steal' ? 0 : action === 'mirror' ? 1 : 2,
          names[name]!,
          first,
          last,
        ),
      );
    }
    return { clients, targets };
  }

  private mergeRow(
    other: Sessions,
    from: number,
    row: number,
    clients: Uint32Array,
    targets: Uint32Array,
  ): void {
    const of = other.table;
    const client = clients[of.client[from]!] ?? UNKNOWN;
    const target = targets[of.target[from]!] ?? UNKNOWN;
    this.told(row, of.rank[from]!, client, target);
    for (const { isStart, time, seconds } of [...other.marksOf(from), ...(other.repeated.of(from) ?? [])]) {
      if (isStart) this.began(row, time, client, target);
      else this.ended(row, time, seconds, client, target);
    }
    this.table.hear(row, of.heard(from));
  }

  /** The best record says whose it is; of equal ones that differ, the one that comes first as text. */
  private told(row: number, rank: number, client: number, target: number): void {
    const { table } = this;
    const known = table.rank[row]!;
    if (rank < known) return;
    if (rank === known) {
      if (client === table.client[row] && target === table.target[row]) return;
      if (this.nameOf(client, target) > this.nameOf(table.client[row]!, table.target[row]!)) return;
    }
    table.rank[row] = rank;
    table.client[row] = client;
    table.target[row] = target;
  }

  private nameOf(client: number, target: number): string {
    return [...this.clients.texts(client), ...this.targets.texts(target)].join('\0');
  }

  private marksOf(row: number): Mark[] {
    const { table } = this;
    const marks: Mark[] = [];
    const start = table.start[row]!;
    if (!Number.isNaN(start)) marks.push({ isStart: true, time: start, seconds: Number.NaN });
    const end = table.end[row]!;
    if (!Number.isNaN(end)) marks.push({ isStart: false, time: end, seconds: table.seconds[row]! });
    return marks;
  }
}
