import { readFileSync } from 'node:fs';
import { builtFile } from '../text/built-file.ts';
import { type BatchMemory, isShared } from './batch-memory.ts';
import type { OffsetRange } from './join-values.ts';
import { type BatchOptions, CorruptBatch, type RecordBatch } from './record-batches.ts';
import { MOST_PLACES, type Room } from './room.ts';

/** What lib/kafka/assembly exports, and documents. */
interface RecordsExports {
  readonly records: WebAssembly.Global;
  readonly tombstones: WebAssembly.Global;
  readonly valueBytes: WebAssembly.Global;
  readonly wrongAt: WebAssembly.Global;
  readonly at: WebAssembly.Global;
  readonly ending: WebAssembly.Global;
  readonly begun: WebAssembly.Global;
  readonly allRecords: WebAssembly.Global;
  readonly allTombstones: WebAssembly.Global;
  readonly allBytes: WebAssembly.Global;
  readonly nextOffset: WebAssembly.Global;
  readonly wantedRoom: WebAssembly.Global;
  roomOf(from: number, length: number): number;
  unpack(from: number, length: number, to: number, room: number): number;
  begin(
    batch: number,
    length: number,
    count: number,
    baseOffset: number,
    baseTime: number,
    appendTime: number,
    from: number,
    to: number,
  ): number;
  fill(
    to: number,
    room: number,
    most: number,
    starts: number,
    offsets: number,
    times: number,
    base: number,
  ): number;
  isDone(): number;
  beginAll(
    from: number,
    length: number,
    least: number,
    limit: number,
    spare: number,
    spareBytes: number,
  ): void;
  fillAll: RecordsExports['fill'];
}

const DAMAGED = 0xffffffff;
const wrongs = ['', 'a record batch has fewer records than it says', 'a record is longer than it says'];
/** Pages: the module's own, and those that address space is kept for. */
const OWN_PAGES = 1;
const MOST_PAGES = 1 << 16;
const PAGE = 1 << 16;
/** From here on the memory is others' to use. */
export const RECORDS_END = OWN_PAGES * PAGE;
/** What batches unpack to at first; more where one needs it. */
const SPARE = 1 << 20;
const MOST_SPARE = 1 << 24;
const endings = ['full', 'over', 'foreign'] as const;

/** What there is of a batch. */
export interface BatchCounts {
  readonly records: number;
  readonly tombstones: number;
  /** Of the values. */
  readonly bytes: number;
}

/** What there is of the batches that were turned to, and why no more was written. */
export interface AllCounts extends BatchCounts {
  /** Offset behind the last batch; NaN if there was none. */
  readonly nextOffset: number;
  /** The room is full; there is no whole batch more; the next one is not for the module to read. */
  readonly ending: (typeof endings)[number];
}

/**
 * A memory for the module, which several threads may look into.
 * @param bytes that are there from the beginning
 * @returns undefined where there is no address space for it: a limit of the system's, and no reason not to run
 */
export function recordsMemory(bytes: number): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: MOST_PAGES, shared: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Unpacks and joins record batches by WebAssembly, in a memory that they lie in. */
export class RecordsModule {
  private readonly exports: RecordsExports;
  /** What was fetched, as far as it was not read. */
  private left: Buffer = Buffer.alloc(0);
  private range: OffsetRange = { from: 0, to: 0 };
  private checksum: BatchOptions['checksum'] = () => 0;
  /** Where batches are unpacked to. */
  private spare: Buffer = Buffer.alloc(0);

