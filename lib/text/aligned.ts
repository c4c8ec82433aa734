import { pad, shorten, widthOf } from './display.ts';
import type { Paint } from './paint.ts';

/** One column of texts, all of them printable. */
export interface AlignedColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cells: readonly string[];
  /** It tells rows apart, so it is the last to be shortened, and only so that it still does. */
  readonly isName?: boolean | undefined;
  /** What a narrow terminal goes without: the greatest goes first; undefined = it stays. */
  readonly dispensable?: number | undefined;
  /** Of bars instead of cells: how long each is, 0 to 1. As wide as there is room for. */
  readonly shares?: readonly number[] | undefined;
  readonly paint?: keyof Paint | undefined;
}

export interface AlignedLook {
  /** undefined = lines of any length. */
  readonly width: number | undefined;
  readonly paint: Paint;
  readonly indent?: string | undefined;
  /** Keeps columns in which no row has anything; else they are left out. */
  readonly keepsEmpty?: boolean | undefined;
}

const GAP = 2;
const LONGEST_BAR = 20;
const SHORTEST_BAR = 4;
/** Part of the width that one name gets before others have to go without theirs. */
const NAME_SHARE = 0.45;
/** Letters of a name that always stay, where there are so many, */
const NARROWEST_NAME = 8;
/** and for the sake of a number beside it where a line is narrower still. */
const STUMP = 6;

/** The columns side by side under their titles, fitted to the width; a line each, the titles first. */
export function alignedLines(columns: readonly AlignedColumn[], look: AlignedLook): string[] {
  const layout = new AlignedLayout(columns, look);
  return [layout.title, ...layout.lines(columns)];
}

/** The widths that some rows need, for these rows and for more of the same columns behind them. */
export class AlignedLayout {
  readonly title: string;
  private readonly fitted: readonly Fitted[];
  private readonly look: AlignedLook;
  private readonly widths = new Map<string, number>();
  private readonly blanks: string[] = [];

  constructor(columns: readonly AlignedColumn[], look: AlignedLook) {
    const { width, indent = '', paint } = look;
    this.look = look;
    const says = (cells: readonly unknown[]): boolean =>
      look.keepsEmpty === true || cells.some((cell) => cell !== '');
    this.fitted = fit(columns, says, width === undefined ? undefined : width - indent.length);
    this.title = paint.dim(
      this.line(
        this.fitted.map(({ column, width }) => [shorten(column.title, width)]),
        0,
      ),
    );
  }

  /** @param columns those that the widths were measured of, with other rows */
  lines(columns: readonly AlignedColumn[]): string[] {
    const { paint, width: whole } = this.look;
    const drawn = this.fitted.map(({ index, width, column: { align } }) => {
      const column = columns[index]!;
      const texts = cut(column, width, whole !== undefined);
      if (column.paint === undefined) return texts;
      // what is painted is painted with its blanks
      return texts.map((text) => paint[column.paint!](pad(text, width, align)));
    });
    const isFilled = this.fitted.map(({ index }) => columns[index]!.paint !== undefined);
    const lines: string[] = [];
    for (let row = 0; row < (drawn[0]?.length ?? 0); row++) lines.push(this.line(drawn, row, isFilled));
    return lines;
  }

  /** Blanks are written where something follows them only: most rows of a wide table end early. */
  private line(
    cells: readonly (readonly string[])[],
    row: number,
    isFilled: readonly boolean[] = [],
  ): string {
    let line = this.look.indent ?? '';
    let blanks = 0;
    for (let k = 0; k < cells.length; k++) {
      const text = cells[k]![row]!;
      const { width, column } = this.fitted[k]!;
      const missing = isFilled[k] === true ? 0 : Math.max(0, width - this.widthOf(text));
      if (column.align === 'right') blanks += missing;
      if (text !== '') {
        line += this.blanksOf(blanks) + text;
        blanks = 0;
      }
      if (column.align === 'left') blanks += missing;
      blanks += GAP;
    }
    return line.trimEnd();
  }

  private blanksOf(count: number): string {
    this.blanks[count] ??= ' '.repeat(count);
    return this.blanks[count];
  }

  /** Texts of Latin letters are as wide as they are long, and most tables have no other; of others few are different. */
  private widthOf(text: string): number {
    if (plain.test(text)) return text.length;
    let width = this.widths.get(text);
    if (width === undefined) {
      if (this.widths.size === MOST_WIDTHS) this.widths.clear();
      width = widthOf(text);
      this.widths.set(text, width);
    }
    return width;
  }
}

const plain = /^[\x20-\x7e]*$/;
/** Texts whose widths are remembered. */
const MOST_WIDTHS = 4096;

interface Fitted {
  readonly column: AlignedColumn;
  /** Among all columns. */
  readonly index: number;
  width: number;
}

