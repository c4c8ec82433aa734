import type { GroupKey, SortKey } from './group-keys.ts';
import { type Group, type GroupFigures, Grouping } from './groups.ts';
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

/** Sessions in groups, the greatest first, with what is not told and the total. */
export function rankingOf(sessions: Sessions, options: RankingOptions): Ranking {
  const { by, now, period = ALWAYS, top = Number.POSITIVE_INFINITY } = options;
  const grouping = new Grouping(sessions, by, now, period);
  const sort =
    options.sort ?? (options.top === undefined && by.some((key) => byTime.has(key)) ? 'key' : 'sessions');
  const groups = grouping.groups().sort(comparison(sort));
  const { only } = options;
  const told = only ? groups.filter(({ key }) => only.has(key.join('\0'))) : groups.slice(0, top);
  const left = groups.length - told.length;
  return {
    groups: told,
    rest: left === 0 ? undefined : { ...grouping.outside(told), groups: left },
    total: grouping.total(),
  };
}

function comparison(sort: SortKey): (a: Group, b: Group) => number {
  const keys = (a: Group, b: Group): number => {
    for (let k = 0; k < a.key.length; k++) {
      const order = compareKeys(a.key[k]!, b.key[k]!);
      if (order !== 0) return order;
    }
    return 0;
  };
  if (sort === 'key') return keys;
  if (sort === 'first') return (a, b) => a.first - b.first || keys(a, b);
  const of = sort === 'time' ? 'seconds' : sort;
  return (a, b) => b[of] - a[of] || b.sessions - a.sessions || b.seconds - a.seconds || keys(a, b);
}

const digits = /^\d{1,15}$/;

/** Numbers, as ports are, by their value; other texts by their code units. */
function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  if (digits.test(a) && digits.test(b)) return Number(a) - Number(b);
  return a < b ? -1 : 1;
}
