import { randomBytes } from 'node:crypto';
import type { Wants } from '../fields.ts';
import type { ScannerExports } from './abi.ts';
import { Dictionaries, type DictionaryLimits } from './dictionaries.ts';
import { countWants, KeyRegistry } from './keys.ts';
import { Slot } from './slot.ts';
import { Usage } from './usage.ts';

export interface ScannerLimits extends DictionaryLimits {
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
  /** Of all texts that the dictionaries hold, before fresh ones are begun. */
  readonly heapBytes?: number | undefined;
}

export interface EngineOptions {
  readonly module: WebAssembly.Module;
  readonly wants: Wants;
  readonly limits: ScannerLimits;
  /** Bytes that a slot's window must hold. */
  readonly windowBytes: number;
}

const PAGE = 65536;
/** The compiled scanner's constants stand below. */
const TABLES_START = PAGE;
const DEFAULT_SYMBOLS = 1 << 16;
const DEFAULT_TUPLES = 1 << 17;
const DEFAULT_HEAP_BYTES = 32 << 20;
/** Address space for the tables of tuples, whatever their number and limits. */
const TUPLE_TABLES_BYTES = 512 << 20;
/** A table's bytes for each id, at most. */
const BYTES_PER_ID = 64;
/** Beyond the limit, since a table is renewed between batches only. */
const ROOM_BEYOND_LIMIT = 16384;
/** Places that hold a line each: the inbox and what the modules decode into. */
const LINE_BUFFERS = 8;
const SHAPES_BYTES = 1 << 20;
/** A slot's columns. */
const COLUMNS_BYTES = 1 << 20;
const ID_COLUMN_BYTES = 4096 * 4;
const SLOTS_BYTES = 1 << 30;
const MOST_SLOTS = 32;
const FEWEST_SLOTS = 2;

/**
 * One instance of the compiled scanner with its memory: tables, dictionaries, slots. The memory never grows, because
 * that would take it away from under the views of every batch that is alive; instead it is reserved in full at the
 * start, of which the system provides only what is written to.
 */
export class Engine {
  readonly exports: ScannerExports;
  readonly bytes: Buffer;
  readonly words: Uint32Array;
  /** Where texts go from the host to the scanner. */
  private readonly inbox: number;
  /** The field that is the record's time. */
  readonly timeField: number;
  readonly fieldUsage: readonly Usage[];
  readonly labelUsage: readonly Usage[];
  private readonly options: EngineOptions;
  private readonly memory: WebAssembly.Memory;
  private readonly free: Slot[] = [];
  private slots = 0;
  private readonly mostSlots: number;
  private current: Dictionaries;

  constructor(options: EngineOptions) {
    const { module, wants, limits, windowBytes } = options;
    this.options = options;
    const symbols = (limits.symbols ?? DEFAULT_SYMBOLS) + ROOM_BEYOND_LIMIT;
    const sets = wants.labelSets.length;
    const tuples = Math.min(
      (limits.tuples ?? DEFAULT_TUPLES) + ROOM_BEYOND_LIMIT,
      Math.floor(TUPLE_TABLES_BYTES / BYTES_PER_ID / Math.max(1, sets)),
    );
    const heap = limits.heapBytes ?? DEFAULT_HEAP_BYTES;
    const { keys, fields } = countWants(wants);
    this.mostSlots = Math.max(FEWEST_SLOTS, Math.min(MOST_SLOTS, Math.floor(SLOTS_BYTES / windowBytes)));
    const total =
      TABLES_START +
      SHAPES_BYTES +
      heap +
      (2 * symbols + sets * tuples) * BYTES_PER_ID +
      (keys + fields + sets) * 4096 +
      LINE_BUFFERS * (windowBytes + PAGE) +
      this.mostSlots * (COLUMNS_BYTES + windowBytes + (2 * fields + sets) * ID_COLUMN_BYTES);
    const pages = Math.ceil(total / PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.exports = instance.exports as unknown as ScannerExports;
    this.bytes = Buffer.from(this.memory.buffer);
    this.words = new Uint32Array(this.memory.buffer);
    const seed = new BigUint64Array(new Uint8Array(randomBytes(32)).buffer);
    this.exports.seed(seed[0]!, seed[1]!, seed[2]!, seed[3]!);
    // nothing nests deeper than it is long
    const depth = Math.min(limits.maxDepth, limits.maxRecordBytes);
    this.exports.open(
      TABLES_START,
      pages * PAGE,
      limits.maxRecordBytes,
      windowBytes,
      depth,
      keys,
      fields,
      sets,
      symbols,
      heap,
    );
    this.inbox = this.exports.inboxStart() >>> 0;
    this.timeField = new KeyRegistry(this.exports, this.bytes).register(wants, tuples);
    this.fieldUsage = wants.fields.map(() => new Usage());
    this.labelUsage = wants.labelSets.map(() => new Usage());
    this.current = this.newDictionaries();
  }

  /** The dictionaries of the next batch: fresh ones if those in use are full. */
  dictionaries(): Dictionaries {
    if (!this.current.attached || this.current.full) {
      this.current.detach();
      this.exports.clearDictionaries();
      this.current = this.newDictionaries();
    }
    return this.current;
  }

  private newDictionaries(): Dictionaries {
    const { wants, limits } = this.options;
    return new Dictionaries(wants, limits, this.exports, this.bytes);
  }

  /** A slot that no batch uses, the one that was used last if possible; undefined if all are taken. */
  takeSlot(): Slot | undefined {
    const slot = this.free.pop();
    if (slot !== undefined || this.slots === this.mostSlots) return slot;
    this.slots++;
    const { windowBytes } = this.options;
    return new Slot(this.exports, this.memory.buffer, this.exports.newSlot(windowBytes) >>> 0, windowBytes);
  }

  giveBack(slot: Slot): void {
    this.free.push(slot);
  }

  /** Puts bytes where the scanner looks for them. */
  send(bytes: Uint8Array): number {
    this.bytes.set(bytes, this.inbox);
    return bytes.length;
  }
}
