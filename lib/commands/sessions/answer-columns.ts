import type { Paint } from '../../text/paint.ts';
import { printable } from '../../text/printable.ts';
import { formatMinute } from '../../text/time.ts';

export type Cell = string | number | readonly string[] | null;

/** One column of what a command answers. */
export interface AnswerColumn<Row> {
  /** Its name in JSON and CSV. */
  readonly name: string;
  /** The exact value. */
  value(row: Row): Cell;
  /** Of a column of times: milliseconds since the epoch, of which `value` has the text. */
  time?: ((row: Row) => number | undefined) | undefined;
  /** The value as people read it; by default the value, and times to the minute. */
  shown?: ((row: Row) => string) | undefined;
  /** Over the column of a table; by default the name. */
  readonly title?: string | undefined;
  readonly isName?: boolean | undefined;
  /**
   * What its text is made of, where many rows have the same object: it is written once for each. Columns side by side
   * of the same are written together.
   */
  readonly of?: ((row: Row) => object) | undefined;
  /** What a narrow terminal goes without: the greatest goes first. */
  readonly dispensable?: number | undefined;
}

export interface AnswerLook {
  /** undefined = lines of any length. */
  readonly width: number | undefined;
  readonly paint: Paint;
}

/** Objects whose texts are remembered. */
export const MOST_TEXTS = 4096;

export function isNumeric<Row>(rows: readonly Row[], column: AnswerColumn<Row>): boolean {
  return rows.length > 0 && rows.every((row) => typeof column.value(row) !== 'string') && !column.isName;
}

/** What people read of a row. */
export function shownOf<Row>(row: Row, { shown, time, value }: AnswerColumn<Row>): string {
  if (shown !== undefined) return printable(shown(row));
  if (time !== undefined) return formatMinute(time(row) ?? Number.NaN);
  const cell = value(row);
  if (cell === null) return '';
  return printable(typeof cell === 'object' ? joined(cell, ', ') : String(cell));
}

/** Most lists have no more than one text. */
export function joined(texts: readonly string[], separator: string): string {
  return texts.length === 1 ? texts[0]! : texts.length === 0 ? '' : texts.join(separator);
}

/** Columns in runs of those that are made of one object, each with its first one's index. */
export function sideBySide<Row, Column extends Pick<AnswerColumn<Row>, 'of'>>(
  columns: readonly Column[],
): { readonly from: number; readonly columns: readonly Column[]; readonly of: AnswerColumn<Row>['of'] }[] {
  const runs: { from: number; columns: readonly Column[]; of: AnswerColumn<Row>['of'] }[] = [];
  for (let from = 0, to = 0; from < columns.length; from = to) {
    const { of } = columns[from]!;
    do to++;
    while (of !== undefined && columns[to]?.of === of);
    runs.push({ from, columns: columns.slice(from, to), of });
  }
  return runs;
}
