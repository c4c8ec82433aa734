import { Labels } from './labels.ts';
import { keyOf, type Sessions } from './session-store.ts';
import { UNKNOWN } from './session-table.ts';

/** Copied targets that are kept; beyond it they are only counted. */
const MOST_COPIES = 100_000;

interface Copy {
  readonly client: number;
  readonly target: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly scaleDown: boolean;
}

/** Targets that were copied. No session is named there, so they are given to one when all is read. */
export class Copies {
  readonly all: Copy[] = [];
  /** All of them, also those beyond the bound. */
  count = 0;
  private readonly seen = new Set<string>();

  add(client: number, target: number, time: number, scaleDown: boolean): void {
    const key = `${client} ${target} ${time}`;
    if (this.seen.has(key)) return;
    this.count++;
    if (this.all.length >= MOST_COPIES) return;
    this.seen.add(key);
    this.all.push({ client, target, time, scaleDown });
  }

  /** @param clients by the other's id, ours; likewise targets */
  merge(other: Copies, clients: readonly number[], targets: readonly number[]): void {
    for (const { client, target, time, scaleDown } of other.all) {
      this.add(clients[client] ?? UNKNOWN, targets[target] ?? UNKNOWN, time, scaleDown);
    }
    this.count += other.count - other.all.length;
  }
}

interface Interval {
  /** Of its session. */
  readonly key: number;
  readonly start: number;
  readonly end: number;
  readonly target: string;
  readonly onCopy: boolean;
  /** The latest end of this one and of those that began before it. */
  latest: number;
}

/**
 * The copies of each session, as words, by its key: the client's newest session at that time on that target or
 * on a copy; if there is none, the client's next one on a copy.
 */
export function copiesBySession(copies: Copies, sessions: Sessions, now: number): Map<number, string[]> {
  const bySession = new Map<number, string[]>();
  if (copies.all.length === 0) return bySession;
  const labels = new Labels(sessions);
  const byClient = sessionsOf(
    new Set(copies.all.map(({ client }) => labels.client(client))),
    sessions,
    labels,
    now,
  );
  for (const copy of [...copies.all].sort((a, b) => a.time - b.time)) {
    const copied = labels.target(copy.target);
    const theirs = byClient.get(labels.client(copy.client)) ?? [];
    const fits = ({ onCopy, target: on }: Interval): boolean => onCopy || on === copied;
    const begun = begunBy(theirs, copy.time);
    const found = newest(theirs, begun, copy.time, fits) ?? nextCopy(theirs, begun);
    if (found === undefined) continue;
    const target = labels.fullTarget(copy.target);
    const said = copy.scaleDown ? `${target} (scaled down)` : target;
    const own = bySession.get(found.key);
    if (own === undefined) bySession.set(found.key, [said]);
    else own.push(said);
  }
  return bySession;
}

/** How many of the sessions have begun by then. */
function begunBy(own: readonly Interval[], time: number): number {
  let low = 0;
  let high = own.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (own[middle]!.start <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The newest of the first `count` that fits and is not over by then. */
function newest(
  own: readonly Interval[],
  count: number,
  time: number,
  fits: (one: Interval) => boolean,
): Interval | undefined {
  for (let k = count - 1; k >= 0 && own[k]!.latest >= time; k--) {
    if (own[k]!.end >= time && fits(own[k]!)) return own[k];
  }
  return undefined;
}

/** The first session on a copy behind the first `count`. */
function nextCopy(own: readonly Interval[], count: number): Interval | undefined {
  for (let k = count; k < own.length; k++) if (own[k]!.onCopy) return own[k];
  return undefined;
}

function sessionsOf(
  wanted: ReadonlySet<string>,
  sessions: Sessions,
  labels: Labels,
  now: number,
): Map<string, Interval[]> {
  const byClient = new Map<string, Interval[]>();
  sessions.each(now, (session) => {
    const { client, target, start, end } = session;
    const name = labels.client(client);
    if (!wanted.has(name)) return;
    const own = byClient.get(name) ?? [];
    const onCopy = labels.isCopy(target);
    const until = Number.isNaN(end) ? now : end;
    own.push({
      key: keyOf(session),
      start,
      end: until,
      target: labels.target(target),
      onCopy,
      latest: until,
    });
    byClient.set(name, own);
  });
  for (const own of byClient.values()) {
    own.sort((a, b) => a.start - b.start || a.key - b.key);
    for (let k = 1; k < own.length; k++) own[k]!.latest = Math.max(own[k]!.end, own[k - 1]!.latest);
  }
  return byClient;
}
