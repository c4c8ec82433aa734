import type { Buffer } from 'node:buffer';
import { type AlignedColumn, AlignedLayout, type AlignedPart, GAP } from '../../text/aligned.ts';
import { remembered } from '../../text/remembered.ts';
import { MINUTE_LENGTH, minuteOf } from '../../text/time.ts';
import {
  type AnswerColumn,
  type AnswerLook,
  isNumeric,
  MOST_TEXTS,
  shownOf,
  sideBySide,
} from './answer-columns.ts';
import type { BulkStyle } from './bulk-rows.ts';
import { bytesOf, piecesOf, RowBytes } from './row-bytes.ts';

/** Rows that the widths of a table are measured by: the others follow as they come. */
export const MEASURED_ROWS = 1000;
/** Columns of a table that is written in bulk, at most. */
const WIDEST = 1 << 14;

/** Rows side by side under their titles. */
export function* tablePieces<Row>(
  rows: Iterable<Row>,
  columns: readonly AnswerColumn<Row>[],
  look: AnswerLook,
): Generator<Buffer> {
  const cells = columns.map((column) => {
    const shown = (row: Row): string => shownOf(row, column);
    return column.of === undefined ? shown : remembered(MOST_TEXTS, column.of, shown);
  });
  const batches = inBatches(rows, MEASURED_ROWS);
  const first = batches.next().value ?? [];
  const aligned = alignedBy(first, columns, cells);
  const layout = layoutOf(first, aligned, look);
  const out = titleOf(layout);
  const all = [[first], batches];
  // what is cut is cut beside others, so that different texts stay different
  if (look.width === undefined) yield* piecesOf(rowsOf(all), tableWriter(columns, layout), out);
  else
    yield* piecesOf(
      linesOf(all, (some) => layout.lines(aligned(some))),
      writeLine,
      out,
    );
}

/** Rows as columns of what people read of them. @param first that the columns are told to be numbers by */
function alignedBy<Row>(
  first: readonly Row[],
  columns: readonly AnswerColumn<Row>[],
  cells: readonly ((row: Row) => string)[],
): (some: readonly Row[]) => AlignedColumn[] {
  const looks = columns.map((column) => lookOf(first, column));
  return (some) => looks.map((look, k) => ({ ...look, cells: some.map(cells[k]!) }));
}

function layoutOf<Row>(
  first: readonly Row[],
  aligned: (some: readonly Row[]) => AlignedColumn[],
  look: AnswerLook,
): AlignedLayout {
  // a column that says nothing may yet say something further on, and of no rows the titles are all there is
  const keepsEmpty = first.length === MEASURED_ROWS || first.length === 0;
  return new AlignedLayout(aligned(first), { ...look, keepsEmpty });
}

function titleOf(layout: AlignedLayout): RowBytes {
  const out = new RowBytes();
  out.text(layout.title);
  out.endLine();
  return out;
}

/**
 * How many rows of a table are written by WebAssembly; undefined for one that is fitted to a width, or is too wide.
 * @param first as many of them as it is measured by
 */
export function tableStyle<Row>(
  first: readonly Row[],
  columns: readonly AnswerColumn<Row>[],
  look: AnswerLook,
): BulkStyle<Row> | undefined {
  const shown = columns.map((column) => (row: Row) => shownOf(row, column));
  const layout = layoutOf(first, alignedBy(first, columns, shown), look);
  const { places } = layout;
  const width = places.reduce((sum, place) => sum + place.width + GAP, 0);
  if (look.width !== undefined || places.length < columns.length || width > WIDEST) return undefined;
  const whole = tableWriter(columns, layout);
  const scratch = new RowBytes();
  return {
    title: titleOf(layout).take(),
    time: 'minute',
    number: 'duration',
    gap: GAP,
    end: undefined,
    cell(index) {
      const { width, column } = places[index]!;
      return { width, isRight: column.align === 'right' };
    },
    piece: (from, to) => (row) => {
      const { text, ...blanks } = layout.part(
        shown.slice(from, to).map((cell) => cell(row)),
        from,
      );
      // at the end of a line more than blanks would be cut off
      if (text.trimEnd() !== text.replace(/ +$/, '')) return undefined;
      return { bytes: bytesOf((out) => out.text(text), scratch), ...blanks };
    },
    line: (row) => bytesOf((out) => whole(out, row), scratch),
  };
}

