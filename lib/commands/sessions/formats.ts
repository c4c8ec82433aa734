import { type AlignedColumn, AlignedLayout } from '../../text/aligned.ts';
import type { Paint } from '../../text/paint.ts';
import { printable } from '../../text/printable.ts';
import type { AnswerFormat as Format } from '../cli/run-options.ts';

export type Cell = string | number | readonly string[] | null;

/** One column of what a command answers. */
export interface AnswerColumn<Row> {
  /** Its name in JSON and CSV. */
  readonly name: string;
  /** The exact value. */
  value(row: Row): Cell;
  /** The value as people read it; by default the value. */
  shown?: ((row: Row) => string) | undefined;
  /** Over the column of a table; by default the name. */
  readonly title?: string | undefined;
  readonly isName?: boolean | undefined;
  /** What a narrow terminal goes without: the greatest goes first. */
  readonly dispensable?: number | undefined;
}

export interface AnswerLook {
  /** undefined = lines of any length. */
  readonly width: number | undefined;
  readonly paint: Paint;
}

/** Rows in a format, line by line. */
export function answerLines<Row>(
  rows: Iterable<Row>,
  columns: readonly AnswerColumn<Row>[],
  format: Format,
  look: AnswerLook,
): Iterable<string> {
  switch (format) {
    case 'json':
      return jsonLines(rows, columns);
    case 'csv':
      return csvLines(rows, columns);
    case 'markdown':
      return markdownLines([...rows], columns);
    case 'table':
      return tableLines(rows, columns, look);
  }
}

function* jsonLines<Row>(rows: Iterable<Row>, columns: readonly AnswerColumn<Row>[]): Generator<string> {
  for (const row of rows) {
    yield jsonText(Object.fromEntries(columns.map((column) => [column.name, column.value(row)])));
  }
}

/** JSON leaves some characters as they are that a terminal obeys, or that turn text around. */
function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function* csvLines<Row>(rows: Iterable<Row>, columns: readonly AnswerColumn<Row>[]): Generator<string> {
  yield columns.map(({ name }) => name).join(',');
  for (const row of rows) yield columns.map((column) => csvCell(column.value(row))).join(',');
}

/** Texts that mean nothing to a spreadsheet or a terminal: nearly all. */
const harmless = /^(?:[\w/](?:[\w/.:@ -]*[\w/.:@])?)?$/;

/** A text that a spreadsheet would take for a formula gets a quote before it, which spreadsheets do not show. */
export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'string' && harmless.test(cell)) return cell;
  const text = printable(typeof cell === 'string' ? cell : cell.join('; '));
  const safe = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",;\r\n']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function* markdownLines<Row>(rows: readonly Row[], columns: readonly AnswerColumn<Row>[]): Generator<string> {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  yield line(columns.map(({ name }) => name));
  yield line(columns.map((column) => (isNumeric(rows, column) ? '---:' : '---')));
  for (const row of rows) yield line(columns.map((column) => markdownText(shownOf(row, column))));
}

function markdownText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()#+!|>~]/g, '\\$&');
}

/** Rows that the widths of a table are measured by: the others follow as they come. */
const MEASURED_ROWS = 1000;

function* tableLines<Row>(
  rows: Iterable<Row>,
  columns: readonly AnswerColumn<Row>[],
  look: AnswerLook,
): Generator<string> {
  let layout: AlignedLayout | undefined;
  for (const some of pieces(rows, MEASURED_ROWS)) {
    const aligned = columns.map((column) => alignedColumn(some, column));
    if (layout === undefined) {
      // a column that says nothing may yet say something further on
      layout = new AlignedLayout(aligned, { ...look, keepsEmpty: some.length === MEASURED_ROWS });
      yield layout.title;
    }
    yield* layout.lines(aligned);
  }
}

/** Up to so many at a time; one piece without any if there are none. */
function* pieces<Row>(rows: Iterable<Row>, size: number): Generator<readonly Row[]> {
  let some: Row[] = [];
  let given = false;
  for (const row of rows) {
    some.push(row);
    if (some.length < size) continue;
    yield some;
    given = true;
    some = [];
  }
  if (some.length > 0 || !given) yield some;
}

function alignedColumn<Row>(rows: readonly Row[], column: AnswerColumn<Row>): AlignedColumn {
  const { name, title = name.toUpperCase(), isName, dispensable } = column;
  return {
    title,
    isName,
    dispensable,
    align: isNumeric(rows, column) ? 'right' : 'left',
    cells: rows.map((row) => shownOf(row, column)),
  };
}

function isNumeric<Row>(rows: readonly Row[], column: AnswerColumn<Row>): boolean {
  return rows.length > 0 && rows.every((row) => typeof column.value(row) !== 'string') && !column.isName;
}

function shownOf<Row>(row: Row, column: AnswerColumn<Row>): string {
  if (column.shown !== undefined) return printable(column.shown(row));
  const cell = column.value(row);
  if (cell === null) return '';
  return printable(typeof cell === 'object' ? cell.join(', ') : String(cell));
}