  private constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    const checksum = (address: number, length: number): number => {
      const from = (address >>> 0) - this.left.byteOffset;
      return this.checksum(this.left.subarray(from, from + length));
    };
    const { exports } = new WebAssembly.Instance(module, { env: { memory, checksum } });
    this.exports = exports as unknown as RecordsExports;
  }

  /** Undefined where it was not built or the runtime has no SIMD. */
  static open(memory: WebAssembly.Memory): RecordsModule | undefined {
    const path = builtFile('kafka', 'records.wasm');
    if (path === undefined) return undefined;
    try {
      return new RecordsModule(new WebAssembly.Module(readFileSync(path)), memory);
    } catch (error) {
      if (error instanceof WebAssembly.CompileError) return undefined;
      throw error;
    }
  }

  /**
   * What LZ4 packed.
   * @param most that it may unpack to, bytes
   * @returns undefined where the memory has no room for it
   * @throws {Error} for what is damaged, or more
   */
  unpackLz4(packed: Buffer, memory: BatchMemory, most: number): Buffer | undefined {
    const { exports } = this;
    const { byteOffset, length } = packed;
    const bound = exports.roomOf(byteOffset, length) >>> 0;
    if (bound === DAMAGED) throw new Error('what LZ4 packed is damaged');
    const unpacked = memory.take(Math.min(bound, most));
    if (!isShared(unpacked)) return undefined;
    const size = exports.unpack(byteOffset, length, unpacked.byteOffset, unpacked.length) >>> 0;
    if (size !== DAMAGED) return unpacked.subarray(0, size);
    memory.give(unpacked);
    throw new Error('what LZ4 packed is damaged');
  }

  /**
   * Takes a batch whose records are in the memory; `fill` gives the values of those within the range.
   * @throws {CorruptBatch}
   */
  begin(batch: RecordBatch, { from, to }: OffsetRange): BatchCounts {
    const { exports } = this;
    const { records, count, baseOffset, baseTime, appendTime = Number.NaN } = batch;
    const { byteOffset, length } = records;
    const wrong = exports.begin(byteOffset, length, count, baseOffset, baseTime, appendTime, from, to);
    if (wrong !== 0) throw new CorruptBatch(wrongs[wrong]!, exports.wrongAt.value);
    return {
      records: exports.records.value,
      tombstones: exports.tombstones.value,
      bytes: exports.valueBytes.value,
    };
  }

  /**
   * Writes values, an LF behind each, as much as there is room for; see `joinValues`.
   * @param room in the memory
   * @returns whether these were the last ones
   */
  fill(room: Room): boolean {
    const { exports } = this;
    room.length += exports.fill(...placesIn(room));
    room.records += exports.records.value;
    return exports.isDone() !== 0;
  }

  /**
   * Takes the batches of a fetch, which lie in the memory; `fillAll` gives the values of those within the range.
   * @param checksum CRC-32C
   */
  beginAll(fetched: Buffer, range: OffsetRange, checksum: BatchOptions['checksum']): void {
    const { exports, spare } = this;
    this.left = fetched;
    this.range = range;
    this.checksum = checksum;
    const { byteOffset, length } = fetched;
    exports.beginAll(byteOffset, length, range.from, range.to, spare.byteOffset, spare.length);
  }

  /**
   * As `fill`, for all batches that are checked and either not packed or packed by LZ4.
   * @param memory where room is taken from to unpack them
   */
  fillAll(room: Room, memory: BatchMemory): AllCounts {
    const { exports } = this;
    room.length += exports.fillAll(...placesIn(room));
    room.records += exports.begun.value;
    let ending = endings[exports.ending.value]!;
    if (ending === 'foreign' && this.makeSpare(exports.wantedRoom.value >>> 0, memory)) {
      // full of what there was room for
      this.beginAll(this.unread, this.range, this.checksum);
      ending = 'full';
    }
    return {
      ending,
      records: exports.allRecords.value >>> 0,
      tombstones: exports.allTombstones.value >>> 0,
      bytes: exports.allBytes.value,
      nextOffset: exports.nextOffset.value,
    };
  }

  /** What comes behind the last batch that was turned to. */
  get unread(): Buffer {
    return this.left.subarray((this.exports.at.value >>> 0) - this.left.byteOffset);
  }

  /** Makes room to unpack a batch; gives whether there was too little, and is now enough. */
  private makeSpare(bytes: number, memory: BatchMemory): boolean {
    if (bytes <= this.spare.length || bytes > MOST_SPARE) return false;
    const spare = memory.take(Math.max(bytes, SPARE));
    if (!isShared(spare)) return false;
    if (this.spare.length > 0) memory.give(this.spare);
    this.spare = spare;
    return true;
  }
}

/** Where the next values go in a room, and the places of their records. */
function placesIn({ bytes, length, records, starts, offsets, times }: Room) {
  return [
    bytes.byteOffset + length,
    bytes.length - length,
    MOST_PLACES - records,
    starts.byteOffset + 4 * records,
    offsets.byteOffset + 8 * records,
    times.byteOffset + 8 * records,
    length,
  ] as const;
}
