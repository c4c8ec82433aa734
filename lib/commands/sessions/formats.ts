import type { Buffer } from 'node:buffer';
import { printable } from '../../text/printable.ts';
import { remembered } from '../../text/remembered.ts';
import type { AnswerFormat as Format } from '../cli/shared-options.ts';
import {
  type AnswerColumn,
  type AnswerLook,
  type Cell,
  isNumeric,
  joined,
  MOST_TEXTS,
  shownOf,
  sideBySide,
} from './answer-columns.ts';
import type { BulkStyle } from './bulk-rows.ts';
import { bytesOf, lettersOf, linePieces, piecesOf, RowBytes } from './row-bytes.ts';
import { tablePieces, tableStyle } from './table-pieces.ts';

/** Rows in a format, as pieces of whole lines. */
export function answerPieces<Row>(
  rows: Iterable<Row>,
  columns: readonly AnswerColumn<Row>[],
  format: Format,
  look: AnswerLook,
): Iterable<Buffer> {
  switch (format) {
    case 'json':
      return jsonPieces(rows, columns);
    case 'csv':
      return csvPieces(rows, columns);
    case 'markdown':
      return linePieces(markdownLines([...rows], columns));
    case 'table':
      return tablePieces(rows, columns, look);
  }
}

/**
 * How many rows are written in a format by WebAssembly; undefined where they are not.
 * @param first gives as many of them as a table is measured by
 */
export function bulkStyleOf<Row>(
  first: () => readonly Row[],
  columns: readonly AnswerColumn<Row>[],
  format: Format,
  look: AnswerLook,
): BulkStyle<Row> | undefined {
  switch (format) {
    case 'json':
      return notedStyle(columns, json, new RowBytes());
    case 'csv':
      return notedStyle(columns, csv, csvTitle(columns));
    case 'markdown':
      return undefined;
    case 'table':
      return tableStyle(first(), columns, look);
  }
}

function notedStyle<Row>(
  columns: readonly AnswerColumn<Row>[],
  notation: Notation,
  title: RowBytes,
): BulkStyle<Row> {
  const { quote, none, end } = notation;
  const whole = rowWriter(columns, notation);
  const scratch = new RowBytes();
  const writer = (column: AnswerColumn<Row>, index: number): Write<Row> =>
    columnWriter(column, notation.before(column.name, index), notation);
  return {
    title: title.take(),
    time: 'timestamp',
    number: 'decimal',
    gap: 0,
    end,
    cell(index, isNumber) {
      const before = notation.before(columns[index]!.name, index);
      const mark = isNumber ? '' : quote;
      return { lead: before + mark, tail: mark, none: before + none };
    },
    piece(from, to) {
      const write = together(columns.slice(from, to).map((column, k) => writer(column, from + k)));
      return (row) => ({ bytes: bytesOf((out) => write(out, row), scratch), before: 0, behind: 0 });
    },
    line: (row) => bytesOf((out) => whole(out, row), scratch),
  };
}

/** Writes something of a row. */
type Write<Row> = (out: RowBytes, row: Row) => void;

interface Notation {
  /** What stands before a column's text. */
  before(name: string, index: number): string;
  cell(out: RowBytes, cell: Cell): void;
  /** @param ms a time, milliseconds since the epoch */
  time(out: RowBytes, ms: number): void;
  /** Around texts and times that are as they stand, and in place of what there is none of. */
  readonly quote: string;
  readonly none: string;
  readonly end: string;
}

/** How rows are written column by column: neighbours that are made of one object are one piece. */
function rowWriter<Row>(columns: readonly AnswerColumn<Row>[], notation: Notation): Write<Row> {
  const runs = sideBySide<Row, AnswerColumn<Row>>(columns);
  const writes = runs.map(({ of, columns: some, from }): Write<Row> => {
    const all = together(
      some.map((column, k) => columnWriter(column, notation.before(column.name, from + k), notation)),
    );
    if (of === undefined) return all;
    const bytes = remembered(MOST_TEXTS, of, (row: Row) => bytesOf((out) => all(out, row)));
    return (out: RowBytes, row: Row): void => out.piece(bytes(row));
  });
  const whole = together(writes);
  return (out, row) => {
    whole(out, row);
    out.text(notation.end);
    out.endLine();
  };
}

