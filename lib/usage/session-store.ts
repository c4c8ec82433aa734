import { ranks, type SessionNote } from '../batch/session-notes.ts';
import { Dictionary } from './dictionary.ts';
import { PortUses } from './port-uses.ts';
import { SessionTable, UNKNOWN } from './session-table.ts';

/** Further starts and ends of ids that are used again; beyond it they are counted. */
const MOST_REPEATED = 100_000;

export const clientFields = [
  'client_user',
  'client_id',
  'client_name',
  'client_hostname',
  'client_cli_version',
] as const;
export const targetFields = ['target', 'target_type', 'target_name', 'target_namespace'] as const;

/** A start or an end beyond the first of its id, whose it is being told for all of them together. */
export interface Mark {
  readonly isStart: boolean;
  readonly time: number;
  /** NaN but for an end that says. */
  seconds: number;
}

/** One session as all its records tell it. The object is used again for the next one. */
export interface SessionView {
  row: number;
  /** Which session of its id it is, from 0. */
  which: number;
  client: number;
  target: number;
  /** Milliseconds since the epoch. Where it is missing: what its end's duration tells, or when it was first heard of. */
  start: number;
  /** Milliseconds since the epoch; NaN where it is missing. */
  end: number;
  /** The duration that it reports, else end less start; of one that has not ended, until the newest record. */
  seconds: number;
  startMissing: boolean;
  endMissing: boolean;
  /** Head of its chain in `ports`. */
  ports: number;
}

const ROWS = 2 ** 32;

/** A number for each session. */
export function keyOf({ row, which }: SessionView): number {
  return which * ROWS + row;
}

export function rowOfKey(key: number): number {
  // nearly all are the first of their id, and a remainder of doubles takes a call
  return key < ROWS ? key : key % ROWS;
}

/** All sessions: starts and ends paired by id, in whatever order they come, and merged with those of other runs. */
export class Sessions {
  readonly table: SessionTable;
  readonly clients = new Dictionary(clientFields.length);
  readonly targets = new Dictionary(targetFields.length);
  readonly ports = new PortUses();
  /** Starts and ends that were left out, since their ids came too often. */
  dropped = 0;
  private readonly repeated = new Map<number, Mark[]>();
  private repeats = 0;

  /** @param keepsIds whether anybody asks for the ids: an audit does, and a state, which others are merged with by them */
  constructor(keepsIds = true) {
    this.table = new SessionTable(keepsIds);
  }

  began(row: number, time: number, client: number, target: number): void {
    const { table } = this;
    this.told(row, ranks.start, time, client, target);
    const known = table.start[row]!;
    // the same record once more, as overlapping archives have it
    if (known === time) return;
    if (Number.isNaN(known)) table.start[row] = time;
    else this.repeat(row, { isStart: true, time, seconds: Number.NaN });
  }

  /** @param seconds the duration that the record says, NaN if it does not */
  ended(row: number, time: number, seconds: number, client: number, target: number): void {
    const { table } = this;
    this.told(row, ranks.end, time, client, target);
    const known = table.end[row]!;
    if (known === time) {
      table.seconds[row] = longer(table.seconds[row]!, seconds);
    } else if (Number.isNaN(known)) {
      table.end[row] = time;
      table.seconds[row] = seconds;
    } else this.repeat(row, { isStart: false, time, seconds });
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
    this.told(row, ranks.between, time, client, target);
  }

