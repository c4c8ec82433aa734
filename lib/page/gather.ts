import type { Ledger } from '../ledger.ts';
import { discard } from '../math/growth.ts';
import { printable } from '../text/printable.ts';
import type { Usage } from '../usage/index.ts';
import { Instants } from '../usage/instants.ts';
import type { SessionView } from '../usage/session-view.ts';
import { activityOf } from './activity.ts';
import type { Histories } from './histories.ts';
import { Names } from './names.ts';
import { portUsesOf } from './port-rows.ts';
import { SessionDays } from './session-days.ts';
import { type Head, type ModuleRecords, type Snapshot, VERSION } from './snapshot.ts';

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
  const days = new SessionDays(sessions.table.length);
  const starts = new Instants(sessions.table.length);
  const ends = new Instants(sessions.table.length);
  // numbers of users and targets follow it
  const order = sessions.inOrder();
  const { past } = sessions;
  const told = { active: 0, withoutStart: past.withoutStart, withoutEnd: past.withoutEnd };
  past.eachCell((client, target, day, count, seconds) =>
    days.addAll(names.user(client), names.target(target), day, count, seconds),
  );
  const take = ({ client, target, start, end, seconds, startMissing, endMissing }: SessionView): void => {
    days.add(names.user(client), names.target(target), start, seconds);
    starts.add(start);
    const isOpen = endMissing && (sessionMaxAge === 0 || until - start <= sessionMaxAge);
    if (!isOpen) ends.add(endMissing ? start + sessionMaxAge : end);
    if (isOpen) told.active++;
    if (startMissing) told.withoutStart++;
    if (endMissing) told.withoutEnd++;
  };
  sessions.each(until, take, order);
  const [started, ended] = [starts.ascending(), ends.ascending()];
  const activity = activityOf(started, ended, { starts: past.minutes('starts'), ends: past.minutes('ends') });
  discard(started);
  discard(ended);
  const { pairs, cells, remainder, secondsUnit } = days.cells();
  // users and targets that only ports have come behind the others: their rows are made before the names are read
  const ports = portUsesOf(sessions, until, names, order);
  discard(order);
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
    pairs,
    cells,
    activity,
  };
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
    version: VERSION,
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
