import { sortNearlySorted } from '../math/nearly-sorted.ts';
import { remembered } from '../text/remembered.ts';
import type { Usage } from './index.ts';
import { Labels } from './labels.ts';
import { TAKEN } from './port-uses.ts';
import { columnsOf, type SessionColumns } from './session-columns.ts';
import { copiesBySession } from './session-copies.ts';
import { keyOf, rowOfKey, type SessionView } from './session-view.ts';
import { heldPorts } from './steals.ts';

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
  /** Ports that it stole or mirrored. */
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
export function* auditRows({ sessions, copies, until }: Usage): Generator<AuditRow> {
  const all = columnsOf(sessions, until);
  const order = byStart(all);
  const copied = copiesBySession(copies, sessions, { all, order, now: until });
  const names = new AuditNames(sessions);
  const view = {} as SessionView;
  let key = 0;
  let made: AuditRow | undefined;
  const take = (session: SessionView): void => {
    if (keyOf(session) === key) made = rowOf(session, sessions, names, copied(key));
  };
  for (key of keysInOrder(all, order, sessions)) {
    sessions.view(rowOfKey(key), until, view, take);
    yield made!;
  }
}

const NONE: readonly string[] = [];

/** Places of sessions by start, then by key. */
function byStart({ length, key, start }: SessionColumns): Uint32Array {
  const order = new Uint32Array(length);
  for (let k = 0; k < length; k++) order[k] = k;
  // sessions stand as they were first heard of, which in most logs is nearly their order already
  sortNearlySorted(order, start, (a, b) => key[a]! - key[b]!);
  return order;
}

/** The keys of all sessions, by start, then by id. @param order their places by start, which is changed to this one */
function keysInOrder(
  { length, key, start }: SessionColumns,
  order: Uint32Array,
  { table }: Usage['sessions'],
): Float64Array {
  const byId = (a: number, b: number): number => {
    const [left, right] = [table.id(rowOfKey(key[a]!)), table.id(rowOfKey(key[b]!))];
    return left === right ? key[a]! - key[b]! : left < right ? -1 : 1;
  };
  for (let from = 0, to = 1; from < length; from = to++) {
    while (to < length && start[order[to]!] === start[order[from]!]) to++;
    if (to - from > 1) order.subarray(from, to).sort(byId);
  }
  const keys = new Float64Array(length);
  for (let k = 0; k < length; k++) keys[k] = key[order[k]!]!;
  return keys;
}

function rowOf(
  session: SessionView,
  { table, ports }: Usage['sessions'],
  names: AuditNames,
  copies: readonly string[],
): AuditRow {
  const { row, client, target, start, end, seconds, startMissing, endMissing } = session;
  const isDeduced = startMissing && Number.isFinite(table.seconds[row]!) && !endMissing;
  return {
    id: table.id(row),
    person: names.person(client),
    place: names.place(target),
    start: !startMissing || isDeduced ? start : undefined,
    end: endMissing ? undefined : end,
    seconds,
    taken: names.taken(session.ports),
    copies,
    missing: startMissing ? (endMissing ? 'both' : 'start') : endMissing ? 'end' : '',
    held: endMissing ? heldPorts(ports.of(session.ports)) : NONE,
  };
}

const NOTHING: Taken = { ports: NONE, filters: NONE };
/** Of clients, of targets, of combinations of ports: those that are remembered. */
const MOST_REMEMBERED = 8192;

/** Whose, on what and with which ports sessions are: each told once. */
class AuditNames {
  readonly person: (client: number) => Person;
  readonly place: (target: number) => Place;
  private readonly uses: Usage['sessions']['ports'];
  private readonly takenBy: (names: readonly number[]) => Taken;
  private readonly takenAlone: (name: number) => Taken;

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
