import { sortNearlySorted } from '../math/nearly-sorted.ts';
import type { Copies } from './copies.ts';
import { Labels } from './labels.ts';
import { PairTable } from './pair-table.ts';
import type { SessionColumns } from './session-columns.ts';
import type { Sessions } from './session-store.ts';
import { rowOfKey } from './session-view.ts';

/** No place. */
const NONE_YET = 0xffff_ffff;

/**
 * The copies of each session, as words, by its key. A copy is given to the client's newest session at that time on that target or
 * on a copy; if there is none, the client's next one on a copy.
 * @param all columns of the sessions; `now` is the end of those that have none
 * @param order their places by start, then by key
 */
export function copiesBySession(
  copies: Copies,
  sessions: Sessions,
  { all, order, now }: { readonly all: SessionColumns; readonly order: Uint32Array; readonly now: number },
): (key: number) => readonly string[] {
  if (copies.length === 0) return () => NONE;
  const bySession = new Lists();
  const labels = new Labels(sessions);
  const begun = new BegunSessions(copies, sessions, labels, all, now);
  const give = (row: number, place: number): void => {
    const target = labels.fullTarget(copies.target[row]!);
    bySession.add(all.key[place]!, copies.scaleDown[row] === 1 ? `${target} (scaled down)` : target);
  };
  let next = 0;
  for (const row of byTime(copies)) {
    for (; next < order.length && all.start[order[next]!]! <= copies.time[row]!; next++) {
      begun.add(order[next]!, give);
    }
    begun.give(row, give);
  }
  for (; next < order.length; next++) begun.add(order[next]!, give);
  return (key) => bySession.of(key);
}

/**
 * The sessions of clients that copied, which begin one after the other. Of those of a client on one target, and of those on
 * copies, each knows the newest one before it that ends later, so that the newest that has not ended is found in few steps
 * however many there are.
 */
class BegunSessions {
  private readonly copies: Copies;
  private readonly all: SessionColumns;
  private readonly now: number;
  private readonly clients: Numbers;
  private readonly targets: Numbers;
  /** By id of a target whether it is a copy. */
  private readonly isCopy: Uint8Array;
  /** Numbers of pairs of client and target, and the newest session of each. */
  private readonly pairs = new PairTable();
  private readonly newest: number[] = [];
  /** By number of a client the newest one on a copy, and the copies that wait for the next one. */
  private readonly newestOnCopy: number[] = [];
  private readonly waiting: number[][] = [];
  /** By place. */
  private readonly laterBefore: Uint32Array;
  private readonly laterOnCopy: Uint32Array;

  constructor(copies: Copies, sessions: Sessions, labels: Labels, all: SessionColumns, now: number) {
    this.copies = copies;
    this.all = all;
    this.now = now;
    this.clients = new Numbers((id) => labels.client(id));
    this.targets = new Numbers((id) => labels.target(id));
    this.isCopy = Uint8Array.from({ length: sessions.targets.length }, (_, id) => Number(labels.isCopy(id)));
    this.laterBefore = new Uint32Array(all.length);
    this.laterOnCopy = new Uint32Array(all.length);
    for (let row = 0; row < copies.length; row++) this.clients.of(copies.client[row]!);
  }

  /** A session begins, the place of which is above those of the same start. @param give takes copies that waited for it */
  add(place: number, give: (row: number, place: number) => void): void {
    const { all, clients, targets, pairs, newest, newestOnCopy, waiting } = this;
    const client = clients.known(all.client[place]!);
    if (client === undefined) return;
    const pair = pairs.number(client, targets.of(all.target[place]!));
    this.laterBefore[place] = this.laterThan(place, newest[pair] ?? NONE_YET, this.laterBefore);
    newest[pair] = place;
    if (this.isCopy[all.target[place]!] !== 1) return;
    this.laterOnCopy[place] = this.laterThan(place, newestOnCopy[client] ?? NONE_YET, this.laterOnCopy);
    newestOnCopy[client] = place;
    for (const row of waiting[client] ?? []) give(row, place);
    waiting[client] = [];
  }

  /** Gives a copy to the session that made it, now or once it begins. */
  give(row: number, give: (row: number, place: number) => void): void {
    const { copies, clients, targets, pairs, newest, newestOnCopy, waiting } = this;
    const time = copies.time[row]!;
    const client = clients.of(copies.client[row]!);
    const pair = pairs.number(client, targets.of(copies.target[row]!));
    const onTarget = this.goingOn(time, newest[pair] ?? NONE_YET, this.laterBefore);
    const onCopy = this.goingOn(time, newestOnCopy[client] ?? NONE_YET, this.laterOnCopy);
    if (onTarget !== NONE_YET || onCopy !== NONE_YET) give(row, this.newer(onTarget, onCopy));
    else if (waiting[client] === undefined) waiting[client] = [row];
    else waiting[client].push(row);
  }

  /** The newest one, from a place on, that ends later than another one. */
  private laterThan(place: number, from: number, later: Uint32Array): number {
    const end = this.endOf(place);
    let at = from;
    while (at !== NONE_YET && this.endOf(at) <= end) at = later[at]!;
    return at;
  }

  /** The same of those that have not ended at a time. */
  private goingOn(time: number, from: number, later: Uint32Array): number {
    let at = from;
    while (at !== NONE_YET && !(this.endOf(at) >= time)) at = later[at]!;
    return at;
  }

  private newer(a: number, b: number): number {
    if (a === NONE_YET || b === NONE_YET) return a === NONE_YET ? b : a;
    const { start, key } = this.all;
    return start[a]! > start[b]! || (start[a] === start[b] && key[a]! >= key[b]!) ? a : b;
  }

  private endOf(place: number): number {
    const end = this.all.end[place]!;
    return Number.isNaN(end) ? this.now : end;
  }
}

const NONE: readonly string[] = [];

/** Rows of copies by time, those of one time as they came. */
function byTime({ length, time }: Copies): Uint32Array {
  const order = new Uint32Array(length);
  for (let row = 0; row < length; row++) order[row] = row;
  sortNearlySorted(order, time, (a, b) => a - b);
  return order;
}

/** Texts by the key of a session: nearly all are the first of their row, and found by it. */
class Lists {
  private readonly ofFirst: (string[] | undefined)[] = [];
  private readonly ofOthers = new Map<number, string[]>();

  add(key: number, text: string): void {
    const own = this.known(key);
    if (own !== undefined) own.push(text);
    else if (key === rowOfKey(key)) this.ofFirst[key] = [text];
    else this.ofOthers.set(key, [text]);
  }

  of(key: number): readonly string[] {
    return this.known(key) ?? NONE;
  }

  private known(key: number): string[] | undefined {
    return key === rowOfKey(key) ? this.ofFirst[key] : this.ofOthers.get(key);
  }
}

/** Numbers of texts, from 0, by the ids that have them. */
class Numbers {
  private readonly textOf: (id: number) => string;
  private readonly byText = new Map<string, number>();
  private readonly byId: number[] = [];

  constructor(textOf: (id: number) => string) {
    this.textOf = textOf;
  }

  get size(): number {
    return this.byText.size;
  }

  /** The number of the id's text, a new one if the text has none. */
  of(id: number): number {
    let number = this.known(id);
    if (number === undefined) {
      number = this.byText.size;
      this.byText.set(this.textOf(id), number);
      this.byId[id] = number;
    }
    return number;
  }

  known(id: number): number | undefined {
    let number = this.byId[id];
    if (number === undefined) {
      number = this.byText.get(this.textOf(id));
      if (number !== undefined) this.byId[id] = number;
    }
    return number;
  }
}
