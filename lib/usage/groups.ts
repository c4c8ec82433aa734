import { grown, nextRoom } from '../math/growth.ts';
import { between, position } from '../math/percentile.ts';
import type { GroupKey } from './group-keys.ts';
import { Labels } from './labels.ts';
import type { Sessions, SessionView } from './session-store.ts';

const FIRST_ROOM = 1024;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The figures of some sessions. */
export interface GroupFigures {
  sessions: number;
  /** Their time together. */
  seconds: number;
  p50: number;
  p95: number;
  max: number;
  /** The first start and the last sign of life, milliseconds since the epoch. */
  first: number;
  last: number;
  /** Different users. */
  users: number;
}

export interface Group extends GroupFigures {
  /** One text for each key. */
  readonly key: readonly string[];
}

/**
 * Sessions by keys. A session is in the group of each port that it used, and once in the total; periods are those of UTC
 * in which it started, weeks begin on Monday.
 */
export class Grouping {
  private readonly sessions: Sessions;
  private readonly now: number;
  private readonly period: { readonly from: number; readonly to: number };
  private readonly ids: KeyIds;
  private readonly userOf: (client: number) => number;
  private readonly members = new Members();
  private readonly all = new Members();
  private readonly numbers = new Map<Group, number>();

  /** @param now the newest record's time, milliseconds since the epoch */
  constructor(
    sessions: Sessions,
    keys: readonly GroupKey[],
    now: number,
    period: { readonly from: number; readonly to: number },
  ) {
    const labels = new Labels(sessions);
    const users = new Interned();
    this.sessions = sessions;
    this.now = now;
    this.period = period;
    this.ids = keyIds(sessions, keys, labels);
    this.userOf = cached((client) => users.of(labels.user(client)));
    this.each((session) => {
      const user = this.userOf(session.client);
      this.all.add(0, session, user, now);
      this.ids.each(session, (group) => this.members.add(group, session, user, now));
    });
  }

  groups(): Group[] {
    return this.members.figures().map((figures, number) => {
      const group = { key: this.ids.textsOf(number), ...figures };
      this.numbers.set(group, number);
      return group;
    });
  }

  total(): GroupFigures {
    return this.all.figures()[0] ?? nothing;
  }

  /** Of the sessions that are in none of these groups. */
  outside(groups: readonly Group[]): GroupFigures {
    const told = new Set(groups.map((group) => this.numbers.get(group)));
    const rest = new Members();
    this.each((session) => {
      let isTold = false;
      this.ids.each(session, (group) => {
        isTold ||= told.has(group);
      });
      if (!isTold) rest.add(0, session, this.userOf(session.client), this.now);
    });
    return rest.figures()[0] ?? nothing;
  }

  private each(take: (session: SessionView) => void): void {
    const { from, to } = this.period;
    this.sessions.each(this.now, (session) => {
      if (session.start >= from && session.start < to) take(session);
    });
  }
}

/** Of no session. */
export const nothing: GroupFigures = {
  sessions: 0,
  seconds: 0,
  p50: 0,
  p95: 0,
  max: 0,
  first: Number.NaN,
  last: Number.NaN,
  users: 0,
};

/** Texts by number, from 0. */
class Interned {
  readonly texts: string[] = [];
  private readonly ids = new Map<string, number>();

  of(text: string): number {
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.texts.length;
      this.texts.push(text);
      this.ids.set(text, id);
    }
    return id;
  }
}

function cached(make: (id: number) => number): (id: number) => number {
  const known = new Map<number, number>();
  return (id) => {
    let value = known.get(id);
    if (value === undefined) {
      value = make(id);
      known.set(id, value);
    }
    return value;
  };
}

/** Numbers for the combinations of several keys. */
class Combined {
  private readonly ids = new Map<number, number>();
  readonly pairs: (readonly [before: number, value: number])[] = [];

  of(before: number, value: number): number {
    // both are numbers of entries, far below 2^26
    const key = before * 2 ** 27 + value;
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.pairs.length;
      this.pairs.push([before, value]);
      this.ids.set(key, id);
    }
    return id;
  }
}

interface KeyIds {
  /** Tells the groups of a session. */
  each(session: SessionView, take: (group: number) => void): void;
  textsOf(group: number): string[];
}

function keyIds(sessions: Sessions, keys: readonly GroupKey[], labels: Labels): KeyIds {
  const readers = keys.map((key) => readerOf(key, sessions, labels));
  const levels = keys.map(() => new Combined());
  const walk = (session: SessionView, level: number, before: number, take: (group: number) => void): void => {
    if (level === readers.length) {
      take(before);
      return;
    }
    readers[level]!.each(session, (value) =>
      walk(session, level + 1, levels[level]!.of(before, value), take),
    );
  };
  return {
    each: (session, take) => walk(session, 0, 0, take),
    textsOf(group) {
      const texts: string[] = [];
      let at = group;
      for (let level = keys.length - 1; level >= 0; level--) {
        const [before, value] = levels[level]!.pairs[at]!;
        texts.unshift(readers[level]!.text(value));
        at = before;
      }
      return texts;
    },
  };
}

