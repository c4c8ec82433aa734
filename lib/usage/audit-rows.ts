import { sortNearlySorted } from '../math/nearly-sorted.ts';
import { remembered } from '../text/remembered.ts';
import type { Usage } from './index.ts';
import { Labels } from './labels.ts';
import { TAKEN } from './port-uses.ts';
import { columnsOf, type SessionColumns, UNTOLD } from './session-columns.ts';
import { copiesBySession } from './session-copies.ts';
import { rowOfKey } from './session-view.ts';
import { heldPorts } from './taken-ports.ts';

/** Whose a session is. One object a client, so what is made of it can be kept by it. */
export interface Person {
  /** As the client's machine calls the person. */
  readonly user: string;
  /** As Kubernetes does. */
  readonly clientUser: string;
  readonly hostname: string;
  readonly clientId: string;
}

/** What a session is on. One object a target. */
export interface Place {
  readonly target: string;
  readonly namespace: string;
}

/** What a session took. One object for each combination, of which logs have few. */
export interface Taken {
  /** Ports that it stole, mirrored or only gave back, as where a log begins too late. */
  readonly ports: readonly string[];
  /** `port=filter` of the steals that had one. */
  readonly filters: readonly string[];
}

/** One session, for whoever must know who did what. */
export interface AuditRow {
  readonly id: string;
  readonly person: Person;
  readonly place: Place;
  /** Milliseconds since the epoch; where no record tells it: what the end's duration says, undefined if nothing does. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly seconds: number;
  readonly taken: Taken;
  /** Targets that it copied. */
  readonly copies: readonly string[];
  readonly missing: '' | 'start' | 'end' | 'both';
  /** Ports that it steals now: it has neither ended nor given them back. */
  readonly held: readonly string[];
}

/** Every session by its start, then by its id. */
export function auditRows(usage: Usage): Generator<AuditRow> {
  return new AuditTable(usage).rows();
}

/** The same as columns, for whoever writes all of them. */
export class AuditTable {
  readonly all: SessionColumns;
  /** Places of the sessions, by start, then by id. */
  readonly order: Uint32Array;
  readonly sessions: Usage['sessions'];
  private readonly names: AuditNames;
  private readonly copied: (place: number) => readonly string[];

  constructor({ sessions, copies, until }: Usage) {
    this.sessions = sessions;
    this.all = columnsOf(sessions, until);
    this.order = byStart(this.all);
    orderById(this.all, this.order, sessions);
    copies.keepNewest();
    this.copied = copiesBySession(copies, sessions, { all: this.all, order: this.order, now: until });
    this.names = new AuditNames(sessions);
  }

  get length(): number {
    return this.all.length;
  }

  *rows(): Generator<AuditRow> {
    for (let k = 0; k < this.length; k++) yield this.row(k);
  }

  /** The k-th session. */
  row(k: number): AuditRow {
    const { all, names, sessions } = this;
    const place = this.order[k]!;
    const untold = all.untold[place]!;
    const isOpen = (untold & UNTOLD.end) !== 0;
    const ports = all.ports[place]!;
    const start = this.start(place);
    return {
      id: sessions.table.id(rowOfKey(all.key[place]!)),
      person: names.person(all.client[place]!),
      place: names.place(all.target[place]!),
      start: Number.isNaN(start) ? undefined : start,
      end: isOpen ? undefined : all.end[place]!,
      seconds: all.seconds[place]!,
      taken: names.taken(ports),
      copies: this.copies(place),
      missing: missing[untold]!,
      held: isOpen ? heldPorts(sessions.ports.inTime(ports)) : NONE,
    };
  }

  /** When the session of a place started: what a record tells, or its end's duration; else NaN. */
  start(place: number): number {
    const { start, untold, deduced } = this.all;
    const isKnown = (untold[place]! & UNTOLD.start) === 0 || deduced[place] === 1;
    return isKnown ? start[place]! : Number.NaN;
  }

  /** Targets that the session of a place copied. */
  copies(place: number): readonly string[] {
    return this.copied(place);
  }

  /** A number of what the session of a place took, from 0 to MOST_NUMBERED; -1 of what has none. */
  takenNumber(place: number): number {
    return this.names.takenNumber(this.all.ports[place]!);
  }
}

/** By what no record tells: see UNTOLD. */
const missing = ['', 'start', 'end', 'both'] as const;
const NONE: readonly string[] = [];

