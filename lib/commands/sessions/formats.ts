import { type AlignedColumn, AlignedLayout } from '../../text/aligned.ts';
import type { Paint } from '../../text/paint.ts';
import { printable } from '../../text/printable.ts';
import type { AnswerFormat as Format } from '../cli/shared-options.ts';

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
  /** Its texts are few, and come again in many rows. */
  readonly repeats?: boolean | undefined;
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

/** Texts of a column that are remembered as they are written. */
const MOST_TEXTS = 4096;

/** How a column's values are written; of texts that come again, each is made once. */
function remembering<Row>(column: AnswerColumn<Row>, made: (cell: Cell) => string): (row: Row) => string {
  if (column.repeats !== true) return (row) => made(column.value(row));
  const known = new Map<Cell, string>();
  return (row) => {
    const cell = column.value(row);
    let text = known.get(cell);
    if (text === undefined) {
      text = made(cell);
      if (known.size === MOST_TEXTS) known.clear();
      known.set(cell, text);
    }
    return text;
  };
}

function* jsonLines<Row>(rows: Iterable<Row>, all: readonly AnswerColumn<Row>[]): Generator<string> {
  // a key that was asked for twice is one
  const columns = [...new Map(all.map((column) => [column.name, column])).values()];
  const names = columns.map(({ name }, k) => `${k === 0 ? '{' : ','}${jsonText(name)}:`);
  const cells = columns.map((column) => remembering(column, jsonCell));
  for (const row of rows) {
    let line = '';
    for (let k = 0; k < columns.length; k++) line += names[k]! + cells[k]!(row);
    yield `${line}}`;
  }
}

function jsonCell(cell: Cell): string {
  if (typeof cell === 'string') return jsonText(cell);
  if (cell === null || typeof cell === 'number') return JSON.stringify(cell);
  return cell.length === 0 ? '[]' : `[${cell.map(jsonText).join(',')}]`;
}

/** Texts that stand in JSON as they are: nearly all. */
const literal = /^[ !#-[\]-~]*$/;

/** JSON leaves some characters as they are that a terminal obeys, or that turn text around. */
function jsonText(text: string): string {
  if (literal.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function* csvLines<Row>(rows: Iterable<Row>, columns: readonly AnswerColumn<Row>[]): Generator<string> {
  yield columns.map(({ name }) => name).join(',');
  const cells = columns.map((column) => remembering(column, csvCell));
  for (const row of rows) {
    let line = '';
    for (let k = 0; k < columns.length; k++) line += k === 0 ? cells[k]!(row) : `,${cells[k]!(row)}`;
    yield line;
  }
}

/** Texts that mean nothing to a spreadsheet or a terminal: nearly all. */
const harmless = /^(?:[\w/](?:[\w/.:@ -]*[\w/.:@])?)?$/;

/** A text that a spreadsheet would take for a formula gets a quote before it, which spreadsheets do not show. */
export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const raw = typeof cell === 'string' ? cell : joined(cell, '; ');
  if (harmless.test(raw)) return raw;
  const text = printable(raw);
  const safe = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  if (!/[",;\r\n']|^\s|\s$/.test(safe)) return safe;
  return safe.includes('"') ? `"${safe.replaceAll('"', '""')}"` : `"${safe}"`;
}

/** Most lists have no more than one text. */
function joined(texts: readonly string[], separator: string): string {
  return texts.length === 1 ? texts[0]! : texts.length === 0 ? '' : texts.join(separator);
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
  const cells = columns.map((column) =>
    column.shown === undefined ? remembering(column, shownCell) : (row: Row) => printable(column.shown!(row)),
  );
  for (const some of pieces(rows, MEASURED_ROWS)) {
    const aligned = columns.map((column, k) => alignedColumn(some, column, cells[k]!));
    if (layout === undefined) {
      // a column that says nothing may yet say something further on, and of no rows the titles are all there is
      const keepsEmpty = some.length === MEASURED_ROWS || some.length === 0;
      layout = new AlignedLayout(aligned, { ...look, keepsEmpty });
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

function alignedColumn<Row>(
  rows: readonly Row[],
  column: AnswerColumn<Row>,
  cellOf: (row: Row) => string,
): AlignedColumn {
  const { name, title = name.toUpperCase(), isName, dispensable } = column;
  return {
    title,
    isName,
    dispensable,
    align: isNumeric(rows, column) ? 'right' : 'left',
    cells: rows.map(cellOf),
  };
}

function isNumeric<Row>(rows: readonly Row[], column: AnswerColumn<Row>): boolean {
  return rows.length > 0 && rows.every((row) => typeof column.value(row) !== 'string') && !column.isName;
}

function shownOf<Row>(row: Row, column: AnswerColumn<Row>): string {
  return column.shown === undefined ? shownCell(column.value(row)) : printable(column.shown(row));
}

function shownCell(cell: Cell): string {
  if (cell === null) return '';
  return printable(typeof cell === 'object' ? joined(cell, ', ') : String(cell));
}
