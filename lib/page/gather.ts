import type { Ledger } from '../ledger.ts';
import { printable } from '../text/printable.ts';
import type { Usage } from '../usage/index.ts';
import { CellTable } from './cell-table.ts';
import type { Histories } from './histories.ts';
import { MOST_TARGETS, Names, Numbered } from './names.ts';
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

interface Minute {
  starts: number;
  ends: number;
}

/** Everything that the page shows, at this moment. */
export function snapshotOf(source: PageSource): Snapshot {
  const { usage, sessionMaxAge } = source;
  const { sessions, until } = usage;
  const names = new Names(sessions);
  const pairs = new Numbered<readonly [user: number, target: number], number>();
  const table = new CellTable();
  const minutes = new Map<number, Minute>();
  const told = { active: 0, withoutStart: 0, withoutEnd: 0 };
  sessions.each(until, ({ client, target, start, end, seconds, startMissing, endMissing }) => {
    const user = names.user(client);
    const on = names.target(target);
    table.add(
      pairs.number(user * MOST_TARGETS + on, () => [user, on]),
      start,
      seconds,
    );
    minuteAt(minutes, start).starts++;
    const isOpen = endMissing && (sessionMaxAge === 0 || until - start <= sessionMaxAge);
    if (!isOpen) minuteAt(minutes, endMissing ? start + sessionMaxAge : end).ends++;
    if (isOpen) told.active++;
    if (startMissing) told.withoutStart++;
    if (endMissing) told.withoutEnd++;
  });
  const { cells, remainder } = table.cells();
  // users and targets that only ports have come behind the others: their rows are made before the names are read
  const ports = portUsesOf(sessions, until, names);
  const { users, targets } = names;
  return {
    head: { ...headOf(source), sessions: told, remainder, ports, users: users.all, targets: targets.all },
    pairs: {
      user: Uint32Array.from(pairs.all, ([user]) => user),
      target: Uint32Array.from(pairs.all, ([, target]) => target),
    },
    cells,
    activity: activityOf(minutes),
  };
}

function headOf({
  title,
  live,
  usage,
  ledger,
  histories,
}: PageSource): Omit<Head, 'sessions' | 'remainder' | 'ports' | 'users' | 'targets'> {
  const { oldest, newest } = usage;
  return {
    version: 1,
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

function minuteAt(minutes: Map<number, Minute>, time: number): Minute {
  const place = Math.max(0, Math.floor(time / MINUTE_MS));
  let minute = minutes.get(place);
  if (minute === undefined) {
    minute = { starts: 0, ends: 0 };
    minutes.set(place, minute);
  }
  return minute;
}

function activityOf(minutes: ReadonlyMap<number, Minute>): Activity {
  const minute = Uint32Array.from(minutes.keys()).sort();
  return {
    minute,
    starts: minute.map((place) => minutes.get(place)!.starts),
    ends: minute.map((place) => minutes.get(place)!.ends),
  };
}
