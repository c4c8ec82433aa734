import { shortened } from '../../../text/cut-apart.ts';
import { pad, shorten, widthOf } from '../../../text/display.ts';
import type { Paint } from '../../../text/paint.ts';
import { thousands } from '../../../text/thousands.ts';
import type { Order, SeriesKey } from '../order.ts';
import { LabelGrid, shrink } from './label-grid.ts';
import { orderSeries, type Series } from './series-order.ts';
import type { Row } from './table-rows.ts';

/** A line's left part, which says what it is about, and what its figures are. */
export interface Line {
  /** Columns that the left part would like. */
  readonly width: number;
  /** Columns below which it is cut so that something is lost. */
  readonly least: number;
  readonly type: string;
  /** Undefined of a line without figures. */
  readonly row: Row | undefined;
  /** Whether nothing stands beside it and nothing below it is aligned with it, but for its type. */
  readonly isFree: boolean;
  /** The left part, exactly this wide. */
  draw(width: number, paint: Paint): string;
}

const indent = '  ';
const NO_LABELS = '(no labels)';

/** The lines of a table: metrics in order, each followed by its series, or in one line with its only one. */
export function linesOf(rows: readonly Row[], order: Order<SeriesKey>): Line[] {
  const metrics = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.metric}\0${row.type}`;
    const series = metrics.get(key);
    if (series === undefined) metrics.set(key, [row]);
    else series.push(row);
  }
  const inOrder = [...metrics.keys()].sort().map((key) => metrics.get(key)!);
  const names = inOrder.map(([first]) => first!.metric);
  const fitted = atWidth((width) => shortened(names, width));
  return inOrder.flatMap((series, k) => metricLines(series, (width) => fitted(width)[k]!, order));
}

function metricLines(rows: readonly Row[], name: (width: number) => string, order: Order<SeriesKey>): Line[] {
  const { metric, type, labels } = rows[0]!;
  const alone = rows.length === 1 && labels.length === 0;
  const heading: Line = {
    width: widthOf(metric),
    least: widthOf(metric),
    type,
    row: alone ? rows[0] : undefined,
    isFree: !alone,
    draw: (width, paint) => paint.bold(pad(name(width), width, 'left')),
  };
  return alone ? [heading] : [heading, ...seriesLines(rows, order)];
}

/** Several series with several labels are a table of their own; otherwise each label says its name. */
function seriesLines(rows: readonly Row[], order: Order<SeriesKey>): Line[] {
  const names = [...new Set(rows.flatMap((row) => row.labels.map((label) => label.name)))];
  const all = rows.map((row) => {
    const values = new Map(row.labels.map((label) => [label.name, label.value]));
    return { row, values: names.map((name) => values.get(name) ?? '') };
  });
  const told = orderSeries(all, order);
  const lines =
    rows.length === 1 || names.length < 2 ? inlineLines(names, told) : gridLines(names, told, all);
  const left = rows.length - told.length;
  return left === 0 ? lines : [...lines, textLine(`… and ${thousands(left)} more series`)];
}

function gridLines(names: readonly string[], series: readonly Series[], all: readonly Series[]): Line[] {
  const valuesOf = (some: readonly Series[]) => some.map(({ values }) => values);
  const grid = new LabelGrid(names, valuesOf(series), valuesOf(all));
  const { width, least } = grid;
  const title: Line = {
    width,
    least,
    type: '',
    row: undefined,
    isFree: false,
    draw: (room, paint) => paint.dim(grid.title(room)),
  };
  const lines = series.map(({ row }, index) => ({
    width,
    least,
    type: '',
    row,
    isFree: false,
    draw: (room: number) => grid.line(index, room),
  }));
  return [title, ...lines];
}

/** Each label with its name: of one series all of them, of several the one that they have. */
function inlineLines(names: readonly string[], series: readonly Series[]): Line[] {
  const parts = names.map((name) => `${name}=`);
  const fixed = parts.reduce((sum, part) => sum + widthOf(part) + 1, indent.length - 1);
  const fitted = atWidth((width) => {
    if (names.length === 1)
      return shortened(
        series.map(({ values }) => values[0]!),
        Math.max(1, width - fixed),
      ).map((value) => [value]);
    return series.map(({ values }) => {
      const widths = shrink(values.map(widthOf), width - fixed);
      return values.map((value, k) => shorten(value, widths[k]!));
    });
  });
  return series.map(({ row, values }, index) => {
    if (values.every((value) => value === '')) return textLine(NO_LABELS, row);
    const width = fixed + values.reduce((sum, value) => sum + widthOf(value), 0);
    return {
      width,
      // names and values of one series may be cut: there is none that it could be taken for
      least: names.length === 1 ? width : 0,
      type: '',
      row,
      isFree: false,
      draw(room, paint) {
        const texts = fitted(room)[index]!;
        const plain = indent + parts.map((part, k) => part + texts[k]!).join(' ');
        const text = shorten(plain, room);
        const spaces = ' '.repeat(room - widthOf(text));
        if (text !== plain) return text + spaces;
        return indent + parts.map((part, k) => paint.dim(part) + texts[k]!).join(' ') + spaces;
      },
    };
  });
}

function textLine(text: string, row?: Row): Line {
  const width = widthOf(indent + text);
  return {
    width,
    least: 0,
    type: '',
    row,
    isFree: row === undefined,
    draw: (room) => pad(shorten(indent + text, room), room, 'left'),
  };
}

/** Remembers what was fitted to the last width: a table is drawn at one. */
function atWidth<Fitted>(fit: (width: number) => Fitted): (width: number) => Fitted {
  let last: { readonly width: number; readonly fitted: Fitted } | undefined;
  return (width) => {
    if (last?.width !== width) last = { width, fitted: fit(width) };
    return last.fitted;
  };
}
