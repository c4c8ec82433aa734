import type { Ledger } from '../ledger.ts';
import { orderBy } from '../math/digit-sort.ts';
import { grown } from '../math/growth.ts';
import { printable } from '../text/printable.ts';
import type { Usage } from '../usage/index.ts';
import { PairTable } from '../usage/pair-table.ts';
import { CellTable } from './cell-table.ts';
import type { Histories } from './histories.ts';
import { Names } from './names.ts';
import { portUsesOf } from './port-rows.ts';
import type { Activity, Head, ModuleRecords, Snapshot } from './snapshot.ts';

const MINUTE_MS = 60_000;

export interface PageSource {
  readonly title: string;
  readonly live: boolean;
  readonly usage: Usage;
  readonly histories: Histories;
  readonly ledger: Ledger;
  /** Milliseconds after which a session without an end is taken for over; 0 = never. */
  readonly sessionMaxAge: number;
}

/** Everything that the page shows, at this moment. */
export function snapshotOf(source: PageSource): Snapshot {
  const { usage, sessionMaxAge } = source;
  const { sessions, until } = usage;
  const names = new Names(sessions);
  const pairs = new PairTable();
  const table = new CellTable(sessions.table.length);
  const starts = new Minutes(sessions.table.length);
  const ends = new Minutes(sessions.table.length);
  const told = { active: 0, withoutStart: 0, withoutEnd: 0 };
  sessions.each(until, ({ client, target, start, end, seconds, startMissing, endMissing }) => {
    table.add(pairs.number(names.user(client), names.target(target)), start, seconds);
    starts.add(start);
    const isOpen = endMissing && (sessionMaxAge === 0 || until - start <= sessionMaxAge);
    if (!isOpen) ends.add(endMissing ? start + sessionMaxAge : end);
    if (isOpen) told.active++;
    if (startMissing) told.withoutStart++;
    if (endMissing) told.withoutEnd++;
  });
  const order = ascending(pairs);
  const { cells, remainder, secondsUnit } = table.cells(undefined, ranksOf(order));
  // users and targets that only ports have come behind the others: their rows are made before the names are read
  const ports = portUsesOf(sessions, until, names);
  const { users, targets } = names;
  return {
    head: {
      ...headOf(source),
      sessions: told,
      secondsUnit,
      remainder,
      ports,
      users: users.all,
      targets: targets.all,
    },
    pairs: {
      user: order.map((pair) => pairs.first[pair]!),
      target: order.map((pair) => pairs.second[pair]!),
    },
    cells,
    activity: activityOf(starts.ascending(), ends.ascending()),
  };
}

/** Pairs by user, then by target: what is written of them is next to nothing. */
function ascending({ length, first, second }: PairTable): Uint32Array {
  const order = new Uint32Array(length);
  for (let k = 0; k < length; k++) order[k] = k;
  orderBy(order, second);
  orderBy(order, first);
  return order;
}

function ranksOf(order: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(order.length);
  for (let k = 0; k < order.length; k++) ranks[order[k]!] = k;
  return ranks;
}

function headOf({
  title,
  live,
  usage,
  ledger,
  histories,
}: PageSource): Omit<Head, 'sessions' | 'secondsUnit' | 'remainder' | 'ports' | 'users' | 'targets'> {
  const { oldest, newest } = usage;
  return {
    version: 3,
    title,
    made: usage.until,
    live,
    period: newest >= oldest ? { from: oldest, to: newest } : undefined,
    records: { read: ledger.read.records, rejected: ledger.rejectedTotal, other: ledger.other },
    modules: modulesOf(usage),
    metrics: histories.all(),
  };
}

function modulesOf({ levels }: Usage): ModuleRecords[] {
  return levels.top().flatMap(({ module, warnings, errors }) =>
    [
      { module: printable(module), level: 'ERROR', records: errors },
      { module: printable(module), level: 'WARN', records: warnings },
    ].filter(({ records }) => records > 0),
  );
}

/** Minutes since the epoch, one for each time. */
class Minutes {
  private length = 0;
  private minutes: Uint32Array;

  /** @param room times that will come, about */
  constructor(room: number) {
    this.minutes = new Uint32Array(room);
  }

  /** @param time milliseconds since the epoch */
  add(time: number): void {
    if (this.length === this.minutes.length) this.minutes = grown(this.minutes, 2 * this.length + 1);
    this.minutes[this.length++] = Math.max(0, Math.floor(time / MINUTE_MS));
  }

  ascending(): Uint32Array {
    return this.minutes.subarray(0, this.length).sort();
  }
}

/** How often each minute is there. @param starts ascending, likewise ends */
function activityOf(starts: Uint32Array, ends: Uint32Array): Activity {
  const most = starts.length + ends.length;
  const activity = {
    minute: new Uint32Array(most),
    starts: new Uint32Array(most),
    ends: new Uint32Array(most),
  };
  let [length, started, ended] = [0, 0, 0];
  while (started < starts.length || ended < ends.length) {
    const minute = Math.min(starts[started] ?? 0xffff_ffff, ends[ended] ?? 0xffff_ffff);
    activity.minute[length] = minute;
    for (; starts[started] === minute; started++) activity.starts[length]!++;
    for (; ends[ended] === minute; ended++) activity.ends[length]!++;
    length++;
  }
  return {
    minute: activity.minute.slice(0, length),
    starts: activity.starts.slice(0, length),
    ends: activity.ends.slice(0, length),
  };
}
