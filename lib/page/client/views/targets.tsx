import { useMemo } from 'preact/hooks';
import { compact, count } from '../../format.ts';
import type { TargetRow } from '../../view.ts';
import { Bar } from '../bar.tsx';
import { Scatter } from '../charts/scatter.tsx';
import { type Column, DataTable } from '../data-table.tsx';
import { lastColumn, namespaceColumn, sessionsColumn, timeColumn } from '../total-columns.tsx';
import type { ViewProps } from './view-props.ts';

/** What is used: adoption of targets, and of namespaces. */
export function TargetsView({ snapshot: { head }, view, state, onChange }: ViewProps) {
  const target = (row: TargetRow) => head.targets[row.target]!;
  const title = (row: TargetRow): string =>
    [target(row).namespace, target(row).name].filter(Boolean).join('/');
  const dots = useMemo(
    () =>
      view.targets.map((row) => ({
        x: row.sessions,
        y: row.users,
        size: row.seconds,
        title: `${title(row)}: ${count(row.sessions)} sessions of ${count(row.users)} users`,
      })),
    [view],
  );
  const namespaces = useMemo(() => byNamespace(view.targets, target), [view]);
  const columns = useMemo(() => columnsOf(target, view.targets[0]?.sessions ?? 0), [view]);
  return (
    <>
      <div class="columns">
        <section class="card">
          <h2>
            Adoption <small>sessions against users, area by total time</small>
          </h2>
          <Scatter
            dots={dots}
            label={`Targets by number of sessions and users: ${count(dots.length)} targets`}
            xName="sessions"
            xFormat={compact}
            yFormat={compact}
          />
        </section>
        <section class="card">
          <h2>Namespaces</h2>
          <table>
            <caption>Namespaces by sessions</caption>
            <thead>
              <tr>
                <th scope="col">Namespace</th>
                <th scope="col">Sessions</th>
              </tr>
            </thead>
            <tbody>
              {namespaces.slice(0, 8).map(([name, sessions]) => (
                <tr key={name}>
                  <td>{name || <span class="muted">not told</span>}</td>
                  <td class="wide">
                    <Bar text={count(sessions)} value={sessions} most={namespaces[0]![1]} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {namespaces.length > 8 && (
            <p class="muted">and {count(namespaces.length - 8)} further namespaces</p>
          )}
        </section>
      </div>
      <DataTable
        title="Targets"
        rows={view.targets}
        columns={columns}
        text={title}
        state={state}
        onChange={onChange}
      />
    </>
  );
}

function byNamespace(
  rows: readonly TargetRow[],
  target: (row: TargetRow) => { readonly namespace: string },
): [name: string, sessions: number][] {
  const sums = new Map<string, number>();
  for (const row of rows)
    sums.set(target(row).namespace, (sums.get(target(row).namespace) ?? 0) + row.sessions);
  return [...sums].sort((a, b) => b[1] - a[1]);
}

function columnsOf(
  target: (row: TargetRow) => { readonly name: string; readonly namespace: string },
  most: number,
): Column<TargetRow>[] {
  return [
    { key: 'target', label: 'Target', value: (row) => target(row).name },
    namespaceColumn(target),
    {
      key: 'users',
      label: 'Users',
      number: true,
      value: (row) => row.users,
      cell: (row) => count(row.users),
    },
    sessionsColumn(most),
    timeColumn(),
    lastColumn(),
  ];
}