function* rowsOf<Row>(all: readonly Iterable<readonly Row[]>[]): Generator<Row> {
  for (const batches of all) for (const some of batches) yield* some;
}

function* linesOf<Row>(
  all: readonly Iterable<readonly Row[]>[],
  lines: (some: readonly Row[]) => readonly string[],
): Generator<string> {
  for (const batches of all) for (const some of batches) yield* lines(some);
}

function writeLine(out: RowBytes, line: string): void {
  out.text(line);
  out.endLine();
}

/** Up to so many at a time. */
function* inBatches<Row>(rows: Iterable<Row>, size: number): Generator<readonly Row[], undefined> {
  let some: Row[] = [];
  for (const row of rows) {
    some.push(row);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

function lookOf<Row>(rows: readonly Row[], column: AnswerColumn<Row>): Omit<AlignedColumn, 'cells'> {
  const { name, title = name.toUpperCase(), isName, dispensable } = column;
  return { title, isName, dispensable, align: isNumeric(rows, column) ? 'right' : 'left' };
}

/**
 * Writes some cells of a row, behind so many blanks if they say anything. Gives the blanks that whatever follows is
 * behind then.
 */
type WriteCells<Row> = (out: RowBytes, row: Row, blanks: number) => number;

/** How rows of a table are written whose cells are as long as they are. */
function tableWriter<Row>(
  columns: readonly AnswerColumn<Row>[],
  layout: AlignedLayout,
): (out: RowBytes, row: Row) => void {
  const fitted = layout.places.map(({ index }) => columns[index]!);
  const runs = sideBySide<Row, AnswerColumn<Row>>(fitted);
  const writes = runs.map(({ from, columns: some, of }): WriteCells<Row> => {
    if (of !== undefined) return partWriter(some, of, from, layout);
    return some[0]!.time === undefined
      ? cellWriter(some[0]!, from, layout)
      : timeWriter(some[0]!, from, layout);
  });
  return (out, row) => {
    let blanks = 0;
    for (let k = 0; k < writes.length; k++) blanks = writes[k]!(out, row, blanks);
    out.endTrimmed();
  };
}

/** Of columns that are made of one object. */
function partWriter<Row>(
  columns: readonly AnswerColumn<Row>[],
  of: (row: Row) => object,
  from: number,
  layout: AlignedLayout,
): WriteCells<Row> {
  interface Part extends Omit<AlignedPart, 'text'> {
    readonly bytes: Uint8Array;
  }
  const partOf = remembered(MOST_TEXTS, of, (row: Row): Part => {
    const { text, ...blanks } = layout.part(
      columns.map((column) => shownOf(row, column)),
      from,
    );
    return { bytes: bytesOf((out) => out.text(text)), ...blanks };
  });
  return (out, row, blanks) => {
    const { before, bytes, behind } = partOf(row);
    if (bytes.length === 0) return blanks + behind;
    out.blanks(blanks + before);
    out.piece(bytes);
    return behind;
  };
}

function cellWriter<Row>(column: AnswerColumn<Row>, from: number, layout: AlignedLayout): WriteCells<Row> {
  const { width, column: look } = layout.places[from]!;
  const isRight = look.align === 'right';
  return (out, row, blanks) => {
    const text = shownOf(row, column);
    if (text === '') return blanks + width + GAP;
    const missing = Math.max(0, width - layout.widthOf(text));
    out.blanks(isRight ? blanks + missing : blanks);
    out.text(text);
    return isRight ? GAP : missing + GAP;
  };
}

function timeWriter<Row>({ time }: AnswerColumn<Row>, from: number, layout: AlignedLayout): WriteCells<Row> {
  const { width, column: look } = layout.places[from]!;
  const missing = Math.max(0, width - MINUTE_LENGTH);
  const isRight = look.align === 'right';
  return (out, row, blanks) => {
    const minute = minuteOf(time!(row) ?? Number.NaN);
    if (Number.isNaN(minute)) return blanks + width + GAP;
    out.blanks(isRight ? blanks + missing : blanks);
    out.minute(minute);
    return isRight ? GAP : missing + GAP;
  };
}
