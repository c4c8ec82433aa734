import { shortened } from '../../../text/cut-apart.ts';
import { pad, shorten, widthOf } from '../../../text/display.ts';

const indent = '  ';
const gap = '  ';
/** What stays of a label however narrow the terminal: a letter, the sign that something is missing, a letter. */
const narrowest = 3;
/** An identifier tells nobody anything, beside a name. */
const opaque = /(?:^|_)(?:id|hash|uid)$|Id$/;

/** A choice of the labels' columns, and how their values are written. */
interface Layout {
  /** Indices of the columns that are drawn. */
  readonly columns: readonly number[];
  /** Whether endings that all values of a column share are left out. */
  readonly cutsEndings: boolean;
}

/** Lines as they are drawn at one width. */
interface Drawn {
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * The labels of one metric's series in columns, as wide as their longest value or as there is room for. Where there is
 * not enough, what tells no series apart goes first: labels that are the same in all of them, then endings that all
 * values of a column share (`.local`, `@corp.example`), then labels without which no two series look alike. Only then
 * are values cut, and so that they still differ.
 */
export class LabelGrid {
  /** Columns of text that all of it takes. */
  readonly width: number;
  /** Columns of text below which something is lost that tells of a series. */
  readonly least: number;
  private readonly names: readonly string[];
  private readonly cells: readonly (readonly string[])[];
  private readonly all: readonly (readonly string[])[];
  private readonly endings: readonly string[];
  private readonly widths: Readonly<Record<'whole' | 'cut', readonly number[]>>;
  private drawn: { readonly room: number; readonly text: Drawn } | undefined;

  /**
   * @param cells the series' values in the order of the names
   * @param all those of the metric's other series, too, that are not told: what a label says shows among all of them
   */
  constructor(
    names: readonly string[],
    cells: readonly (readonly string[])[],
    all: readonly (readonly string[])[] = cells,
  ) {
    this.all = all;
    this.names = names;
    this.cells = cells;
    this.endings = names.map((_, column) => commonEnding(cells.map((line) => line[column]!)));
    const widest = (column: number, ending: string): number =>
      cells.reduce(
        (most, line) => Math.max(most, widthOf(cutEnding(line[column]!, ending))),
        widthOf(names[column]!),
      );
    this.widths = {
      whole: names.map((_, column) => widest(column, '')),
      cut: names.map((_, column) => widest(column, this.endings[column]!)),
    };
    this.width = this.widthOf({ columns: names.map((_, column) => column), cutsEndings: false });
    this.least = this.widthOf({ columns: this.telling(), cutsEndings: true });
  }

  /** The names over the columns. */
  title(room: number): string {
    return this.drawAt(room).title;
  }

  line(index: number, room: number): string {
    return this.drawAt(room).lines[index]!;
  }

  private drawAt(room: number): Drawn {
    if (this.drawn?.room !== room) this.drawn = { room, text: this.draw(room) };
    return this.drawn.text;
  }

  private draw(room: number): Drawn {
    const layout = this.layoutFor(room);
    const { columns, cutsEndings } = layout;
    const widths = shrink(this.widthsOf(layout), room - this.widthOf(layout) + sum(this.widthsOf(layout)));
    const texts = columns.map((column, k) => {
      const ending = cutsEndings ? this.endings[column]! : '';
      const whole = this.cells.map((line) => cutEnding(line[column]!, ending));
      return shortened(whole, widths[k]!).map((text) => pad(text, widths[k]!, 'left'));
    });
    const join = (cells: readonly string[]): string =>
      pad(shorten(indent + cells.join(gap), room), room, 'left');
    const shownNames = columns.map((column) => this.names[column]!);
    const titles = shownNames.map((_, k) => pad(shortened(shownNames, widths[k]!)[k]!, widths[k]!, 'left'));
    const left = this.names.length - columns.length;
    const more = left === 0 ? '' : `+${left}`;
    const title = join(more === '' ? titles : [...titles, more]);
    return { title, lines: this.cells.map((_, row) => join(texts.map((column) => column[row]!))) };
  }

  /** The first choice that fits, else the one that takes least. */
  private layoutFor(room: number): Layout {
    let columns = this.names.map((_, column) => column);
    const fits = (cutsEndings: boolean): boolean => this.widthOf({ columns, cutsEndings }) <= room;
    if (fits(false)) return { columns, cutsEndings: false };
    const telling = this.telling();
    if (telling.length > 0) columns = telling;
    if (fits(false)) return { columns, cutsEndings: false };
    while (!fits(true)) {
      const idle = this.idleAmong(columns);
      if (idle === undefined) break;
      columns = columns.filter((column) => column !== idle);
    }
    return { columns, cutsEndings: true };
  }

  /** Columns in which series differ. */
  private telling(): number[] {
    const [first, ...others] = this.all;
    const columns = this.names.map((_, column) => column);
    return columns.filter((column) => others.some((line) => line[column] !== first![column]));
  }

  /** A column without which all series are still told apart: an identifier, else the widest; undefined = none. */
  private idleAmong(columns: readonly number[]): number | undefined {
    const weight = (column: number): number =>
      this.widths.cut[column]! + (opaque.test(this.names[column]!) ? 1e6 : 0);
    const different = (some: readonly number[]): number =>
      new Set(this.all.map((line) => some.map((column) => line[column]).join('\0'))).size;
    if (columns.length < 2) return undefined;
    const all = different(columns);
    const heaviest = [...columns].sort((a, b) => weight(b) - weight(a));
    return heaviest.find((column) => different(columns.filter((other) => other !== column)) === all);
  }

  private widthsOf({ columns, cutsEndings }: Layout): number[] {
    return columns.map((column) => this.widths[cutsEndings ? 'cut' : 'whole'][column]!);
  }

  private widthOf(layout: Layout): number {
    return indent.length + gap.length * (layout.columns.length - 1) + sum(this.widthsOf(layout));
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
export function shrink(widths: readonly number[], room: number): number[] {
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
