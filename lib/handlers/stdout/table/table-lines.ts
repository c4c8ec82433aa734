import { pad, shorten, widthOf } from '../../../text/display.ts';
import type { Paint } from '../../../text/paint.ts';
import type { Row } from './table-rows.ts';

/** A line's left part, which says what it is about, and what its figures are. */
export interface Line {
  /** Columns that the left part would like. */
  readonly width: number;
  readonly type: string;
  readonly row: Row | undefined;
  /** The left part, exactly this wide. */
  draw(width: number, paint: Paint): string;
}

const indent = '  ';
const gap = '  ';
/** What stays of a label however narrow the terminal: a letter, the sign that something is missing, a letter. */
const narrowest = 3;
const natural = new Intl.Collator('en', { numeric: true });

/** The lines of a table: metrics in order, each followed by its series, or in one line with its only one. */
export function linesOf(rows: readonly Row[]): Line[] {
  const metrics = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.metric}\0${row.type}`;
    const series = metrics.get(key);
    if (series === undefined) metrics.set(key, [row]);
    else series.push(row);
  }
  return [...metrics.keys()].sort().flatMap((key) => metricLines(metrics.get(key)!));
}

function metricLines(series: readonly Row[]): Line[] {
  const { metric, type, labels } = series[0]!;
  const alone = series.length === 1 && labels.length === 0;
  const heading: Line = {
    width: widthOf(metric),
    type,
    row: alone ? series[0] : undefined,
    draw: (width, paint) => paint.bold(pad(shorten(metric, width), width, 'left')),
  };
  return alone ? [heading] : [heading, ...seriesLines(series)];
}

/** Several series with several labels are a table of their own; otherwise each label says its name. */
function seriesLines(series: readonly Row[]): Line[] {
  const names = [...new Set(series.flatMap((row) => row.labels.map((label) => label.name)))];
  const inline = series.length === 1 || names.length < 2;
  const cells = series.map((row) =>
    names.map((name) => row.labels.find((label) => label.name === name)?.value ?? ''),
  );
  const order = series.map((row, index) => ({ row, cells: cells[index]!, text: cells[index]!.join('\0') }));
  order.sort((a, b) => natural.compare(a.text, b.text));
  if (inline) return order.map((one) => inlineLine(names, one.cells, one.row));
  const grid = new Grid(names, cells);
  return [grid.line(names, undefined), ...order.map((one) => grid.line(one.cells, one.row))];
}

function inlineLine(names: readonly string[], values: readonly string[], row: Row): Line {
  const parts = names.map((name) => `${name}=`);
  const present = values.some((value) => value !== '');
  const fixed = parts.reduce(
    (sum, part, index) => sum + widthOf(part) + (index === 0 ? 0 : 1),
    indent.length,
  );
  const widths = values.map(widthOf);
  return {
    width: present
      ? fixed + widths.reduce((sum, width) => sum + width, 0)
      : indent.length + '(no labels)'.length,
    type: '',
    row,
    draw(width, paint) {
      const fitted = shrink(widths, width - fixed);
      const plain = parts.map((part, index) => part + shorten(values[index]!, fitted[index]!)).join(' ');
      const text = shorten(indent + (present ? plain : '(no labels)'), width);
      const spaces = ' '.repeat(width - widthOf(text));
      if (!present || text !== indent + plain) return text + spaces;
      const painted = parts
        .map((part, index) => paint.dim(part) + shorten(values[index]!, fitted[index]!))
        .join(' ');
      return indent + painted + spaces;
    },
  };
}

/**
 * The labels of one metric's series in columns, as wide as their longest value or as there is room for. Where there is
 * not enough, endings that all values of a column share (`.local`, `@corp.example`) go first: they tell nothing apart.
 */
class Grid {
  private readonly widths: readonly number[];
  private readonly endings: readonly string[];
  private readonly shorterWidths: readonly number[];
  private room = -1;
  private fitted: readonly number[] = [];

  constructor(names: readonly string[], cells: readonly (readonly string[])[]) {
    const widest = (column: number, cut: (cell: string) => string) =>
      cells.reduce((most, line) => Math.max(most, widthOf(cut(line[column]!))), widthOf(names[column]!));
    this.endings = names.map((_, column) => commonEnding(cells.map((line) => line[column]!)));
    this.widths = names.map((_, column) => widest(column, (cell) => cell));
    this.shorterWidths = this.endings.map((ending, column) =>
      widest(column, (cell) => cutEnding(cell, ending)),
    );
  }

  line(cells: readonly string[], row: Row | undefined): Line {
    return {
      width: this.fixed + sum(this.widths),
      type: '',
      row,
      draw: (width, paint) => {
        const text = pad(shorten(this.join(cells, width), width), width, 'left');
        return row === undefined ? paint.dim(text) : text;
      },
    };
  }

  private get fixed(): number {
    return indent.length + gap.length * (this.widths.length - 1);
  }

  private join(cells: readonly string[], room: number): string {
    const ample = this.fixed + sum(this.widths) <= room;
    if (room !== this.room) {
      this.room = room;
      this.fitted = shrink(ample ? this.widths : this.shorterWidths, room - this.fixed);
    }
    const drawn = cells.map((cell, column) => {
      const width = this.fitted[column]!;
      return pad(shorten(ample ? cell : cutEnding(cell, this.endings[column]!), width), width, 'left');
    });
    return indent + drawn.join(gap);
  }
}

/** What all texts end with; '' if that is not worth a sign of omission, or would leave nothing of one of them. */
function commonEnding(texts: readonly string[]): string {
  let ending = texts[0] ?? '';
  for (const text of texts) while (!text.endsWith(ending)) ending = ending.slice(1);
  ending = ending.replace(/^(?:\p{M}|\u200d|[\udc00-\udfff])+/u, '');
  return ending.length < 3 || texts.includes(ending) ? '' : ending;
}

function cutEnding(text: string, ending: string): string {
  return ending !== '' && text.endsWith(ending) ? `${text.slice(0, -ending.length)}…` : text;
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}

/** Takes from the widest, so that what is short stays whole. */
function shrink(widths: readonly number[], room: number): number[] {
  const fitted = [...widths];
  let excess = sum(fitted) - room;
  while (excess > 0) {
    const widest = fitted.indexOf(Math.max(...fitted));
    if (fitted[widest]! <= narrowest) break;
    fitted[widest]!--;
    excess--;
  }
  return fitted;
}
