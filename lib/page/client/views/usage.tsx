import { useMemo } from 'preact/hooks';
import { compact, count, duration } from '../../format.ts';
import { type PairRow, sessionsAtOnce, weekOf } from '../../view.ts';
import { Breakable } from '../breakable.tsx';
import { Lines } from '../charts/lines.tsx';
import { Sparkline } from '../charts/sparkline.tsx';
import { Week } from '../charts/week.tsx';
import { type Column, DataTable } from '../data-table.tsx';
import { lastColumn, namespaceColumn, sessionsColumn, timeColumn } from '../total-columns.tsx';
import type { ViewProps } from './view-props.ts';

/** Cards, when people work, and who uses what. */
export function UsageView({ snapshot, view, state, onChange }: ViewProps) {
  const { head, activity } = snapshot;
  const concurrency = useMemo(
    () => sessionsAtOnce(activity, view.range, head.period),
    [activity, view.range],
  );
  const week = useMemo(() => weekOf(activity, view.range), [activity, view.range]);
  const columns = useMemo(() => columnsOf(snapshot, view.pairs), [snapshot, view]);
  const { remainder } = head;
  return (
    <>
      <Cards snapshot={snapshot} view={view} peak={concurrency.peak} hourly={concurrency.most} />
      <div class="columns">
        <section class="card">
          <h2>Sessions at once</h2>
          <Lines
            times={concurrency.times}
            lines={[{ name: 'sessions', values: concurrency.most }]}
            label={`Sessions at once over time, at most ${count(concurrency.peak)}`}
            format={compact}
            isWhole
          />
        </section>
        <section class="card">
          <h2>
            When sessions start <small>by weekday and hour, UTC</small>
          </h2>
          <Week counts={week} />
        </section>
      </div>
      <DataTable
        title="Session activity"
        rows={view.pairs}
        columns={columns}
        text={({ user, target }) =>
          `${head.users[user]} ${head.targets[target]!.name} ${head.targets[target]!.namespace}`
        }
        state={state}
        onChange={onChange}
      >
        {remainder.sessions > 0 && (
          <p class="muted">
            and {count(remainder.pairs)} further pairs with {count(remainder.sessions)} sessions,{' '}
            {duration(remainder.seconds)} in all
          </p>
        )}
        {head.secondsUnit > 1 && (
          <p class="muted">
            of so many users, targets and days the time of each is told to {duration(head.secondsUnit)}, and
            any sum of them as exactly
          </p>
        )}
      </DataTable>
    </>
  );
}

function columnsOf({ head }: ViewProps['snapshot'], pairs: readonly PairRow[]): Column<PairRow>[] {
  const most = pairs[0]?.sessions ?? 0;
  const target = (row: PairRow) => head.targets[row.target]!;
  return [
    { key: 'user', label: 'User', value: (row) => head.users[row.user]! },
    { key: 'target', label: 'Target', value: (row) => target(row).name },
    namespaceColumn(target),
    sessionsColumn(most),
    timeColumn(),
    lastColumn(),
  ];
}

interface CardsProps extends Pick<ViewProps, 'snapshot' | 'view'> {
  readonly peak: number;
  readonly hourly: readonly number[];
}

function Cards({ snapshot: { head }, view, peak, hourly }: CardsProps) {
  const { daily, total } = view;
  const champion = [...view.users].sort((a, b) => b.seconds - a.seconds)[0];
  return (
    <div class="cards">
      <Card label="Sessions" value={count(total.sessions)} trend={daily.sessions} />
      <Card label="Time in sessions" value={duration(total.seconds)} trend={daily.seconds} />
      <Card label="Users" value={count(view.users.length)} trend={daily.users} note="trend: users a day" />
      <Card label="Sessions at once, at most" value={count(peak)} trend={hourly} />
      {champion && (
        <section class="card">
          <div class="label">Most time in sessions</div>
          <div class="value name">
            <Breakable text={head.users[champion.user]!} />
          </div>
          <div class="muted">
            {duration(champion.seconds)} in {count(champion.sessions)} sessions
          </div>
        </section>
      )}
    </div>
  );
}

function Card({
  label,
  value,
  trend,
  note,
}: {
  label: string;
  value: string;
  trend: readonly number[];
  note?: string;
}) {
  // one day is no trend
  const hasTrend = trend.length > 1;
  return (
    <section class="card">
      <div class="label">{label}</div>
      <div class="value">{value}</div>
      {note && hasTrend && <div class="muted">{note}</div>}
      {hasTrend && <Sparkline values={trend} label={`${label} over time`} />}
    </section>
  );
}
