import type { Copies } from './copies.ts';
import { Labels } from './labels.ts';
import { keyOf, rowOfKey, type Sessions } from './session-store.ts';

/** Sessions of clients that copied, side by side by client, each client's by start, then by key. */
interface Intervals {
  readonly key: ArrayLike<number>;
  readonly start: ArrayLike<number>;
  readonly end: ArrayLike<number>;
  /** Numbers of targets. */
  readonly target: ArrayLike<number>;
  readonly onCopy: ArrayLike<number>;
  /** The latest end of this one and of those of its client that began before it. */
  readonly latest: ArrayLike<number>;
  /** By number of the client: its first place; one number more than clients. */
  readonly first: ArrayLike<number>;
}

/**
 * The copies of each session, as words, by its key. A copy is given to the client's newest session at that time on that target or
 * on a copy; if there is none, the client's next one on a copy.
 */
export function copiesBySession(
  copies: Copies,
  sessions: Sessions,
  now: number,
): (key: number) => readonly string[] {
  if (copies.length === 0) return () => NONE;
  const bySession = new Lists();
  const labels = new Labels(sessions);
  const clients = new Numbers((id) => labels.client(id));
  const targets = new Numbers((id) => labels.target(id));
  for (let row = 0; row < copies.length; row++) clients.of(copies.client[row]!);
  const all = intervalsOf(sessions, clients, targets, labels, now);
  const { time } = copies;
  const order = Array.from({ length: copies.length }, (_, row) => row).sort((a, b) => time[a]! - time[b]!);
  for (const row of order) {
    const found = sessionOf(
      all,
      clients.of(copies.client[row]!),
      targets.of(copies.target[row]!),
      time[row]!,
    );
    if (found === undefined) continue;
    const target = labels.fullTarget(copies.target[row]!);
    const said = copies.scaleDown[row] === 1 ? `${target} (scaled down)` : target;
    bySession.add(all.key[found]!, said);
  }
  return (key) => bySession.of(key);
}

const NONE: readonly string[] = [];

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

/** The place of the session that a copy is given to. */
function sessionOf(all: Intervals, client: number, target: number, time: number): number | undefined {
  const { start, end, onCopy, latest, first } = all;
  const [from, to] = [first[client]!, first[client + 1]!];
  const begun = begunBy(start, from, to, time);
  for (let k = begun - 1; k >= from && latest[k]! >= time; k--) {
    if (end[k]! >= time && (onCopy[k] === 1 || all.target[k] === target)) return k;
  }
  for (let k = begun; k < to; k++) if (onCopy[k] === 1) return k;
  return undefined;
}

/** The place behind those of a range that have begun by then. */
function begunBy(start: ArrayLike<number>, from: number, to: number, time: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param clients those that copied; of others nothing is asked */
function intervalsOf(
  sessions: Sessions,
  clients: Numbers,
  targets: Numbers,
  labels: Labels,
  now: number,
): Intervals {
  const told = { key: [] as number[], start: [] as number[], end: [] as number[], client: [] as number[] };
  const on = { target: [] as number[], isCopy: [] as number[] };
  sessions.each(now, (session) => {
    const client = clients.known(session.client);
    if (client === undefined) return;
    told.key.push(keyOf(session));
    told.start.push(session.start);
    told.end.push(Number.isNaN(session.end) ? now : session.end);
    told.client.push(client);
    on.target.push(targets.of(session.target));
    on.isCopy.push(Number(labels.isCopy(session.target)));
  });
  const { key, start, end, client } = told;
  const first = new Uint32Array(clients.size + 1);
  for (const of of client) first[of + 1]!++;
  for (let k = 0; k < clients.size; k++) first[k + 1]! += first[k]!;
  const order = ordered(client, first, (a, b) => start[a]! - start[b]! || key[a]! - key[b]!);
  const latest = Float64Array.from(order, (k) => end[k]!);
  for (let k = 1; k < order.length; k++) {
    if (client[order[k]!] === client[order[k - 1]!]) latest[k] = Math.max(latest[k]!, latest[k - 1]!);
  }
  const inOrder = (column: readonly number[]): Float64Array => Float64Array.from(order, (k) => column[k]!);
  return {
    key: inOrder(key),
    start: inOrder(start),
    end: inOrder(end),
    target: inOrder(on.target),
    onCopy: inOrder(on.isCopy),
    latest,
    first,
  };
}

/** The places of all side by side by client, each client's in order; most logs have them in it already. */
function ordered(
  client: readonly number[],
  first: Uint32Array,
  compare: (a: number, b: number) => number,
): Uint32Array {
  const order = new Uint32Array(client.length);
  const next = first.slice();
  let isOrdered = true;
  for (let k = 0; k < client.length; k++) {
    const place = next[client[k]!]!++;
    order[place] = k;
    isOrdered &&= place === first[client[k]!] || compare(order[place - 1]!, k) <= 0;
  }
  return isOrdered ? order : order.sort((a, b) => client[a]! - client[b]! || compare(a, b));
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