function together<Row>(writes: readonly Write<Row>[]): Write<Row> {
  if (writes.length === 1) return writes[0]!;
  return (out, row) => {
    for (let k = 0; k < writes.length; k++) writes[k]!(out, row);
  };
}

function columnWriter<Row>(
  { value, time }: AnswerColumn<Row>,
  before: string,
  notation: Notation,
): Write<Row> {
  return (out, row) => {
    out.text(before);
    const ms = time?.(row);
    if (ms === undefined) notation.cell(out, value(row));
    else notation.time(out, ms);
  };
}

function* jsonPieces<Row>(rows: Iterable<Row>, all: readonly AnswerColumn<Row>[]): Generator<Buffer> {
  // a key that was asked for twice is one
  const columns = [...new Map(all.map((column) => [column.name, column])).values()];
  yield* piecesOf(rows, rowWriter(columns, json));
}

const json: Notation = {
  before: (name, k) => `${k === 0 ? '{' : ','}${jsonText(name)}:`,
  cell: jsonCell,
  time(out, ms) {
    out.byte(QUOTE);
    out.timestamp(ms);
    out.byte(QUOTE);
  },
  quote: '"',
  none: 'null',
  end: '}',
};

const QUOTE = 0x22;

function jsonCell(out: RowBytes, cell: Cell): void {
  if (typeof cell === 'string') writeJsonText(out, cell);
  else if (typeof cell === 'number') {
    if (Number.isFinite(cell)) out.decimal(cell);
    else out.text('null');
  } else out.text(cell === null ? 'null' : cell.length === 0 ? '[]' : `[${cell.map(jsonText).join(',')}]`);
}

/** As jsonText has it. */
function writeJsonText(out: RowBytes, text: string): void {
  out.byte(QUOTE);
  if (out.letters(text, literals)) out.byte(QUOTE);
  else out.text(jsonText(text).slice(1));
}

/** Letters that stand in JSON as they are: nearly all. */
const literals = lettersOf(/[ !#-[\]-~]/);

/** JSON leaves some characters as they are that a terminal obeys, or that turn text around. */
function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function* csvPieces<Row>(rows: Iterable<Row>, columns: readonly AnswerColumn<Row>[]): Generator<Buffer> {
  yield* piecesOf(rows, rowWriter(columns, csv), csvTitle(columns));
}

function csvTitle<Row>(columns: readonly AnswerColumn<Row>[]): RowBytes {
  const out = new RowBytes();
  out.text(columns.map(({ name }) => name).join(','));
  out.endLine();
  return out;
}

const csv: Notation = {
  before: (_, k) => (k === 0 ? '' : ','),
  cell: csvCell,
  time: (out, ms) => out.timestamp(ms),
  quote: '',
  none: '',
  end: '',
};

/** Letters that mean nothing to a spreadsheet or a terminal within a text, and at its ends: nearly all. */
const harmless = lettersOf(/[\w/.:@ -]/);
const firsts = lettersOf(/[\w/]/);
const lasts = lettersOf(/[\w/.:@]/);

function csvCell(out: RowBytes, cell: Cell): void {
  if (typeof cell === 'number') {
    out.decimal(cell);
    return;
  }
  if (cell === null || cell.length === 0) return;
  const text = typeof cell === 'string' ? cell : joined(cell, '; ');
  const isHarmless = firsts[text.charCodeAt(0)] === 1 && lasts[text.charCodeAt(text.length - 1)] === 1;
  if (!(isHarmless && out.letters(text, harmless))) out.text(csvText(text));
}

/** A text that a spreadsheet would take for a formula gets a quote before it, which spreadsheets do not show. */
function csvText(raw: string): string {
  const text = printable(raw);
  const safe = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  if (!/[",;\r\n']|^\s|\s$/.test(safe)) return safe;
  return safe.includes('"') ? `"${safe.replaceAll('"', '""')}"` : `"${safe}"`;
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
