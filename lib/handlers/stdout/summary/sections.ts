import { type AlignedColumn, AlignedLayout, alignedLines } from '../../../text/aligned.ts';
import type { Paint } from '../../../text/paint.ts';
import { thousands } from '../../../text/thousands.ts';
import type { Ranking } from '../../../usage/ranking.ts';
import type { SummaryFacts } from './facts.ts';
import { eventColumns, moduleColumns, portColumns, targetColumns, userColumns } from './section-columns.ts';

export type SectionName = 'users' | 'targets' | 'ports' | 'modules' | 'series';

/** A part of the summary that has rows: at most so many, and how much of it there is. */
export interface Section {
  readonly name: SectionName;
  /** Rows that it could show. */
  readonly rows: number;
  /** How many of the rows it should have before others get more. */
  readonly wanted: number;
  /** Its titles and so many of its first rows. */
  lines(rows: number, width: number, paint: Paint): string[];
  /** Its titles and so many rows from `from` on, in columns and bars that stay as rows are gone through. */
  linesFrom(from: number, rows: number, width: number, paint: Paint): string[];
}

/** Rows that columns are measured by where they are gone through. */
const MEASURED_ROWS = 1000;

/**
 * Those that have anything to say, the most important first.
 * @param top rows of each at most
 */
export function sectionsOf(facts: SummaryFacts, top = Number.POSITIVE_INFINITY): Section[] {
  const { users, targets, ports, modules, series } = facts;
  const all = ({ groups, rest }: Ranking): number => groups.length + (rest?.groups ?? 0);
  return [
    section('users', users.groups, userColumns, 5, all(users)),
    section('targets', targets.groups, targetColumns, 4, all(targets)),
    section('ports', ports, portColumns, 4),
    section('modules', modules, moduleColumns, 3),
    section('series', series, eventColumns, 8, series.length, ' series'),
  ]
    .filter(({ rows }) => rows > 0)
    .map((each) => ({ ...each, rows: Math.min(each.rows, top) }));
}

type Columns<Row> = (rows: readonly Row[]) => AlignedColumn[];

/**
 * @param count how many there are of which only the first are given
 * @param unit of what there are so many, where the first column is of something else
 */
function section<Row>(
  name: SectionName,
  all: readonly Row[],
  columns: Columns<Row>,
  wanted: number,
  count = all.length,
  unit = '',
): Section {
  return {
    name,
    rows: all.length,
    wanted,
    lines(rows, width, paint) {
      const [first, ...others] = columns(all.slice(0, rows)) as [AlignedColumn, ...AlignedColumn[]];
      // how many there are, where not all of them are shown
      const title = count > rows ? `${first.title} (${thousands(count)}${unit})` : first.title;
      return alignedLines([{ ...first, title }, ...others], { width, paint });
    },
    linesFrom(from, rows, width, paint) {
      const block = from - (from % MEASURED_ROWS);
      const measured = columns(all.slice(block, block + MEASURED_ROWS + rows));
      const [first, ...others] = measured as [AlignedColumn, ...AlignedColumn[]];
      const of = (begin: number, end: number) =>
        `${first.title} (${thousands(begin)} to ${thousands(end)} of ${thousands(count)}${unit})`;
      // as wide as the last page's, so that columns stay
      const title = of(from + 1, Math.min(from + rows, all.length)).padEnd(of(all.length, all.length).length);
      const layout = new AlignedLayout([{ ...first, title }, ...others], { width, paint });
      return [layout.title, ...layout.lines(measured.map((column) => cut(column, from - block, rows)))];
    },
  };
}

function cut(column: AlignedColumn, from: number, rows: number): AlignedColumn {
  const { cells, shares } = column;
  return { ...column, cells: cells.slice(from, from + rows), shares: shares?.slice(from, from + rows) };
}
