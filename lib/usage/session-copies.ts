import { sortNearlySorted } from '../math/nearly-sorted.ts';
import type { Copies } from './copies.ts';
import { Labels } from './labels.ts';
import type { SessionColumns } from './session-columns.ts';
import { rowOfKey, type Sessions } from './session-store.ts';

/** Sessions of clients that copied, side by side by client, each client's by start, then by key. */
interface Intervals {
  readonly key: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Numbers of targets. */
  readonly target: Uint32Array;
  readonly onCopy: Uint8Array;
  /** The latest end of this one and of those of its client that began before it. */
  readonly latest: Float64Array;
  /** By number of the client: its first place; one number more than clients. */
  readonly first: Uint32Array;
}

/**
 * The copies of each session, as words, by its key. A copy is given to the client's newest session at that time on that target or
 * on a copy; if there is none, the client's next one on a copy.
 * @param all columns of the sessions; `now` is the end of those that have none
 */
export function copiesBySession(
  copies: Copies,
  sessions: Sessions,
  all: SessionColumns,
  now: number,
): (key: number) => readonly string[] {
  if (copies.length === 0) return () => NONE;
  const bySession = new Lists();
  const labels = new Labels(sessions);
  const clients = new Numbers((id) => labels.client(id));
  const targets = new Numbers((id) => labels.target(id));
  for (let row = 0; row < copies.length; row++) clients.of(copies.client[row]!);
  const intervals = intervalsOf(all, clients, targets, labels, now);
  for (const row of byTime(copies)) {
    const found = sessionOf(
      intervals,
      clients.of(copies.client[row]!),
      targets.of(copies.target[row]!),
      copies.time[row]!,
    );
    if (found === undefined) continue;
    const target = labels.fullTarget(copies.target[row]!);
    const said = copies.scaleDown[row] === 1 ? `${target} (scaled down)` : target;
    bySession.add(intervals.key[found]!, said);
  }
  return (key) => bySession.of(key);
}

const NONE: readonly string[] = [];

/** Rows of copies by time, those of one time as they came. */
function byTime({ length, time }: Copies): Uint32Array {
  const order = new Uint32Array(length);
  for (let row = 0; row < length; row++) order[row] = row;
  sortNearlySorted(order, (a, b) => time[a]! - time[b]! || a - b);
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
function begunBy(start: Float64Array, from: number, to: number, time: number): number {
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
  all: SessionColumns,
  clients: Numbers,
  targets: Numbers,
  labels: Labels,
  now: number,
): Intervals {
  const { places, first } = byClient(all, clients);
  const { length } = places;
  const intervals = {
    key: new Float64Array(length),
    start: new Float64Array(length),
    end: new Float64Array(length),
    target: new Uint32Array(length),
    onCopy: new Uint8Array(length),
    latest: new Float64Array(length),
    first,
  };
  for (let client = 0; client < clients.size; client++) {
    let latest = Number.NEGATIVE_INFINITY;
    for (let k = first[client]!; k < first[client + 1]!; k++) {
      const place = places[k]!;
      const end = Number.isNaN(all.end[place]!) ? now : all.end[place]!;
      latest = Math.max(latest, end);
      intervals.key[k] = all.key[place]!;
      intervals.start[k] = all.start[place]!;
      intervals.end[k] = end;
      intervals.target[k] = targets.of(all.target[place]!);
      intervals.onCopy[k] = Number(labels.isCopy(all.target[place]!));
      intervals.latest[k] = latest;
    }
  }
  return intervals;
}

/** Places of sessions, side by side by client, each client's in order: they stand nearly so already. */
function byClient(
  { length, key, client, start }: SessionColumns,
  clients: Numbers,
): { places: Uint32Array; first: Uint32Array } {
  const numbers = new Int32Array(length);
  const first = new Uint32Array(clients.size + 1);
  for (let place = 0; place < length; place++) {
    numbers[place] = clients.known(client[place]!) ?? -1;
    if (numbers[place]! >= 0) first[numbers[place]! + 1]!++;
  }
  for (let k = 0; k < clients.size; k++) first[k + 1]! += first[k]!;
  const places = new Uint32Array(first[clients.size]!);
  const next = first.slice();
  for (let place = 0; place < length; place++) {
    const number = numbers[place]!;
    if (number >= 0) places[next[number]!++] = place;
  }
  for (let k = 0; k < clients.size; k++) {
    sortNearlySorted(
      places.subarray(first[k], first[k + 1]),
      (a, b) => start[a]! - start[b]! || key[a]! - key[b]!,
    );
  }
  return { places, first };
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