interface KeyReader {
  each(session: SessionView, take: (value: number) => void): void;
  text(value: number): string;
}

function readerOf(key: GroupKey, sessions: Sessions, labels: Labels): KeyReader {
  const texts = new Interned();
  const text = (value: number) => texts.texts[value]!;
  const by = (idOf: (id: number) => string, of: 'client' | 'target'): KeyReader => {
    const known = cached((id) => texts.of(idOf(id)));
    return { text, each: (session, take) => take(known(session[of])) };
  };
  switch (key) {
    case 'user':
      return by((id) => labels.user(id), 'client');
    case 'client':
      return by((id) => labels.client(id), 'client');
    case 'target':
      return by((id) => labels.target(id), 'target');
    case 'namespace':
      return by((id) => labels.namespace(id), 'target');
    case 'port':
      return { text, each: (session, take) => portsOf(session, sessions, texts, take) };
    default:
      return {
        text,
        each: (session, take) => take(texts.of(periodText(key, session.start))),
      };
  }
}

function portsOf(
  session: SessionView,
  sessions: Sessions,
  texts: Interned,
  take: (value: number) => void,
): void {
  const seen = new Set<number>();
  sessions.ports.each(session.ports, (name) => seen.add(texts.of(sessions.ports.names.text(name, 0))));
  if (seen.size === 0) take(texts.of(''));
  for (const port of seen) take(port);
}

/** The period of UTC that a time lies in, in words. */
export function periodText(key: 'day' | 'week' | 'hour', time: number): string {
  if (!Number.isFinite(time)) return '';
  if (key === 'hour') return `${new Date(time).toISOString().slice(0, 13)}:00Z`;
  const day = Math.floor(time / DAY) * DAY;
  // the epoch was a Thursday
  const monday = day - ((((day / DAY + 3) % 7) + 7) % 7) * DAY;
  return new Date(key === 'day' ? day : monday).toISOString().slice(0, 10);
}

/** Sessions by group, with all their durations and users: columns with a place for each membership. */
class Members {
  private length = 0;
  private groups = 0;
  private group = new Uint32Array(FIRST_ROOM);
  private user = new Uint32Array(FIRST_ROOM);
  private seconds = new Float64Array(FIRST_ROOM);
  private readonly first: number[] = [];
  private readonly last: number[] = [];

  add(group: number, { start, end, seconds }: SessionView, user: number, now: number): void {
    if (this.length === this.group.length) this.grow();
    this.group[this.length] = group;
    this.user[this.length] = user;
    this.seconds[this.length] = seconds;
    this.length++;
    const last = Number.isNaN(end) ? Math.max(start, now) : end;
    if (group >= this.groups) {
      this.groups = group + 1;
      this.first[group] = start;
      this.last[group] = last;
      return;
    }
    if (start < this.first[group]!) this.first[group] = start;
    if (last > this.last[group]!) this.last[group] = last;
  }

  figures(): GroupFigures[] {
    const { starts, seconds, users } = this.byGroup();
    return this.first.map((first, group) => {
      const sorted = seconds.subarray(starts[group], starts[group + 1]).sort();
      return {
        sessions: sorted.length,
        seconds: exactSum(sorted),
        p50: percentile(sorted, 0.5),
        p95: percentile(sorted, 0.95),
        max: sorted.at(-1)!,
        first,
        last: this.last[group]!,
        users: distinct(users.subarray(starts[group], starts[group + 1]).sort()),
      };
    });
  }

  /** The memberships of each group side by side, by counting. */
  private byGroup(): { starts: Uint32Array; seconds: Float64Array; users: Uint32Array } {
    const { length, group, groups } = this;
    const starts = new Uint32Array(groups + 1);
    for (let k = 0; k < length; k++) starts[group[k]! + 1]!++;
    for (let k = 0; k < groups; k++) starts[k + 1]! += starts[k]!;
    const places = starts.slice();
    const seconds = new Float64Array(length);
    const users = new Uint32Array(length);
    for (let k = 0; k < length; k++) {
      const place = places[group[k]!]!++;
      seconds[place] = this.seconds[k]!;
      users[place] = this.user[k]!;
    }
    return { starts, seconds, users };
  }

  private grow(): void {
    const room = nextRoom(this.group.length);
    this.group = grown(this.group, room);
    this.user = grown(this.user, room);
    this.seconds = grown(this.seconds, room);
  }
}

function distinct(sorted: Uint32Array): number {
  let count = 0;
  for (let k = 0; k < sorted.length; k++) if (k === 0 || sorted[k] !== sorted[k - 1]) count++;
  return count;
}

/** Compensated (Neumaier), and over sorted values: it does not depend on the order of the input. */
function exactSum(sorted: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of sorted) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

function percentile(sorted: Float64Array, q: number): number {
  const at = position(q, sorted.length);
  const lower = Math.floor(at);
  return between(sorted[lower - 1]!, sorted[Math.min(lower, sorted.length - 1)]!, at - lower);
}
