import { count, dayText, duration } from '../format.ts';
import type { Target } from '../snapshot.ts';
import type { Total } from '../totals.ts';
import { Bar } from './bar.tsx';
import type { Column } from './data-table.tsx';

/** Columns that every table of totals has, whatever its rows are of. */

/** @param most sessions of the row with most: a full bar */
export function sessionsColumn<Row extends Total>(most: number): Column<Row> {
  return {
    key: 'sessions',
    label: 'Sessions',
    number: true,
    wide: true,
    value: (row) => row.sessions,
    cell: (row) => <Bar text={count(row.sessions)} value={row.sessions} most={most} />,
  };
}

export function timeColumn<Row extends Total>(): Column<Row> {
  return {
    key: 'time',
    label: 'Total time',
    number: true,
    value: (row) => row.seconds,
    cell: (row) => duration(row.seconds),
  };
}

export function lastColumn<Row extends Total>(): Column<Row> {
  return {
    key: 'last',
    label: 'Last',
    number: true,
    value: (row) => row.lastDay,
    cell: (row) => dayText(row.lastDay),
  };
}

export function namespaceColumn<Row>(target: (row: Row) => Target): Column<Row> {
  return {
    key: 'namespace',
    label: 'Namespace',
    value: (row) => target(row).namespace,
    cell: (row) => target(row).namespace !== '' && <span class="tag">{target(row).namespace}</span>,
  };
}
