import type { GroupKey, SortKey } from './group-keys.ts';
import { type Group, Grouping } from './groups.ts';
import type { GroupFigures } from './members.ts';
import type { Sessions } from './session-store.ts';

export interface Period {
  /** Milliseconds since the epoch: sessions that start from `from` on, and before `to`. */
  readonly from: number;
  readonly to: number;
}

export const ALWAYS: Period = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

export interface RankingOptions {
  readonly by: readonly GroupKey[];
  /** The newest record's time, milliseconds since the epoch: until then open sessions last. */
  readonly now: number;
  readonly period?: Period | undefined;
  /** undefined = by sessions; by key where a period of time is among the keys and all groups are told. */
  readonly sort?: SortKey | undefined;
  /** Groups that are told apart; the others are one remainder. */
  readonly top?: number | undefined;
  /** The groups that are told apart, whatever their order: their keys, joined by NUL. */
  readonly only?: ReadonlySet<string> | undefined;
}

export interface Ranking {
  readonly groups: readonly Group[];
  /** Sessions of groups beyond the top that are in none of those told, each once. */
  readonly rest: (GroupFigures & { readonly groups: number }) | undefined;
  readonly total: GroupFigures;
}

const byTime: ReadonlySet<GroupKey> = new Set(['day', 'week', 'hour']);

/** Groups beyond those that are told that wait to be sorted among them. */
const MOST_UNSORTED = 1000;

/** Sessions in groups, the greatest first, with what is not told and the total. */
export function rankingOf(sessions: Sessions, options: RankingOptions): Ranking {
  const { by, now, period = ALWAYS, top = Number.POSITIVE_INFINITY } = options;
  const grouping = new Grouping(sessions, by, now, period);
  const sort =
    options.sort ?? (options.top === undefined && by.some((key) => byTime.has(key)) ? 'key' : 'sessions');
  const { only } = options;
  const isTold = (group: number) => only === undefined || only.has(grouping.key(group).join('\0'));
  const most = only === undefined ? top : Number.POSITIVE_INFINITY;
  const told = firstOf(grouping.length, most, isTold, comparison(grouping, sort, keysOf(grouping, most)));
  const left = grouping.length - told.length;
  return {
    groups: told.map((group) => grouping.group(group)),
    rest: left === 0 ? undefined : { ...grouping.outside(told), groups: left },
    total: grouping.total(),
  };
}

/** Of the numbers below `length` that are meant the first in an order, at most so many: the others are not sorted. */
function firstOf(
  length: number,
  most: number,
  isMeant: (number: number) => boolean,
  compare: (a: number, b: number) => number,
): number[] {
  const first: number[] = [];
  let bar = -1;
  for (let number = 0; number < length; number++) {
    if (!isMeant(number) || (bar >= 0 && compare(number, bar) > 0)) continue;
    first.push(number);
    // so many more that each sort pays for many
    if (first.length < 2 * most + MOST_UNSORTED) continue;
    bar = cutBehind(first, most, compare).at(-1) ?? -1;
  }
  return cutBehind(first, most, compare);
}

function cutBehind(numbers: number[], most: number, compare: (a: number, b: number) => number): number[] {
  numbers.sort(compare);
  if (numbers.length > most) numbers.length = most;
  return numbers;
}

type KeyOf = (group: number) => readonly string[];

/** Keys of groups: kept where all groups are told, who have theirs anyway. */
function keysOf(grouping: Grouping, most: number): KeyOf {
  if (most < grouping.length) return (group) => grouping.key(group);
  const kept: string[][] = [];
  return (group) => {
    kept[group] ??= grouping.key(group);
    return kept[group];
  };
}

/** The order of groups by their numbers. */
function comparison(grouping: Grouping, sort: SortKey, keyOf: KeyOf): (a: number, b: number) => number {
  const keys = (a: number, b: number): number => {
    const [keyA, keyB] = [keyOf(a), keyOf(b)];
    for (let k = 0; k < keyA.length; k++) {
      const order = compareKeys(keyA[k]!, keyB[k]!);
      if (order !== 0) return order;
    }
    return 0;
  };
  if (sort === 'key') return keys;
  const less = (of: keyof GroupFigures) => (a: number, b: number) =>
    grouping.figure(a, of) - grouping.figure(b, of);
  const first = less('first');
  if (sort === 'first') return (a, b) => first(a, b) || keys(a, b);
  const [of, sessions, seconds] = [
    less(sort === 'time' ? 'seconds' : sort),
    less('sessions'),
    less('seconds'),
  ];
  return (a, b) => of(b, a) || sessions(b, a) || seconds(b, a) || keys(a, b);
}

const digits = /^\d{1,15}$/;

/** Numbers, as ports are, by their value; other texts by their code units. */
function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  if (digits.test(a) && digits.test(b)) return Number(a) - Number(b);
  return a < b ? -1 : 1;
}
