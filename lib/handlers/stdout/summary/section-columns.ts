import { timeUnitOf } from '../../../events/metric-event.ts';
import type { AlignedColumn } from '../../../text/aligned.ts';
import { duration, number, rate } from '../../../text/figures.ts';
import { printable } from '../../../text/printable.ts';
import { thousands } from '../../../text/thousands.ts';
import { formatMinute } from '../../../text/time.ts';
import type { EventSeries } from '../../../usage/event-sources.ts';
import type { Group } from '../../../usage/groups.ts';
import type { ModuleCounts } from '../../../usage/log-levels.ts';
import type { PortSteals } from '../../../usage/steal-table.ts';

const texts = (
  title: string,
  cells: readonly string[],
  more: Partial<AlignedColumn> = {},
): AlignedColumn => ({
  title,
  align: 'left',
  cells: cells.map((cell) => printable(cell)),
  ...more,
});
const figures = (
  title: string,
  cells: readonly string[],
  more: Partial<AlignedColumn> = {},
): AlignedColumn => ({
  title,
  align: 'right',
  cells,
  ...more,
});
const bars = (values: readonly number[]): AlignedColumn => {
  const most = Math.max(...values, 1);
  return {
    title: '',
    align: 'left',
    cells: [],
    shares: values.map((value) => value / most),
    paint: 'bar',
    dispensable: 1,
  };
};

function sessionColumns(rows: readonly Group[]): AlignedColumn[] {
  return [
    bars(rows.map(({ sessions }) => sessions)),
    figures(
      'SESSIONS',
      rows.map(({ sessions }) => thousands(sessions)),
    ),
    figures(
      'TIME',
      rows.map(({ seconds }) => duration(seconds)),
    ),
    figures(
      'P50',
      rows.map(({ p50 }) => duration(p50)),
      { dispensable: 2 },
    ),
    figures(
      'P95',
      rows.map(({ p95 }) => duration(p95)),
      { dispensable: 2 },
    ),
  ];
}

const NO_NAME = '(none)';

export function userColumns(rows: readonly Group[]): AlignedColumn[] {
  return [
    texts(
      'USERS',
      rows.map(({ key }) => key[0] || NO_NAME),
      { isName: true },
    ),
    ...sessionColumns(rows),
    texts(
      'LAST',
      rows.map(({ last }) => formatMinute(last)),
      { dispensable: 4 },
    ),
  ];
}

export function targetColumns(rows: readonly Group[]): AlignedColumn[] {
  return [
    texts(
      'TARGETS',
      rows.map(({ key }) => key[0] || NO_NAME),
      { isName: true },
    ),
    texts(
      'NAMESPACE',
      rows.map(({ key }) => key[1]!),
      { isName: true, dispensable: 3 },
    ),
    ...sessionColumns(rows),
    figures(
      'USERS',
      rows.map(({ users }) => thousands(users)),
      { dispensable: 4 },
    ),
  ];
}

export function portColumns(rows: readonly PortSteals[]): AlignedColumn[] {
  const some = (value: number): string => (value === 0 ? '' : thousands(value));
  return [
    texts(
      'PORTS',
      rows.map(({ port }) => port),
    ),
    texts(
      'TARGET',
      rows.map(({ target }) => target || NO_NAME),
      { isName: true },
    ),
    texts(
      'NAMESPACE',
      rows.map(({ namespace }) => namespace),
      { isName: true, dispensable: 3 },
    ),
    bars(rows.map(({ steals }) => steals)),
    figures(
      'STEALS',
      rows.map(({ steals }) => thousands(steals)),
    ),
    figures(
      'MIRRORS',
      rows.map(({ mirrors }) => some(mirrors)),
      { dispensable: 5 },
    ),
    figures(
      'FILTERED',
      rows.map(({ filtered }) => some(filtered)),
      { dispensable: 4 },
    ),
    figures(
      'COLLISIONS',
      rows.map(({ collisions }) => some(collisions)),
      { paint: 'warning' },
    ),
    figures(
      'HELD',
      rows.map(({ held }) => some(held)),
      { dispensable: 2 },
    ),
    texts(
      'FILTERS',
      rows.map(({ filters }) => filters.join(', ')),
      { isName: true, dispensable: 6 },
    ),
  ];
}

export function moduleColumns(rows: readonly ModuleCounts[]): AlignedColumn[] {
  const some = (value: number): string => (value === 0 ? '' : thousands(value));
  return [
    texts(
      'WARNINGS AND ERRORS OF',
      rows.map(({ module }) => module || NO_NAME),
      { isName: true },
    ),
    figures(
      'ERRORS',
      rows.map(({ errors }) => some(errors)),
      { paint: 'error' },
    ),
    figures(
      'WARNINGS',
      rows.map(({ warnings }) => some(warnings)),
      { paint: 'warning' },
    ),
  ];
}

export function eventColumns(rows: readonly EventSeries[]): AlignedColumn[] {
  return [
    texts(
      'SOURCES',
      rows.map(({ source }) => source),
      { isName: true },
    ),
    texts(
      'METRIC',
      rows.map(({ metric }) => metric),
      { isName: true },
    ),
    texts(
      'ENTITY',
      rows.map(({ entity }) => entity),
      { isName: true },
    ),
    texts(
      'TYPE',
      rows.map(({ type }) => type),
      { dispensable: 4 },
    ),
    texts('NEWEST', rows.map(newestText)),
    figures(
      'EVENTS',
      rows.map(({ events }) => thousands(events)),
      { dispensable: 2 },
    ),
    texts(
      'AT',
      rows.map(({ time }) => formatMinute(time)),
      { dispensable: 5 },
    ),
  ];
}

/** What each type is asked for first. */
function newestText({ metric, type, values }: EventSeries): string {
  const of = (key: string): number | undefined => {
    const value = values[key];
    return typeof value === 'number' ? value : undefined;
  };
  const shown = (keys: readonly string[], show: (value: number) => string): string =>
    keys.flatMap((key) => (of(key) === undefined ? [] : `${key} ${show(of(key)!)}`)).join('  ');
  const unit = timeUnitOf(metric, type);
  const show = unit === undefined ? number : (value: number) => duration(value * unit);
  if (of('value') !== undefined) return show(of('value')!);
  if (type === 'meter') return `${number(of('count') ?? 0)}  ${rate(of('m1_rate') ?? 0)}`;
  return shown(['p50', 'p95', 'max'], show);
}
