import type { Ledger } from '../../../ledger.ts';
import { type Concurrency, concurrencyOf } from '../../../usage/concurrency.ts';
import type { EventSeries } from '../../../usage/event-sources.ts';
import type { SortKey } from '../../../usage/group-keys.ts';
import type { Usage } from '../../../usage/index.ts';
import type { ModuleCounts } from '../../../usage/log-levels.ts';
import { type Ranking, rankingOf } from '../../../usage/ranking.ts';
import type { PortSteals } from '../../../usage/steal-table.ts';
import { portSteals } from '../../../usage/steals.ts';

/** More rows than any screen has. */
const MOST_ROWS = 200;

/** In which order a summary tells what it has. */
export interface FactsOrder {
  /** Of users and targets. */
  readonly sort: SortKey;
  /** Of the series of metrics events: by their sources unless it is by metric. */
  readonly byMetric?: boolean | undefined;
  /** Everything, not only what a screen can show of it. */
  readonly inFull?: boolean | undefined;
}

/** What a summary says. */
export interface SummaryFacts {
  /** Names of the inputs, in the order in which they were read. */
  readonly inputs: readonly string[];
  readonly records: number;
  /** Records that could not be read, by reason. */
  readonly rejected: ReadonlyMap<string, number>;
  /** Valid records of no known kind. */
  readonly other: number;
  /** Records that were not to count. */
  readonly outside: number;
  /** Milliseconds since the epoch; infinities without a record that has a time. */
  readonly oldest: number;
  readonly newest: number;
  readonly users: Ranking;
  readonly targets: Ranking;
  readonly concurrency: Concurrency;
  readonly ports: readonly PortSteals[];
  readonly modules: readonly ModuleCounts[];
  /** Sessions without a start, and those without an end that are too old to be open. */
  readonly startsMissing: number;
  readonly endsMissing: number;
  readonly series: readonly EventSeries[];
  readonly events: ReadonlyMap<string, number>;
}

/** @param maxAge milliseconds after which a session without an end is open no more */
export function factsOf(
  usage: Usage,
  ledger: Ledger,
  maxAge: number,
  { sort, byMetric, inFull }: FactsOrder,
): SummaryFacts {
  const most = inFull ? Number.POSITIVE_INFINITY : MOST_ROWS;
  const { sessions, until, oldest, newest, levels, events, inputs } = usage;
  const rank = (by: 'user' | 'target') =>
    rankingOf(sessions, {
      by: by === 'user' ? ['user'] : ['target', 'namespace'],
      now: until,
      sort,
      top: most,
    });
  const missing = missingOf(usage, maxAge);
  return {
    inputs: [...inputs],
    records: ledger.read.records,
    rejected: ledger.rejected,
    other: ledger.other,
    outside: ledger.outside,
    oldest,
    newest,
    users: rank('user'),
    targets: rank('target'),
    concurrency: concurrencyOf(sessions, until, maxAge),
    ports: portSteals(sessions, until),
    modules: levels.top().slice(0, most),
    ...missing,
    series: byMetric ? sortedByMetric(events.all()) : events.all(),
    events: events.byType,
  };
}

function missingOf(
  { sessions, until }: Usage,
  maxAge: number,
): Pick<SummaryFacts, 'startsMissing' | 'endsMissing'> {
  let startsMissing = 0;
  let endsMissing = 0;
  sessions.each(until, ({ start, startMissing, endMissing }) => {
    if (startMissing) startsMissing++;
    if (endMissing && maxAge > 0 && until - start > maxAge) endsMissing++;
  });
  return { startsMissing, endsMissing };
}

function sortedByMetric(series: readonly EventSeries[]): EventSeries[] {
  return [...series].sort((a, b) => (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0));
}
