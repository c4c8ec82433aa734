import { randomBytes } from 'node:crypto';
import type { Wants } from '../../batch/wants.ts';
import { textKey } from '../../text/hash.ts';
import type { ScannerExports } from './abi.ts';
import { EnginePartials } from './aggregation/engine-partials.ts';
import type { Partials } from './aggregation/taken-partials.ts';
import { writeKindRule } from './aggregation/write-plan.ts';
import { Dictionaries } from './dictionaries.ts';
import { KeyRegistry } from './keys.ts';
import { type MemoryPlan, PAGE, planMemory, type ScannerLimits, TABLES_START } from './memory-plan.ts';
import { Slot } from './slot.ts';

export interface EngineOptions {
  readonly module: WebAssembly.Module;
  readonly wants: Wants;
  readonly limits: ScannerLimits;
  /** Bytes that a slot's window must hold. */
  readonly windowBytes: number;
  /** At most so many. */
  readonly slots?: number | undefined;
  /** Who takes what is measured here. */
  readonly partials?: Partials | undefined;
  /**
   * Records up to a time are measured as they are scanned, whatever their order, and those that nobody wants are let go
   * of: gives that time, milliseconds since the epoch. All others are measured when it is their turn.
   */
  readonly measureUntil?: (() => number) | undefined;
  /** Whether anything is measured; without a plan nothing is. */
  readonly measures?: boolean | undefined;
  /** A part of a memory that several engines share, each with tables of its own; else all of a memory of its own. */
  readonly place?: { readonly memory: WebAssembly.Memory; readonly start: number } | undefined;
}

/** Of label tuples and series, with some hundred bytes each. */
const MANY_IDS = 16384;

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
  /** What is measured here, if anything is. */
  readonly aggregation: EnginePartials | undefined;
  readonly partials: Partials | undefined;
  private readonly options: EngineOptions;
  private readonly plan: MemoryPlan;
  private readonly free: Slot[] = [];
  private slots = 0;
  /** Where a list of rows goes; made when someone asks for one. */
  private lists: Uint32Array | undefined;
  private current: Dictionaries;

  /** Throws a RangeError if the system has no room for the memory. */
  constructor(options: EngineOptions) {
    const { module, wants, limits, windowBytes, slots, place, measures } = options;
    this.options = options;
    this.plan = planMemory(wants, limits, windowBytes, slots, measures);
    const memory = place?.memory ?? newMemory(TABLES_START + this.plan.bytes);
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    this.exports = instance.exports as unknown as ScannerExports;
    this.bytes = Buffer.from(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
    const [low, high] = new BigUint64Array(textKey.slice().buffer);
    this.exports.keyTextHashes(low!, high!);
    this.open(place?.start ?? TABLES_START);
    this.inbox = this.exports.inboxStart() >>> 0;
    this.timeField = new KeyRegistry(this.exports, this.bytes).register(wants, this.plan.tuples);
    this.exports.openRecordKinds(this.plan.kindTexts);
    if (wants.kindRule !== undefined) writeKindRule(wants.kindRule, this.exports, this.bytes);
    const { aggregation } = this.plan;
    this.partials = aggregation && options.partials;
    this.aggregation =
      aggregation && new EnginePartials(wants.plan!, aggregation, windowBytes, this.exports, this.bytes);
    this.current = this.newDictionaries();
  }

  private open(start: number): void {
    const { bytes, windowBytes, keys, fields, sets, widest, symbols, heapBytes } = this.plan;
    const { maxRecordBytes, maxDepth } = this.options.limits;
    const [a, b, c, d] = new BigUint64Array(new Uint8Array(randomBytes(32)).buffer);
    this.exports.seed(a!, b!, c!, d!);
    this.exports.open(
      start,
      start + bytes,
      maxRecordBytes,
      windowBytes,
      // nothing nests deeper than it is long
      Math.min(maxDepth, maxRecordBytes),
      keys,
      fields,
      sets,
      widest,
      symbols,
      heapBytes,
    );
  }

  get wants(): Wants {
    return this.options.wants;
  }

  /** Whether a scan tells the kinds of records. */
  get tellsKinds(): boolean {
    return this.options.wants.kindRule !== undefined;
  }

  /** The dictionaries of the next batch: fresh ones if those in use are full. */
  dictionaries(): Dictionaries {
    if (!this.current.attached || this.current.full) {
      this.current.leave();
      this.exports.clearDictionaries();
      this.current = this.newDictionaries();
    }
    return this.current;
  }

  private newDictionaries(): Dictionaries {
    const { wants, limits } = this.options;
    return new Dictionaries(wants, limits, this.exports, this.bytes);
  }

  /** Whether it has learnt so much that its memory is worth more than the time in which another one begins. */
  get isLarge(): boolean {
    const { aggregation, exports, options } = this;
    let ids = 0;
    for (const { index } of options.wants.labelSets) ids += exports.size(exports.tupleDictionary(index));
    for (const { dictionary } of aggregation?.places ?? []) ids += exports.size(dictionary);
    return ids > MANY_IDS;
  }

  /** A slot that no batch uses, the one that was used last if possible; undefined if all are taken. */
  takeSlot(): Slot | undefined {
    const slot = this.free.pop();
    if (slot !== undefined || this.slots === this.plan.slots) return slot;
    this.slots++;
    const { windowBytes } = this.plan;
    return new Slot(this.exports, this.words.buffer, this.exports.newSlot(windowBytes) >>> 0, windowBytes);
  }

  get hasSlot(): boolean {
    return this.free.length > 0 || this.slots < this.plan.slots;
  }

  giveBack(slot: Slot): void {
    this.free.push(slot);
  }

  /** Puts a list of rows where the scanner looks for it. Throws a RangeError if it is longer than any batch. */
  list(rows: Uint32Array): number {
    this.lists ??= this.openLists();
    this.lists.set(rows);
    return rows.length;
  }

  private openLists(): Uint32Array {
    const { exports, words } = this;
    return new Uint32Array(words.buffer, exports.listStart() >>> 0, exports.MOST_ROWS.value);
  }

  /** Puts bytes where the scanner looks for them. */
  send(bytes: Uint8Array): number {
    this.bytes.set(bytes, this.inbox);
    return bytes.length;
  }
}

/** Shared, for one build of the scanner to serve the main thread and workers. */
export function newMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** A slot for the next batch, and the engine that it goes back to. */
export interface TakenSlot {
  readonly engine: Engine;
  readonly slot: Slot;
}
