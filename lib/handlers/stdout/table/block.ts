import { pad, shorten, widthOf } from '../../../text/display.ts';
import { paintOf } from '../../../text/paint.ts';
import type { Order, SeriesKey } from '../order.ts';
import type { Line } from './table-lines.ts';
import { linesOf } from './table-lines.ts';
import type { Row } from './table-rows.ts';

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
/** Part of the width that names and labels get before columns of figures, where they need it. */
const nameShare = 0.7;
/** Room for names and labels that no column of figures may take, where there is more than one. */
const leastRoom = 10;

/** The rows as an aligned table, each metric followed by its series; every line ends with a newline. */
export function renderBlock(rows: readonly Row[], look: Look, order: Order<SeriesKey> = {}): string {
  const lines = linesOf(rows, order);
  const { columns, room } = fit(measure(rows, lines), lines, look.columns);
  const paint = paintOf(look.color);
  const hasType = columns.some(isType);
  const rest = columns.reduce((sum, { width }) => sum + gap + width, 0);
  const head = columns.map(({ title, width, align }) => ' '.repeat(gap) + pad(title, width, align)).join('');
  const body = lines.map((line) => {
    if (line.isFree && !hasType) return line.draw(room + rest, paint).trimEnd();
    const cells = columns.map((column) => {
      const cell = pad(column.cell(line), column.width, column.align);
      return ' '.repeat(gap) + (isType(column) ? paint.dim(cell) : cell);
    });
    return `${line.draw(room, paint)}${cells.join('')}`.trimEnd();
  });
  return `${[paint.dim(`${pad(shorten('METRIC', room), room, 'left')}${head}`), ...body].join('\n')}\n`;
}

const isType = ({ title }: Measured): boolean => title === 'TYPE';

/** The columns of figures that there is room for, and the room for what is left of them. */
function fit(
  all: readonly Measured[],
  lines: readonly Line[],
  width: number | undefined,
): { columns: readonly Measured[]; room: number } {
  const columns = [...all];
  const most = (of: 'width' | 'least'): number =>
    lines.reduce((found, line) => {
      if (line.isFree && !columns.some(isType)) return found;
      return Math.max(found, line[of]);
    }, 'METRIC'.length);
  if (width === undefined) return { columns, room: most('width') };
  const left = (): number => width - columns.reduce((sum, column) => sum + gap + column.width, 0);
  for (const title of dispensable) {
    if (left() >= Math.min(most('least'), Math.floor(width * nameShare))) break;
    const index = columns.findIndex((column) => column.title === title);
    if (index >= 0) columns.splice(index, 1);
  }
  while (columns.length > 1 && left() < leastRoom) columns.pop();
  return { columns, room: Math.max(1, Math.min(most('width'), left())) };
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
