import { PackedTuples } from '../batch/packed-tuples.ts';
import { grown, nextRoom } from '../math/growth.ts';
import type { GroupKey } from './group-keys.ts';
import type { Labels } from './labels.ts';
import { PairTable } from './pair-table.ts';
import type { Sessions } from './session-store.ts';
import { UNKNOWN } from './session-table.ts';
import type { SessionView } from './session-view.ts';

const FIRST_ROOM = 1024;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Texts by number, from 0: a hundred thousand are bytes, no strings. */
export class Interned {
  private readonly tuples = new PackedTuples(1);
  private readonly one = [''];

  of(text: string): number {
    this.one[0] = text;
    return this.tuples.idOf(this.one);
  }

  text(number: number): string {
    return this.tuples.text(number, 0);
  }
}

/** The number of an id of a dictionary, made once. */
export function cached(make: (id: number) => number): (id: number) => number {
  /** By id the number and 1. */
  let known: Uint32Array = new Uint32Array(FIRST_ROOM);
  return (id) => {
    if (id === UNKNOWN) return make(id);
    if (id >= known.length) known = grown(known, nextRoom(id));
    if (known[id] === 0) known[id] = make(id) + 1;
    return known[id]! - 1;
  };
}

/** The groups of sessions by several keys, and what they are called. */
export interface KeyIds {
  /** Tells the groups of a session. */
  each(session: SessionView, take: (group: number) => void): void;
  textsOf(group: number): string[];
}

export function keyIds(sessions: Sessions, keys: readonly GroupKey[], labels: Labels): KeyIds {
  const readers = keys.map((key) => readerOf(key, sessions, labels));
  // the numbers of the first key's values are those of its groups
  const levels = keys.slice(1).map(() => new PairTable());
  const walk = (session: SessionView, level: number, before: number, take: (group: number) => void): void => {
    if (level === readers.length) {
      take(before);
      return;
    }
    readers[level]!.each(session, (value) =>
      walk(session, level + 1, level === 0 ? value : levels[level - 1]!.number(before, value), take),
    );
  };
  return {
    each: (session, take) => walk(session, 0, 0, take),
    textsOf(group) {
      const texts: string[] = [];
      let at = group;
      for (let level = keys.length - 1; level > 0; level--) {
        const { first, second } = levels[level - 1]!;
        texts.unshift(readers[level]!.text(second[at]!));
        at = first[at]!;
      }
      if (keys.length > 0) texts.unshift(readers[0]!.text(at));
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
  const text = (value: number) => texts.text(value);
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
