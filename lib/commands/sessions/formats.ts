import { type AlignedColumn, AlignedLayout } from '../../text/aligned.ts';
import { decimalText } from '../../text/number.ts';
import type { Paint } from '../../text/paint.ts';
import { printable } from '../../text/printable.ts';
import { remembered } from '../../text/remembered.ts';
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

/** Objects whose texts are remembered. */
const MOST_TEXTS = 4096;

/**
 * How rows are written column by column: neighbours that are made of one object are one piece.
 * @param before what stands before a column's text
 */
function piecesOf<Row>(
  columns: readonly AnswerColumn<Row>[],
  before: (column: AnswerColumn<Row>, index: number) => string,
  cell: (cell: Cell) => string,
): ((row: Row) => string)[] {
  const pieces: ((row: Row) => string)[] = [];
  for (let from = 0, to = 0; from < columns.length; from = to) {
    const { of } = columns[from]!;
    do to++;
    while (of !== undefined && columns[to]?.of === of);
    const parts = columns.slice(from, to).map((column, k) => ({ column, text: before(column, from + k) }));
    const made =
      parts.length === 1
        ? single(parts[0]!, cell)
        : (row: Row): string => parts.map(({ column, text }) => text + cell(column.value(row))).join('');
    pieces.push(of === undefined ? made : remembered(MOST_TEXTS, of, made));
  }
  return pieces;
}

function single<Row>(
  { column, text }: { readonly column: AnswerColumn<Row>; readonly text: string },
  cell: (cell: Cell) => string,
): (row: Row) => string {
  return (row) => text + cell(column.value(row));
}

function* jsonLines<Row>(rows: Iterable<Row>, all: readonly AnswerColumn<Row>[]): Generator<string> {
  // a key that was asked for twice is one
  const columns = [...new Map(all.map((column) => [column.name, column])).values()];
  const pieces = piecesOf(columns, ({ name }, k) => `${k === 0 ? '{' : ','}${jsonText(name)}:`, jsonCell);
  yield* linesOf(rows, pieces, '}');
}

function jsonCell(cell: Cell): string {
  if (typeof cell === 'string') return jsonText(cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? decimalText(cell) : 'null';
  if (cell === null) return 'null';
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
  const pieces = piecesOf(columns, (_, k) => (k === 0 ? '' : ','), csvCell);
  yield* linesOf(rows, pieces, '');
}

/** Characters of lines that are handed over together: each time costs what writing some of them does. */
const TOGETHER = 4096;

/** @param end of each line */
function* linesOf<Row>(
  rows: Iterable<Row>,
  pieces: readonly ((row: Row) => string)[],
  end: string,
): Generator<string> {
  let lines = '';
  for (const row of rows) {
    if (lines !== '') lines += '\n';
    for (let k = 0; k < pieces.length; k++) lines += pieces[k]!(row);
    lines += end;
    if (lines.length < TOGETHER) continue;
    yield lines;
    lines = '';
  }
  if (lines !== '') yield lines;
}

/** Texts that mean nothing to a spreadsheet or a terminal: nearly all. */
const harmless = /^[\w/](?:[\w/.:@ -]*[\w/.:@])?$/;

/** A text that a spreadsheet would take for a formula gets a quote before it, which spreadsheets do not show. */
export function csvCell(cell: Cell): string {
  if (typeof cell === 'number') return decimalText(cell);
  if (cell === null || cell.length === 0) return '';
  const raw = typeof cell === 'string' ? cell : joined(cell, '; ');
  if (raw === '' || harmless.test(raw)) return raw;
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
  const cells = columns.map((column) => {
    const shown = (row: Row): string => shownOf(row, column);
    return column.of === undefined ? shown : remembered(MOST_TEXTS, column.of, shown);
  });
  let looks: readonly Omit<AlignedColumn, 'cells'>[] | undefined;
  for (const some of pieces(rows, MEASURED_ROWS)) {
    looks ??= columns.map((column) => lookOf(some, column));
    const aligned = looks.map((look, k) => ({ ...look, cells: some.map(cells[k]!) }));
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

function lookOf<Row>(rows: readonly Row[], column: AnswerColumn<Row>): Omit<AlignedColumn, 'cells'> {
  const { name, title = name.toUpperCase(), isName, dispensable } = column;
  return { title, isName, dispensable, align: isNumeric(rows, column) ? 'right' : 'left' };
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