/** Places of sessions by start, then by key. */
function byStart({ length, key, start }: SessionColumns): Uint32Array {
  const order = new Uint32Array(length);
  for (let k = 0; k < length; k++) order[k] = k;
  // sessions stand as they were first heard of, which in most logs is nearly their order already
  sortNearlySorted(order, start, (a, b) => key[a]! - key[b]!);
  return order;
}

/** Has places that are by start be by id where that is equal. */
function orderById(
  { length, key, start }: SessionColumns,
  order: Uint32Array,
  sessions: Usage['sessions'],
): void {
  const { table } = sessions;
  const byId = (a: number, b: number): number => {
    const [one, other] = [rowOfKey(key[a]!), rowOfKey(key[b]!)];
    const [left, right] = [table.id(one), table.id(other)];
    if (left !== right) return left < right ? -1 : 1;
    return one === other ? key[a]! - key[b]! : sessions.compareNameless(one, other);
  };
  for (let from = 0, to = 1; from < length; from = to++) {
    while (to < length && start[order[to]!] === start[order[from]!]) to++;
    if (to - from > 1) order.subarray(from, to).sort(byId);
  }
}

const NOTHING: Taken = { ports: NONE, filters: NONE };
/** Of clients, of targets, of combinations of ports: those that are remembered. */
const MOST_REMEMBERED = 8192;
/** Combinations of ports that have a number. */
export const MOST_NUMBERED = 4096;

/** Whose, on what and with which ports sessions are: each told once. */
class AuditNames {
  readonly person: (client: number) => Person;
  readonly place: (target: number) => Place;
  private readonly uses: Usage['sessions']['ports'];
  private readonly takenBy: (names: readonly number[]) => Taken;
  private readonly takenAlone: (name: number) => Taken;
  /** By name alone, and by names together. */
  private readonly numbersAlone: number[] = [];
  private readonly numbers = new Map<unknown, number>();

  constructor(sessions: Usage['sessions']) {
    const labels = new Labels(sessions);
    this.uses = sessions.ports;
    this.person = remembered(MOST_REMEMBERED, itself, (client) => ({
      user: labels.name(client),
      clientUser: labels.kubernetesUser(client),
      hostname: labels.host(client),
      clientId: labels.certificate(client),
    }));
    this.place = remembered(MOST_REMEMBERED, itself, (target) => ({
      target: labels.fullTarget(target),
      namespace: labels.namespace(target),
    }));
    this.takenBy = remembered(MOST_REMEMBERED, keyOfNames, (names) => takenBy(this.uses, names));
    this.takenAlone = remembered(MOST_REMEMBERED, itself, (name) => takenBy(this.uses, [name]));
  }

  /** Each port, and each filter of a port, once, as they came. @param head of the session's chain */
  taken(head: number): Taken {
    const name = this.uses.onlyTaken(head);
    if (name === TAKEN.nothing) return NOTHING;
    return name === TAKEN.several ? this.takenBy(this.uses.namesOf(head)) : this.takenAlone(name);
  }

  /** See AuditTable. */
  takenNumber(head: number): number {
    const name = this.uses.onlyTaken(head);
    if (name === TAKEN.nothing) return 0;
    const known = name === TAKEN.several ? undefined : this.numbersAlone[name];
    return known ?? this.numberOf(name, head);
  }

  private numberOf(name: number, head: number): number {
    const key = name === TAKEN.several ? keyOfNames(this.uses.namesOf(head)) : `${name}`;
    let number = this.numbers.get(key);
    if (number !== undefined) return number;
    if (this.numbers.size === MOST_NUMBERED) return -1;
    number = this.numbers.size + 1;
    this.numbers.set(key, number);
    if (name !== TAKEN.several) this.numbersAlone[name] = number;
    return number;
  }
}

const itself = <T>(key: T): T => key;

/** Names of ports below it are told apart by one number, two of them. */
const FEW_NAMES = 2 ** 26;

function keyOfNames(names: readonly number[]): unknown {
  const [first, second] = names as readonly [number, number];
  const isPair = names.length === 2 && first < FEW_NAMES && second < FEW_NAMES;
  return isPair ? first * FEW_NAMES + second : names.join();
}

function takenBy(uses: Usage['sessions']['ports'], names: readonly number[]): Taken {
  const ports = new Set<string>();
  const filters = new Set<string>();
  for (const name of names) {
    const [port = '', filter = ''] = uses.names.texts(name);
    ports.add(port);
    if (filter !== '') filters.add(`${port}=${filter}`);
  }
  return { ports: [...ports], filters: [...filters] };
}
