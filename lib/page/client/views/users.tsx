import { useMemo } from 'preact/hooks';
import { compact, count, dayText, duration } from '../../format.ts';
import type { UserRow } from '../../view.ts';
import { Scatter } from '../charts/scatter.tsx';
import { type Column, DataTable } from '../data-table.tsx';
import { lastColumn, sessionsColumn, timeColumn } from '../total-columns.tsx';
import type { ViewProps } from './view-props.ts';

/** Seconds that people think in. */
const durations = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 604_800];

/** Who uses mirrord how often and how long, and since when. */
export function UsersView({ snapshot: { head }, view, state, onChange }: ViewProps) {
  const name = (row: UserRow): string => head.users[row.user]!;
  const dots = useMemo(
    () =>
      view.users.map((row) => ({
        x: row.sessions,
        y: Math.max(1, row.seconds / row.sessions),
        size: row.seconds,
        title: `${name(row)}: ${count(row.sessions)} sessions, ${duration(row.seconds / row.sessions)} each`,
      })),
    [view],
  );
  const columns = useMemo(() => columnsOf(name, view.users[0]?.sessions ?? 0), [view]);
  return (
    <>
      <section class="card stack">
        <h2>
          Sessions and their length <small>a dot a user, its area by total time</small>
        </h2>
        <Scatter
          dots={dots}
          label={`Users by number of sessions and mean duration: ${count(dots.length)} users`}
          xName="sessions"
          xFormat={compact}
          yFormat={duration}
          yLevels={durations}
        />
      </section>
      <DataTable
        title="Users"
        rows={view.users}
        columns={columns}
        text={name}
        state={state}
        onChange={onChange}
      />
    </>
  );
}

function columnsOf(name: (row: UserRow) => string, most: number): Column<UserRow>[] {
  return [
    { key: 'user', label: 'User', value: name },
    {
      key: 'first',
      label: 'First',
      number: true,
      value: (row) => row.firstDay,
      cell: (row) => dayText(row.firstDay),
    },
    lastColumn(),
    {
      key: 'targets',
      label: 'Targets',
      number: true,
      value: (row) => row.targets,
      cell: (row) => count(row.targets),
    },
    sessionsColumn(most),
    timeColumn(),
    {
      key: 'mean',
      label: 'Mean',
      number: true,
      value: (row) => row.seconds / row.sessions,
      cell: (row) => duration(row.seconds / row.sessions),
    },
  ];
}
