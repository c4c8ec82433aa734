import { shortened } from './cut-apart.ts';
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

/** Blanks between two columns. */
export const GAP = 2;
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

  /** The columns that fit, from left to right. */
  get places(): readonly AlignedPlace[] {
    return this.fitted;
  }

  /**
   * Cells that stand side by side in a line. Blanks are written where something follows them only: most rows of a wide
   * table end early.
   * @param from which of the places is the first one's
   */
  part(texts: readonly string[], from = 0, isFilled: readonly boolean[] = []): AlignedPart {
    let before = 0;
    let part = '';
    let blanks = 0;
    for (let k = 0; k < texts.length; k++) {
      const text = texts[k]!;
      const { width, column } = this.fitted[from + k]!;
      const missing = isFilled[k] === true ? 0 : Math.max(0, width - this.widthOf(text));
      if (column.align === 'right') blanks += missing;
      if (text !== '') {
        if (part === '') before = blanks;
        else part += this.blanksOf(blanks);
        part += text;
        blanks = 0;
      }
      if (column.align === 'left') blanks += missing;
      blanks += GAP;
    }
    return part === '' ? { before: 0, text: '', behind: blanks } : { before, text: part, behind: blanks };
  }

  private line(cells: readonly (readonly string[])[], row: number, isFilled?: readonly boolean[]): string {
    const { before, text } = this.part(
      cells.map((cell) => cell[row]!),
      0,
      isFilled,
    );
    const { indent = '' } = this.look;
    return `${indent}${this.blanksOf(before)}${text}`.trimEnd();
  }

  private blanksOf(count: number): string {
    this.blanks[count] ??= ' '.repeat(count);
    return this.blanks[count];
  }

  /** Texts of Latin letters are as wide as they are long, and most tables have no other; of others few are different. */
  widthOf(text: string): number {
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

/** Where a column stands in a line. */
export interface AlignedPlace {
  readonly column: Pick<AlignedColumn, 'align'>;
  /** Among all columns. */
  readonly index: number;
  readonly width: number;
}

interface Fitted extends AlignedPlace {
  readonly column: AlignedColumn;
  width: number;
}

/** Some cells of a line and what is between them; blanks before and behind them, for whatever stands there. */
export interface AlignedPart {
  readonly before: number;
  /** '' where no cell says anything: all blanks are behind it then. */
  readonly text: string;
  readonly behind: number;
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

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of a share of the width, to an eighth of a column; what is more than nothing is seen. */
export function bar(share: number, width: number): string {
  const eighths = Math.max(share > 0 ? 1 : 0, Math.round(Math.min(1, share) * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
}