  /** Takes in what several records say together. @param client and target as they are called here */
  noted(
    row: number,
    { rank, heard, start, end, seconds }: SessionNote,
    client: number,
    target: number,
  ): void {
    this.told(row, rank, heard, client, target);
    if (!Number.isNaN(start)) this.began(row, start, client, target);
    if (!Number.isNaN(end)) this.ended(row, end, seconds, client, target);
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

  /** The sessions of one row: one, but for an id that was used again. */
  view(row: number, now: number, view: SessionView, take: (session: SessionView) => void): void {
    const { table } = this;
    view.row = row;
    view.which = 0;
    view.client = table.client[row]!;
    view.target = table.target[row]!;
    view.ports = table.ports[row]!;
    const more = this.repeated.size === 0 ? undefined : this.repeated.get(row);
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
    settle(view, table.start[row]!, table.end[row]!, table.seconds[row]!, table.heard[row]!, now);
    take(view);
  }

  /**
   * Takes in the sessions of another, whose parts may be of the same ids.
   * @returns by the other's ids of clients and targets, ours
   */
  merge(other: Sessions): { clients: Uint32Array; targets: Uint32Array } {
    const clients = other.clients.learntBy(this.clients);
    const targets = other.targets.learntBy(this.targets);
    const names = other.ports.names.learntBy(this.ports.names);
    this.dropped += other.dropped;
    this.ports.dropped += other.ports.dropped;
    for (let from = 0; from < other.table.length; from++) {
      const id = other.table.id(from);
      const row = id === '' ? this.table.addNameless() : this.table.rowOfId(id);
      this.mergeRow(other, from, row, clients, targets);
      other.ports.each(other.table.ports[from]!, (name, action, first, last) =>
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
    this.told(row, of.rank[from]!, of.heard[from]!, client, target);
    for (const { isStart, time, seconds } of [...other.marksOf(from), ...other.repeatsOf(from)]) {
      if (isStart) this.began(row, time, client, target);
      else this.ended(row, time, seconds, client, target);
    }
  }

  /** The best record says whose it is; of equal ones that differ, the one that comes first as text. */
  private told(row: number, rank: number, time: number, client: number, target: number): void {
    const { table } = this;
    if (time < table.heard[row]!) table.heard[row] = time;
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

  /** Starts and ends beyond the first of the id of a row. */
  repeatsOf(row: number): readonly Mark[] {
    return this.repeated.get(row) ?? [];
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

  private repeat(row: number, mark: Mark): void {
    const marks = this.repeated.get(row) ?? [];
    const known = marks.find(({ isStart, time }) => isStart === mark.isStart && time === mark.time);
    if (known !== undefined) {
      known.seconds = longer(known.seconds, mark.seconds);
      return;
    }
    if (this.repeats >= MOST_REPEATED) {
      this.dropped++;
      return;
    }
    this.repeats++;
    marks.push(mark);
    this.repeated.set(row, marks);
  }
}

/** Of two durations of one end the longer one, or the one that is said. */
function longer(a: number, b: number): number {
  return Number.isNaN(a) || b > a ? b : a;
}

/** Starts and ends of one id, each end with the start before it. */
function paired(marks: Mark[]): [start: Mark | undefined, end: Mark | undefined][] {
  marks.sort((a, b) => a.time - b.time || Number(b.isStart) - Number(a.isStart));
  const pairs: [Mark | undefined, Mark | undefined][] = [];
  let open: Mark | undefined;
  for (const mark of marks) {
    if (!mark.isStart) {
      pairs.push([open, mark]);
      open = undefined;
    } else {
      if (open !== undefined) pairs.push([open, undefined]);
      open = mark;
    }
  }
  if (open !== undefined) pairs.push([open, undefined]);
  return pairs;
}

function settle(
  view: SessionView,
  start: number,
  end: number,
  seconds: number,
  heard: number,
  now: number,
): void {
  view.startMissing = Number.isNaN(start);
  view.endMissing = Number.isNaN(end);
  view.end = end;
  if (!view.startMissing) view.start = start;
  else if (!Number.isNaN(seconds)) view.start = end - seconds * 1000;
  else view.start = Number.isNaN(heard) ? end : heard;
  const until = view.endMissing ? now : end;
  view.seconds = Number.isNaN(seconds) ? Math.max(0, until - view.start) / 1000 : seconds;
}
