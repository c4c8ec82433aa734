import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { builtFile } from '../../text/built-file.ts';

/** What assembly/index.ts exports, and documents. */
interface RowsExports {
  readonly memory: WebAssembly.Memory;
  addCell(kind: number, width: number, isRight: boolean, lead: number, tail: number, none: number): void;
  setLine(gap: number, end: number): void;
  write(rows: number, from: number, to: number, output: number, limit: number): number;
  outputEnd(): number;
}

/** In the order of assembly/index.ts. */
const kinds = ['piece', 'text', 'timestamp', 'minute', 'decimal', 'duration'] as const;

/** How one cell of all rows is written. */
export interface BulkCell {
  readonly kind: (typeof kinds)[number];
  /** In a table: how wide it is, and whether it stands at the right of that. */
  readonly width?: number | undefined;
  readonly isRight?: boolean | undefined;
  /** What stands before and behind a text or a figure. */
  readonly lead?: string | undefined;
  readonly tail?: string | undefined;
  /** In place of a time that there is none of. */
  readonly none?: string | undefined;
}

export interface BulkPlan {
  readonly cells: readonly BulkCell[];
  /** Blanks between two cells. */
  readonly gap: number;
  /** What ends a line before its line feed; undefined = without the blanks that it would have there. */
  readonly end: string | undefined;
}

/** Some columns of a row, as they are written. */
export interface BulkPiece {
  readonly bytes: Uint8Array;
  /** In a table, blanks. Of an empty one all are behind it. */
  readonly before: number;
  readonly behind: number;
}

/** How rows of an answer are written so. */
export interface BulkStyle<Row> extends Omit<BulkPlan, 'cells'> {
  /** What stands before all rows. */
  readonly title: Buffer;
  readonly time: 'timestamp' | 'minute';
  readonly number: 'decimal' | 'duration';
  /** How the column of an index is written where it is a cell of its own. */
  cell(index: number, isNumber: boolean): Omit<BulkCell, 'kind'>;
  /** What columns from one to before another one are written as; undefined where that depends on what follows. */
  piece(from: number, to: number): (row: Row) => BulkPiece | undefined;
  /** A row with its line feed. */
  line(row: Row): Buffer;
}

/** Of rows that are written at once. */
const MOST_ROWS = 1024;
/** Bytes of the head of a piece, and behind it of what may be copied beyond its end. */
const PIECE_HEAD = 12;
const SLACK = 16;
/** A longer one is not written so. */
const LONGEST_PIECE = 1 << 13;
/** What takes the place of a text's length, where a piece is written instead. */
export const PIECED = 0xffff_ffff;
const PAGE = 1 << 16;

/*
 * The memory: pieces that stay, those of the rows at hand, their texts, what is written, and the rows. The module's own
 * memory is before them.
 */
const LASTING = 1 << 16;
const PASSING = LASTING + (1 << 21);
const TEXTS = PASSING + (1 << 19);
const OUTPUT = TEXTS + (1 << 17);
const OUTPUT_END = OUTPUT + (1 << 18);
const ROWS = OUTPUT_END + (1 << 8);

/**
 * Rows that are laid out cell by cell, and written as lines of bytes by WebAssembly. A cell is two words or a double at
 * `at(cell)` of the row at hand: see assembly/index.ts.
 */
export class BulkRows {
  /** The memory. */
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
  /** Where the next text goes that a cell of kind `text` has, and what must stay behind it. */
  textAt = TEXTS;
  readonly textEnd = OUTPUT - SLACK;
  private readonly exports: RowsExports;
  private readonly cells: number;
  /** Where the next piece goes that is to last, and the next that is not. */
  private lasting = LASTING;
  private readonly firstPiece: number;
  private passing = PASSING;
  private count = 0;
  /** Whether there was no room for a piece since all were forgotten. */
  isShort = false;

  private constructor(exports: RowsExports, { cells, gap, end }: BulkPlan) {
    this.exports = exports;
    this.cells = cells.length;
    const missing = ROWS + MOST_ROWS * 8 * cells.length - exports.memory.buffer.byteLength;
    exports.memory.grow(Math.ceil(missing / PAGE));
    const { buffer } = exports.memory;
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.doubles = new Float64Array(buffer);
    for (const { kind, width = 0, isRight = false, lead, tail, none } of cells) {
      const [before, behind, without] = [lead, tail, none].map((text) => this.literal(text));
      exports.addCell(kinds.indexOf(kind), width, isRight, before!, behind!, without!);
    }
    exports.setLine(gap, this.literal(end));
    this.firstPiece = this.lasting;
  }

  /** Undefined where it was not built or the runtime has no SIMD. */
  static open(plan: BulkPlan): BulkRows | undefined {
    const path = builtFile('commands/sessions', 'rows.wasm');
    if (path === undefined) return undefined;
    try {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {});
      return new BulkRows(exports as unknown as RowsExports, plan);
    } catch (error) {
      if (error instanceof WebAssembly.CompileError) return undefined;
      throw error;
    }
  }

  /** Where a cell of the row at hand is: the index of its double. */
  at(cell: number): number {
    return (ROWS >> 3) + this.count * this.cells + cell;
  }

  /** The row at hand is laid out. Gives whether all must be written before there is another one. */
  next(): boolean {
    return ++this.count === MOST_ROWS;
  }

  /**
   * Keeps a piece, for good or for the rows that are not written yet.
   * @returns its address; 0 where there is no room
   */
  add({ bytes, before, behind }: BulkPiece, lasts: boolean): number {
    const at = lasts ? this.lasting : this.passing;
    const end = (at + PIECE_HEAD + bytes.length + 3) & ~3;
    if (bytes.length > LONGEST_PIECE) return 0;
    if (end + SLACK > (lasts ? PASSING : TEXTS)) {
      this.isShort = true;
      return 0;
    }
    this.words.set([bytes.length, before, behind], at >> 2);
    this.bytes.set(bytes, at + PIECE_HEAD);
    if (lasts) this.lasting = end;
    else this.passing = end;
    return at;
  }

  /** Lets go of all pieces that lasted, once all rows are written. */
  forget(): void {
    this.lasting = this.firstPiece;
    this.isShort = false;
  }

  /** Writes the rows that were laid out. */
  *write(): Generator<Buffer> {
    const { exports, count, bytes } = this;
    for (let from = 0; from < count; ) {
      from = exports.write(ROWS, from, count, OUTPUT, OUTPUT_END);
      // a stream may keep what it is given
      yield Buffer.from(bytes.subarray(OUTPUT, exports.outputEnd()));
    }
    this.count = 0;
    this.textAt = TEXTS;
    this.passing = PASSING;
  }

  private literal(text: string | undefined): number {
    if (text === undefined) return 0;
    const at = this.lasting;
    const length = Buffer.from(this.bytes.buffer).write(text, at + 4);
    this.words[at >> 2] = length;
    this.lasting = (at + 4 + length + 3) & ~3;
    return at;
  }
}
