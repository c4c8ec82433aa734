import { DAY_MS, FINE_DAYS, MINUTE_MS, monthOf, weekOf } from './days.ts';
import { PairTable } from './pair-table.ts';
import { actions, type PortAction } from './port-uses.ts';
import { UNKNOWN } from './session-table.ts';

const HOUR = 60;
const DAY = 1440;
/** Beyond so many cells or minutes what is older becomes coarser. */
const MOST_CELLS = 500_000;
const MOST_MINUTES = 200_000;
/** Users and targets that are told apart together; others are one remainder. */
const MOST_PAIRS = 100_000;
/** Ways in which users use ports that are told apart; others are counted. */
const MOST_PORT_ROWS = 100_000;

export type TakeCell = (
  client: number,
  target: number,
  day: number,
  sessions: number,
  seconds: number,
) => void;

export type TakePorts = (
  client: number,
  target: number,
  name: number,
  action: PortAction,
  counted: { readonly sessions: number; readonly first: number; readonly last: number },
) => void;

/** A session that is over. Milliseconds since the epoch, and seconds. */
export interface PastSession {
  readonly client: number;
  readonly target: number;
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
  readonly startMissing: boolean;
  readonly endMissing: boolean;
}

/**
 * Sessions that are over and no longer kept one by one, added up as the page shows them: by whom, of what and on which
 * day, begun and ended in which minute, with which ports. Clients, targets and names of ports as the dictionaries of
 * Sessions number them. What is added up of two parts is what is of the whole.
 */
export class PastSessions {
  withoutStart = 0;
  withoutEnd = 0;
  /** Uses of ports that were left out. */
  droppedPorts = 0;
  /** See PortSteals: by namespace, target and port. */
  readonly collisions = new Map<string, number>();
  private readonly beyond: () => readonly [client: number, target: number];
  private readonly pairs = new PairTable();
  /** By pair and day since the epoch. */
  private cells = new PairTable();
  private sessions: number[] = [];
  private seconds: number[] = [];
  /** Since the epoch. */
  private starts = new Map<number, number>();
  private ends = new Map<number, number>();
  /** By pair, and by name and action. */
  private readonly ports = new PairTable();
  private readonly portSessions: number[] = [];
  private readonly portFirst: number[] = [];
  private readonly portLast: number[] = [];

  /** @param beyond what the remainder is called, where there are too many pairs of clients and targets */
  constructor(beyond: () => readonly [client: number, target: number]) {
    this.beyond = beyond;
  }

  get isEmpty(): boolean {
    return this.cells.length === 0;
  }

  add({ client, target, start, end, seconds, startMissing, endMissing }: PastSession): void {
    this.addCell(client, target, Math.max(0, Math.floor(start / DAY_MS)), 1, seconds);
    this.addMinute('starts', Math.max(0, Math.floor(start / MINUTE_MS)), 1);
    this.addMinute('ends', Math.max(0, Math.floor(end / MINUTE_MS)), 1);
    if (startMissing) this.withoutStart++;
    if (endMissing) this.withoutEnd++;
  }

  addCell(client: number, target: number, day: number, sessions: number, seconds: number): void {
    const cell = this.cells.number(this.pairOf(client, target), day);
    this.sessions[cell] = (this.sessions[cell] ?? 0) + sessions;
    this.seconds[cell] = (this.seconds[cell] ?? 0) + seconds;
  }

  addMinute(what: 'starts' | 'ends', minute: number, count: number): void {
    this[what].set(minute, (this[what].get(minute) ?? 0) + count);
  }

  addPort(
    client: number,
    target: number,
    name: number,
    action: PortAction,
    { sessions, first, last }: { sessions: number; first: number; last: number },
  ): void {
    const pair = this.pairOf(client, target);
    const use = name * actions.length + actions.indexOf(action);
    if (this.ports.length >= MOST_PORT_ROWS && this.ports.find(pair, use) < 0) {
      this.droppedPorts += sessions;
      return;
    }
    const row = this.ports.number(pair, use);
    this.portSessions[row] = (this.portSessions[row] ?? 0) + sessions;
    this.portFirst[row] = Math.min(this.portFirst[row] ?? Number.POSITIVE_INFINITY, first);
    this.portLast[row] = Math.max(this.portLast[row] ?? Number.NEGATIVE_INFINITY, last);
  }

