import { readFileSync } from 'node:fs';
import { builtFile } from '../text/built-file.ts';
import { type BatchMemory, isShared } from './batch-memory.ts';
import type { OffsetRange } from './join-values.ts';
import { CorruptBatch, type RecordBatch } from './record-batches.ts';
import type { RecordPlaces } from './record-places.ts';

/** What lib/kafka/assembly exports, and documents. */
interface RecordsExports {
  readonly records: WebAssembly.Global;
  readonly tombstones: WebAssembly.Global;
  readonly valueBytes: WebAssembly.Global;
  readonly wrongAt: WebAssembly.Global;
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
}

const DAMAGED = 0xffffffff;
const wrongs = ['', 'a record batch has fewer records than it says', 'a record is longer than it says'];
/** Pages: the module's own, and those that address space is kept for. */
const OWN_PAGES = 1;
const MOST_PAGES = 1 << 16;
const PAGE = 1 << 16;
/** Records whose places are written at a time, to columns behind the module's own page. */
const MOST_PLACES = 4096;
const STARTS = OWN_PAGES * PAGE;
const OFFSETS = STARTS + 4 * MOST_PLACES;
const TIMES = OFFSETS + 8 * MOST_PLACES;
/** From here on the memory is others' to use. */
export const RECORDS_END = TIMES + 8 * MOST_PLACES;

/** What there is of a batch. */
export interface BatchCounts {
  readonly records: number;
  readonly tombstones: number;
  /** Of the values. */
  readonly bytes: number;
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
  private readonly starts: Uint32Array;
  private readonly offsets: Float64Array;
  private readonly times: Float64Array;

  private constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as RecordsExports;
    this.starts = new Uint32Array(memory.buffer, STARTS, MOST_PLACES);
    this.offsets = new Float64Array(memory.buffer, OFFSETS, MOST_PLACES);
    this.times = new Float64Array(memory.buffer, TIMES, MOST_PLACES);
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
   * @param places is added to; its starts count from `base`
   * @returns the bytes written, and whether these were the last ones
   */
  fill(
    room: Buffer,
    places: RecordPlaces,
    base: number,
  ): { readonly length: number; readonly isDone: boolean } {
    const { exports, starts, offsets, times } = this;
    let length = 0;
    for (;;) {
      const [to, left] = [room.byteOffset + length, room.length - length];
      length += exports.fill(to, left, MOST_PLACES, STARTS, OFFSETS, TIMES, base + length);
      const begun = exports.records.value;
      places.addAll(starts.subarray(0, begun), offsets.subarray(0, begun), times.subarray(0, begun));
      const isDone = exports.isDone() !== 0;
      if (isDone || length === room.length) return { length, isDone };
    }
  }
}
