import { grown } from '../math/growth.ts';
import { sortNearlySorted } from '../math/nearly-sorted.ts';
import type { Copies } from './copies.ts';
import { Labels } from './labels.ts';
import { PairTable } from './pair-table.ts';
import type { SessionColumns } from './session-columns.ts';
import type { Sessions } from './session-store.ts';

/** No place, or no number. */
const NONE_YET = 0xffff_ffff;
const FIRST_ROOM = 1024;

interface Given {
  readonly all: SessionColumns;
  /** Places by start, then as sessions are shown. */
  readonly order: Uint32Array;
  readonly now: number;
}

/**
 * The copies of each session, as words, by its place. A copy is given to the client's newest session at that time on that target or
 * on a copy; if there is none, the client's next one on a copy.
 * @param all columns of the sessions; `now` is the end of those that have none
 */
export function copiesBySession(
  copies: Copies,
  sessions: Sessions,
  { all, order, now }: Given,
): (place: number) => readonly string[] {
  if (copies.length === 0) return () => NONE;
  const bySession = new Lists(all.length);
  const labels = new Labels(sessions);
  const begun = new BegunSessions(copies, sessions, labels, { all, order, now });
  const give = (row: number, place: number): void => {
    const target = labels.fullTarget(copies.target[row]!);
    bySession.add(place, copies.scaleDown[row] === 1 ? `${target} (scaled down)` : target);
  };
  let next = 0;
  for (const row of byTime(copies, labels)) {
    for (; next < order.length && all.start[order[next]!]! <= copies.time[row]!; next++) {
      begun.add(order[next]!, give);
    }
    begun.give(row, give);
  }
  for (; next < order.length; next++) begun.add(order[next]!, give);
  return (place) => bySession.of(place);
}

/**
 * The sessions of clients that copied, which begin one after the other. Of those of a client on one target, and of those on
 * copies, each knows the newest one before it that ends later, so that the newest that has not ended is found in few steps
 * however many there are.
 */
class BegunSessions {
  private readonly copies: Copies;
  private readonly all: SessionColumns;
  /** Of places: where they stand in the order. */
  private readonly ranks: Uint32Array;
  /** By id: numbers of clients, NONE_YET of those that copied nothing, and of targets; whether a target is a copy. */
  private readonly clients: Uint32Array;
  private readonly targets: Uint32Array;
  private readonly isCopy: Uint8Array;
  /** By place; of those that have not ended the newest record's time. */
  private readonly ends: Float64Array;
  /** Numbers of pairs of client and target, and the newest session of each. */
  private readonly pairs = new PairTable();
  private newest = new Uint32Array(FIRST_ROOM).fill(NONE_YET);
  /** By number of a client the newest one on a copy, and the copies that wait for the next one. */
  private readonly newestOnCopy: Uint32Array;
  private readonly waiting: number[][] = [];
  /** By place. */
  private readonly laterBefore: Uint32Array;
  private readonly laterOnCopy: Uint32Array;

  constructor(copies: Copies, { clients, targets }: Sessions, labels: Labels, { all, order, now }: Given) {
    this.copies = copies;
    this.all = all;
    this.ranks = new Uint32Array(order.length);
    order.forEach((place, rank) => {
      this.ranks[place] = rank;
    });
    const numbers = new Map<string, number>();
    for (let row = 0; row < copies.length; row++) numberOf(labels.client(copies.client[row]!), numbers);
    this.clients = byId(clients.length, (id) => numbers.get(labels.client(id)) ?? NONE_YET);
    const ofTargets = new Map<string, number>();
    this.targets = byId(targets.length, (id) => numberOf(labels.target(id), ofTargets));
    this.isCopy = Uint8Array.from({ length: targets.length + 1 }, (_, id) => Number(labels.isCopy(id)));
    this.ends = new Float64Array(all.length);
    for (let place = 0; place < all.length; place++) {
      const end = all.end[place]!;
      this.ends[place] = Number.isNaN(end) ? now : end;
    }
    this.newestOnCopy = new Uint32Array(numbers.size).fill(NONE_YET);
    this.laterBefore = new Uint32Array(all.length);
    this.laterOnCopy = new Uint32Array(all.length);
  }