  addCollisions(port: string, count: number): void {
    if (count !== 0) this.collisions.set(port, (this.collisions.get(port) ?? 0) + count);
  }

  /** Cells in the order in which they came. */
  eachCell(take: TakeCell): void {
    const { cells, pairs } = this;
    for (let cell = 0; cell < cells.length; cell++) {
      const pair = cells.first[cell]!;
      const day = cells.second[cell]!;
      take(pairs.first[pair]!, pairs.second[pair]!, day, this.sessions[cell]!, this.seconds[cell]!);
    }
  }

  /** How many began or ended in a minute since the epoch. */
  minutes(what: 'starts' | 'ends'): ReadonlyMap<number, number> {
    return this[what];
  }

  eachPort(take: TakePorts): void {
    const { ports, pairs } = this;
    for (let row = 0; row < ports.length; row++) {
      const pair = ports.first[row]!;
      const use = ports.second[row]!;
      take(
        pairs.first[pair]!,
        pairs.second[pair]!,
        Math.floor(use / actions.length),
        actions[use % actions.length]!,
        { sessions: this.portSessions[row]!, first: this.portFirst[row]!, last: this.portLast[row]! },
      );
    }
  }

  /** Adds up another. @param clients, targets and names: by the other's ids, ours */
  merge(other: PastSessions, clients: Uint32Array, targets: Uint32Array, names: Uint32Array): void {
    const client = (id: number): number => clients[id] ?? UNKNOWN;
    const target = (id: number): number => targets[id] ?? UNKNOWN;
    this.withoutStart += other.withoutStart;
    this.withoutEnd += other.withoutEnd;
    this.droppedPorts += other.droppedPorts;
    for (const [port, count] of other.collisions) this.addCollisions(port, count);
    other.eachCell((c, t, day, sessions, seconds) =>
      this.addCell(client(c), target(t), day, sessions, seconds),
    );
    for (const what of ['starts', 'ends'] as const) {
      for (const [minute, count] of other.minutes(what)) this.addMinute(what, minute, count);
    }
    other.eachPort((c, t, name, action, counted) =>
      this.addPort(client(c), target(t), names[name]!, action, counted),
    );
    this.bound();
  }

  /** What is older than three months becomes coarser where there is too much: weeks, then months; and hours, then days. */
  bound(): void {
    const days = this.cells.second.subarray(0, this.cells.length);
    const newest = days.reduce((last, day) => Math.max(last, day), 0);
    const before = newest - FINE_DAYS;
    if (this.cells.length > MOST_CELLS) this.putTogether(before, weekOf);
    if (this.cells.length > MOST_CELLS) this.putTogether(before, monthOf);
    // so many of three months alone
    if (this.cells.length > 2 * MOST_CELLS) this.putTogether(newest, monthOf);
    for (const unit of [HOUR, DAY]) {
      for (const what of ['starts', 'ends'] as const) {
        if (this[what].size > MOST_MINUTES) this.coarsen(what, before * DAY, unit);
      }
    }
  }

  private pairOf(client: number, target: number): number {
    const { pairs } = this;
    if (pairs.length < MOST_PAIRS) return pairs.number(client, target);
    const known = pairs.find(client, target);
    return known < 0 ? pairs.number(...this.beyond()) : known;
  }

  private putTogether(before: number, begin: (day: number) => number): void {
    const { cells, sessions, seconds } = this;
    this.cells = new PairTable();
    this.sessions = [];
    this.seconds = [];
    for (let cell = 0; cell < cells.length; cell++) {
      const day = cells.second[cell]!;
      const place = this.cells.number(cells.first[cell]!, day < before ? begin(day) : day);
      this.sessions[place] = (this.sessions[place] ?? 0) + sessions[cell]!;
      this.seconds[place] = (this.seconds[place] ?? 0) + seconds[cell]!;
    }
  }

  private coarsen(what: 'starts' | 'ends', before: number, unit: number): void {
    const minutes = this[what];
    this[what] = new Map();
    for (const [minute, count] of minutes) {
      this.addMinute(what, minute < before ? minute - (minute % unit) : minute, count);
    }
  }
}
