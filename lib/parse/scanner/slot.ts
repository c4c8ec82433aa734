import type { ScannerExports } from './abi.ts';

/** Views of one slot's memory; see lib/parse/scanner/assembly/slot.ts. Made once, used by one batch after the other. */
export class Slot {
  readonly address: number;
  readonly window: Buffer;
  readonly windowAddress: number;
  readonly time: Float64Array;
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
  readonly families: Uint32Array;
  readonly rejected: Uint32Array;
  readonly unsettled: Uint32Array;
  readonly level: Uint8Array;
  readonly kind: Uint8Array;
  readonly touched: Uint8Array;
  readonly clock: Float64Array;
  private readonly exports: ScannerExports;
  private readonly memory: ArrayBufferLike;
  private readonly idColumns: IdColumn[] = [];
  private readonly numberColumns: NumberColumn[] = [];

  constructor(exports: ScannerExports, memory: ArrayBufferLike, address: number, windowBytes: number) {
    const rows: number = exports.MOST_ROWS.value;
    const at = (column: WebAssembly.Global): number => address + column.value;
    this.exports = exports;
    this.memory = memory;
    this.address = address;
    this.windowAddress = at(exports.WINDOW);
    this.window = Buffer.from(memory, this.windowAddress, windowBytes);
    this.time = new Float64Array(memory, at(exports.TIME), rows);
    this.offset = new Uint32Array(memory, at(exports.OFFSET), rows);
    this.length = new Uint32Array(memory, at(exports.LENGTH), rows);
    this.families = new Uint32Array(memory, at(exports.FAMILIES), rows);
    this.rejected = new Uint32Array(memory, at(exports.REJECTED), rows * 3);
    this.unsettled = new Uint32Array(memory, at(exports.UNSETTLED), rows);
    this.level = new Uint8Array(memory, at(exports.LEVEL), rows);
    this.kind = new Uint8Array(memory, at(exports.KIND), rows);
    this.touched = new Uint8Array(memory, at(exports.TOUCHED), rows);
    this.clock = new Float64Array(memory, at(exports.CLOCK), rows);
  }

  /** A place for an id of every row, kept for the batches to come; `which` is for whoever uses it to choose. */
  idColumn(which: number): IdColumn {
    let column = this.idColumns[which];
    if (column === undefined) {
      const address = this.exports.newIdColumn() >>> 0;
      column = { address, ids: new Uint32Array(this.memory, address, this.offset.length) };
      this.idColumns[which] = column;
    }
    return column;
  }

  /** The same for a number, or anything else of 64 bits. */
  numberColumn(which: number): NumberColumn {
    let column = this.numberColumns[which];
    if (column === undefined) {
      const address = this.exports.newNumberColumn() >>> 0;
      const rows = this.offset.length;
      column = {
        address,
        numbers: new Float64Array(this.memory, address, rows),
        words: new Uint32Array(this.memory, address, 2 * rows),
      };
      this.numberColumns[which] = column;
    }
    return column;
  }
}

export interface IdColumn {
  readonly address: number;
  readonly ids: Uint32Array;
}

export interface NumberColumn {
  readonly address: number;
  readonly numbers: Float64Array;
  /** The same memory, two words for each row. */
  readonly words: Uint32Array;
}
