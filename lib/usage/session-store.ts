import { ranks, type SessionNote } from '../batch/session-notes.ts';
import { Dictionary } from './dictionary.ts';
import { viewPaired } from './paired-view.ts';
import { PastSessions } from './past-sessions.ts';
import { PortUses } from './port-uses.ts';
import { longer, type Mark, marksOf, paired, RepeatedMarks } from './session-marks.ts';
import { SessionTable, UNKNOWN } from './session-table.ts';
import { blankView, type SessionView, settle } from './session-view.ts';

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
    const known = table.start[row]!;
    if (Number.isNaN(known)) {
      table.start[row] = time;
      table.tell(row, ranks.start, client, target);
    } else if (known !== time) this.repeat(row, { isStart: true, time, seconds: Number.NaN, client, target });
    // the same record once more, as overlapping archives have it, or another one of that time
    else if (this.isBefore(client, target, table.client[row]!, table.target[row]!)) {
      table.tell(row, ranks.start, client, target);
    }
    table.hear(row, time);
  }

  /** @param seconds the duration that the record says, NaN if it does not */
  ended(row: number, time: number, seconds: number, client: number, target: number): void {
    const { table } = this;
    const known = table.end[row]!;
    if (Number.isNaN(known)) {
      table.end[row] = time;
      table.seconds[row] = seconds;
      this.tellEnd(row, client, target);
    } else if (known !== time) this.repeat(row, { isStart: false, time, seconds, client, target });
    else {
      table.seconds[row] = longer(table.seconds[row]!, seconds);
      if (this.isBefore(client, target, table.clientOfEnd(row), table.targetOfEnd(row))) {
        this.tellEnd(row, client, target);
      }
    }
    table.hear(row, time);
  }

  private tellEnd(row: number, client: number, target: number): void {
    const { table } = this;
    table.tellEnd(row, client, target);
    if (table.rank[row]! <= ranks.end) table.tell(row, ranks.end, client, target);
  }

  private repeat(row: number, mark: Mark): void {
    this.repeated.add(row, mark, (known, other) => ({
      ...(this.isBefore(other.client, other.target, known.client, known.target) ? other : known),
      seconds: longer(known.seconds, other.seconds),
    }));
  }

  /** Whether it matters whose a session is in a record that is neither its start nor its end. */
  asksWhose(row: number): boolean {
    return this.table.rank[row]! <= ranks.between;
  }

  /** A record of a session that is neither its start nor its end. */
  mentioned(row: number, time: number, client: number, target: number): void {
    this.toldBetween(row, client, target);
    this.table.hear(row, time);
  }

  private toldBetween(row: number, client: number, target: number): void {
    const { table } = this;
    const rank = table.rank[row]!;
    if (rank > ranks.between) return;
    if (rank === ranks.none || this.isBefore(client, target, table.client[row]!, table.target[row]!)) {
      table.tell(row, ranks.between, client, target);
    }
  }

  /** Takes in what several records say together. @param whose as clients and targets are called here */
  noted(
    row: number,
    { rank, start, end, seconds }: SessionNote,
    {
      client,
      target,
      endClient,
      endTarget,
    }: Pick<SessionNote, 'client' | 'target' | 'endClient' | 'endTarget'>,
  ): void {
    if (rank === ranks.between) this.toldBetween(row, client, target);
    if (!Number.isNaN(start)) this.began(row, start, client, target);
    if (!Number.isNaN(end)) this.ended(row, end, seconds, endClient, endTarget);
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
    const view = blankView();
    for (let k = 0; k < this.table.length; k++) this.view(order?.[k] ?? k, now, view, take);
  }

  /** Every session of the rows that used ports, which may be few: the others are passed over by a look at each. */
  eachWithPorts(now: number, take: (session: SessionView) => void, order?: Uint32Array): void {
    const { table } = this;
    const view = blankView();
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
    const more = this.repeated.of(row);
    if (more !== undefined) {
      viewPaired(view, paired([...marksOf(table, row), ...more]), this, now, take);
      return;
    }
    view.client = table.client[row]!;
    view.target = table.target[row]!;
    view.ports = table.firstUse(row);
    view.start = table.start[row]!;
    view.end = table.end[row]!;
    view.seconds = table.seconds[row]!;
    settle(view, table, now);
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
      other.ports.eachOfId(other.table.firstUse(from), (name, action, first, last) =>
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
    const { table } = other;
    const client = (id: number): number => clients[id] ?? UNKNOWN;
    const target = (id: number): number => targets[id] ?? UNKNOWN;
    if (table.rank[from] === ranks.between) {
      this.toldBetween(row, client(table.client[from]!), target(table.target[from]!));
    }
    for (const mark of [...marksOf(table, from), ...(other.repeated.of(from) ?? [])]) {
      const { isStart, time, seconds } = mark;
      if (isStart) this.began(row, time, client(mark.client), target(mark.target));
      else this.ended(row, time, seconds, client(mark.client), target(mark.target));
    }
    this.table.hear(row, table.heard(from));
  }

  /** Of records that know equally well whose a session is, and differ, the one that comes first as text says. */
  private isBefore(client: number, target: number, otherClient: number, otherTarget: number): boolean {
    if (client === otherClient && target === otherTarget) return false;
    return this.nameOf(client, target) < this.nameOf(otherClient, otherTarget);
  }

  private nameOf(client: number, target: number): string {
    return [...this.clients.texts(client), ...this.targets.texts(target)].join('\0');
  }
}