function fit(
  columns: readonly AlignedColumn[],
  says: (cells: readonly unknown[]) => boolean,
  room: number | undefined,
): Fitted[] {
  const kept = columns
    .map((column, index): Fitted => ({ column, index, width: naturalWidth(column) }))
    .filter(({ column: { cells, shares } }) => says(shares ?? cells));
  if (room === undefined) return kept;
  const least = ({ column, width }: Fitted): number => {
    if (column.shares !== undefined) return Math.max(SHORTEST_BAR, widthOf(column.title));
    return column.isName ? Math.min(width, Math.max(NARROWEST_NAME, Math.floor(room * NAME_SHARE))) : width;
  };
  while (total(kept.map(least)) > room) {
    const worst = kept.reduce<Fitted | undefined>(
      (found, one) => ((one.column.dispensable ?? 0) > (found?.column.dispensable ?? 0) ? one : found),
      undefined,
    );
    if (worst === undefined) break;
    kept.splice(kept.indexOf(worst), 1);
  }
  // the last columns say the least, and a line that is broken says nothing
  const fewest = ({ column, width }: Fitted): number => (column.isName ? Math.min(width, STUMP) : width);
  while (kept.length > 1 && kept.every(({ column }) => !column.shares) && total(kept.map(fewest)) > room)
    kept.pop();
  shared(kept, kept.map(least), room).forEach((width, k) => {
    kept[k]!.width = width;
  });
  return kept;
}

function naturalWidth({ title, cells, shares }: AlignedColumn): number {
  if (shares !== undefined) return LONGEST_BAR;
  return cells.reduce((most, cell) => Math.max(most, widthOf(cell)), widthOf(title));
}

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, widths.length - 1);

/** What is left goes to names up to their whole width, then to bars; what is missing is taken from the widest names. */
function shared(kept: readonly Fitted[], least: readonly number[], room: number): number[] {
  const widths = [...least];
  let left = room - total(widths);
  for (const wantsBar of [false, true]) {
    kept.forEach(({ column, width }, k) => {
      if ((column.shares !== undefined) !== wantsBar || left <= 0) return;
      const more = Math.min(left, width - widths[k]!);
      widths[k]! += more;
      left -= more;
    });
  }
  const names = kept.flatMap(({ column }, k) => (column.isName ? [k] : []));
  while (left < 0) {
    const widest = names.reduce((a, b) => (widths[b]! > widths[a]! ? b : a), names[0]!);
    if (widest === undefined || widths[widest]! <= 3) break;
    widths[widest]!--;
    left++;
  }
  return widths;
}

function cut({ shares, cells, isName }: AlignedColumn, width: number, isNarrow: boolean): readonly string[] {
  if (shares !== undefined) return shares.map((share) => bar(share, width));
  return isName && isNarrow ? shortened(cells, width) : cells;
}

/** Texts cut to a width such that different ones stay different, where that is possible at all. */
export function shortened(texts: readonly string[], width: number): string[] {
  if (texts.every((text) => text.length <= width / 2 || widthOf(text) <= width)) return [...texts];
  const short = texts.map((text) => shorten(text, width));
  const groups = new Map<string, Set<string>>();
  texts.forEach((text, k) => {
    const group = groups.get(short[k]!);
    if (group === undefined) groups.set(short[k]!, new Set([text]));
    else group.add(text);
  });
  const starts = new Map<string, number>();
  for (const [cut, group] of groups) if (group.size > 1) starts.set(cut, firstDifference(group));
  return texts.map((text, k) => {
    const start = starts.get(short[k]!);
    return start === undefined ? short[k]! : partFrom(text, start, width);
  });
}

/** How many characters texts that differ begin with alike. */
function firstDifference(texts: ReadonlySet<string>): number {
  const [first, ...others] = Array.from(texts, (text) => Array.from(text));
  let same = first!.length;
  for (const other of others) {
    let k = 0;
    while (k < same && first![k] === other[k]) k++;
    same = k;
  }
  return same;
}

/** The part of a text around a character of it; where there is little room, from that character on. */
function partFrom(text: string, at: number, width: number): string {
  const characters = Array.from(text);
  const from = Math.max(0, at - Math.max(0, Math.floor(width / 3) - 1));
  const part = `${from > 0 ? '…' : ''}${characters.slice(from).join('')}`;
  if (widthOf(part) <= width) return part;
  let end = Array.from(part).slice(0, width - 1);
  while (widthOf(end.join('')) > width - 1) end = end.slice(0, -1);
  return `${end.join('')}…`;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of a share of the width, to an eighth of a column; what is more than nothing is seen. */
export function bar(share: number, width: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(Math.min(1, share) * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}