  /** A session begins, one after the other in their order. @param give takes copies that waited for it */
  add(place: number, give: (row: number, place: number) => void): void {
    const { all, clients, targets, newestOnCopy, waiting } = this;
    const client = clients[Math.min(all.client[place]!, clients.length - 1)]!;
    if (client === NONE_YET) return;
    const target = Math.min(all.target[place]!, targets.length - 1);
    const pair = this.pair(client, targets[target]!);
    this.laterBefore[place] = this.laterThan(place, this.newest[pair]!, this.laterBefore);
    this.newest[pair] = place;
    if (this.isCopy[target] !== 1) return;
    this.laterOnCopy[place] = this.laterThan(place, newestOnCopy[client]!, this.laterOnCopy);
    newestOnCopy[client] = place;
    for (const row of waiting[client] ?? []) give(row, place);
    waiting[client] = [];
  }

  /** Gives a copy to the session that made it, now or once it begins. */
  give(row: number, give: (row: number, place: number) => void): void {
    const { copies, clients, targets, waiting } = this;
    const time = copies.time[row]!;
    const client = clients[Math.min(copies.client[row]!, clients.length - 1)]!;
    const pair = this.pair(client, targets[Math.min(copies.target[row]!, targets.length - 1)]!);
    const onTarget = this.goingOn(time, this.newest[pair]!, this.laterBefore);
    const onCopy = this.goingOn(time, this.newestOnCopy[client]!, this.laterOnCopy);
    if (onTarget !== NONE_YET || onCopy !== NONE_YET) give(row, this.newer(onTarget, onCopy));
    else if (waiting[client] === undefined) waiting[client] = [row];
    else waiting[client].push(row);
  }

  private pair(client: number, target: number): number {
    const pair = this.pairs.number(client, target);
    const { newest } = this;
    if (pair === newest.length) this.newest = grown(newest, 2 * pair).fill(NONE_YET, pair);
    return pair;
  }

  /** The newest one, from a place on, that ends later than another one. */
  private laterThan(place: number, from: number, later: Uint32Array): number {
    const { ends } = this;
    const end = ends[place]!;
    let at = from;
    while (at !== NONE_YET && ends[at]! <= end) at = later[at]!;
    return at;
  }

  /** The same of those that have not ended at a time. */
  private goingOn(time: number, from: number, later: Uint32Array): number {
    const { ends } = this;
    let at = from;
    while (at !== NONE_YET && !(ends[at]! >= time)) at = later[at]!;
    return at;
  }

  private newer(a: number, b: number): number {
    if (a === NONE_YET || b === NONE_YET) return a === NONE_YET ? b : a;
    return this.ranks[a]! > this.ranks[b]! ? a : b;
  }
}

/** Numbers by id, of as many as there are and of those that there are not, which are the last. */
function byId(length: number, numberOf: (id: number) => number): Uint32Array {
  return Uint32Array.from({ length: length + 1 }, (_, id) => numberOf(id));
}

/** The number of a text, a new one if it has none. */
function numberOf(text: string, numbers: Map<string, number>): number {
  let number = numbers.get(text);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(text, number);
  }
  return number;
}

const NONE: readonly string[] = [];

/** Rows of copies by time, then by what they say. */
function byTime({ length, time, client, target, scaleDown }: Copies, labels: Labels): Uint32Array {
  const order = new Uint32Array(length);
  for (let row = 0; row < length; row++) order[row] = row;
  const told = (row: number): string =>
    `${labels.fullTarget(target[row]!)}\0${labels.client(client[row]!)}\0${scaleDown[row]!}`;
  sortNearlySorted(order, time, (a, b) => {
    const [left, right] = [told(a), told(b)];
    return left < right ? -1 : Number(left > right);
  });
  return order;
}

/** Texts by place of a session. */
class Lists {
  /** Numbers of lists plus one; 0 for none. */
  private readonly byPlace: Uint32Array;
  private readonly lists: string[][] = [];

  constructor(length: number) {
    this.byPlace = new Uint32Array(length);
  }

  add(place: number, text: string): void {
    const number = this.byPlace[place]!;
    if (number === 0) this.byPlace[place] = this.lists.push([text]);
    else this.lists[number - 1]!.push(text);
  }

  of(place: number): readonly string[] {
    const number = this.byPlace[place]!;
    return number === 0 ? NONE : this.lists[number - 1]!;
  }
}
