import type { Label, Row } from './rows.ts';
import { pad, shorten, widthOf } from './text.ts';

/** How a block may look: `columns` undefined = lines of any length. */
export interface Look {
  readonly columns: number | undefined;
  readonly color: boolean;
}

interface Column {
  readonly title: string;
  /** The keys of an event that stand in this column: the first that it has. */
  readonly keys: readonly string[];
}

const figureColumns: readonly Column[] = [
  { title: 'COUNT', keys: ['count', 'value'] },
  { title: '1M RATE', keys: ['m1_rate'] },
  { title: 'MEAN', keys: ['mean'] },
  { title: 'P50', keys: ['p50'] },
  { title: 'P95', keys: ['p95'] },
  { title: 'P99', keys: ['p99'] },
  { title: 'MAX', keys: ['max'] },
];

/** What a narrow terminal goes without, first to last. */
const dispensable = ['TYPE', 'P50', 'MEAN', 'P99', '1M RATE', 'MAX', 'P95'];

const gap = 2;
const indent = '  ';
/** Part of the width that names and labels keep before a column is given up for them. */
const nameShare = 0.4;
const narrowestValue = 3;

/** A line of the table before it is laid out: a metric, one of its series, or both in one. */
interface Line {
  readonly name: string;
  readonly labels: readonly Label[];
  readonly type: string;
  readonly row: Row | undefined;
}

/** The rows as an aligned table, each metric followed by its series; every line ends with a newline. */
export function renderBlock(rows: readonly Row[], look: Look): string {
  const lines = linesOf(rows);
  const nameWidth = lines.reduce((most, line) => Math.max(most, widthOf(nameOf(line))), 'METRIC'.length);
  const columns = measure(rows, lines);
  const others = () => columns.reduce((sum, column) => sum + gap + column.width, 0);
  let room = nameWidth;
  if (look.columns !== undefined) {
    const least = Math.min(nameWidth, Math.floor(look.columns * nameShare));
    for (const title of dispensable) {
      if (look.columns - others() >= least) break;
      const index = columns.findIndex((column) => column.title === title);
      if (index >= 0) columns.splice(index, 1);
    }
    room = Math.min(nameWidth, Math.max(look.columns - others(), least));
  }
  const paint = look.color ? paints : plain;
  const head = columns
    .map((column) => ' '.repeat(gap) + pad(column.title, column.width, column.align))
    .join('');
  const body = lines.map((line) => {
    const name = paintName(line, fit(line, room), room, paint);
    const cells = columns.map((column) => {
      const cell = pad(column.cell(line), column.width, column.align);
      return ' '.repeat(gap) + (column.title === 'TYPE' ? paint.dim(cell) : cell);
    });
    return `${name}${cells.join('')}`.trimEnd();
  });
  return `${[paint.dim(`${pad('METRIC', room, 'left')}${head}`), ...body].join('\n')}\n`;
}

interface Measured {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  cell(line: Line): string;
}

/** The columns in which any row has something, and the keys that were asked for beyond them. */
function measure(rows: readonly Row[], lines: readonly Line[]): Measured[] {
  const known = new Set(figureColumns.flatMap((column) => column.keys));
  const asked = new Set(rows.flatMap((row) => row.asked ?? []).filter((key) => !known.has(key)));
  const wanted = [
    ...figureColumns,
    ...[...asked].sort().map((key) => ({ title: key.toUpperCase(), keys: [key] })),
  ];
  const measured: Measured[] = [];
  const add = (title: string, align: 'left' | 'right', cell: (line: Line) => string) => {
    const width = lines.reduce((most, line) => Math.max(most, widthOf(cell(line))), 0);
    if (width > 0) measured.push({ title, width: Math.max(width, widthOf(title)), align, cell });
  };
  add('TYPE', 'left', (line) => line.type);
  for (const column of wanted) {
    const cell = (line: Line) => {
      const key = column.keys.find((candidate) => line.row?.cells.has(candidate));
      return key === undefined ? '' : line.row!.cells.get(key)!;
    };
    add(titleOf(column, rows), 'right', cell);
  }
  return measured;
}

function titleOf(column: Column, rows: readonly Row[]): string {
  if (column.title !== 'COUNT' || !rows.some((row) => row.cells.has('value'))) return column.title;
  return rows.some((row) => row.cells.has('count')) ? 'COUNT/VALUE' : 'VALUE';
}

/** Sorted by metric and labels. A metric's only series stands in the metric's own line, if it has no labels. */
function linesOf(rows: readonly Row[]): Line[] {
  const metrics = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.metric}\0${row.type}`;
    const series = metrics.get(key);
    if (series === undefined) metrics.set(key, [row]);
    else series.push(row);
  }
  const lines: Line[] = [];
  for (const key of [...metrics.keys()].sort()) {
    const series = metrics.get(key)!.map((row) => ({ row, order: labelText(row.labels) }));
    const { metric, type } = series[0]!.row;
    const alone = series.length === 1 && series[0]!.row.labels.length === 0;
    lines.push({ name: metric, labels: [], type, row: alone ? series[0]!.row : undefined });
    if (alone) continue;
    series.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
    for (const { row } of series) lines.push({ name: '', labels: row.labels, type: '', row });
  }
  return lines;
}

function labelText(labels: readonly Label[]): string {
  return labels.map((label) => `${label.name}=${label.value}`).join(' ');
}

function nameOf(line: Line): string {
  return line.name !== ''
    ? line.name
    : indent + (line.labels.length === 0 ? '(no labels)' : labelText(line.labels));
}

/** The name within a width. Labels give up the middle of their longest values first, so that all of them stay told apart. */
function fit(line: Line, width: number): Line {
  if (line.name !== '') return { ...line, name: shorten(line.name, width) };
  let labels = line.labels;
  let longest = labels.reduce((most, label) => Math.max(most, widthOf(label.value)), 0);
  while (widthOf(nameOf({ ...line, labels })) > width && longest > narrowestValue) {
    longest--;
    labels = line.labels.map((label) => ({ ...label, value: shorten(label.value, longest) }));
  }
  return { ...line, labels };
}

interface Paint {
  bold(text: string): string;
  dim(text: string): string;
}

const plain: Paint = { bold: (text) => text, dim: (text) => text };
export const paints: Paint = {
  bold: (text) => `\x1b[1m${text}\x1b[22m`,
  dim: (text) => `\x1b[2m${text}\x1b[22m`,
};

function paintName(line: Line, fitted: Line, width: number, paint: Paint): string {
  const text = nameOf(fitted);
  const cut = widthOf(text) > width ? shorten(text, width) : text;
  const padded = pad(cut, width, 'left');
  if (line.name !== '') return paint.bold(padded);
  return cut === text ? padded.replaceAll(/(?<=^| )([^ =]+=)/g, (name) => paint.dim(name)) : padded;
}
