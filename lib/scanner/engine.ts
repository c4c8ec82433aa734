import { randomBytes } from 'node:crypto';
import type { Wants } from '../fields.ts';
import type { ScannerExports } from './abi.ts';
import { Dictionaries } from './dictionaries.ts';
import { KeyRegistry } from './keys.ts';
import { type MemoryPlan, PAGE, planMemory, type ScannerLimits } from './memory-plan.ts';
import { Slot } from './slot.ts';
import { Usage } from './usage.ts';

export interface EngineOptions {
  readonly module: WebAssembly.Module;
  readonly wants: Wants;
  readonly limits: ScannerLimits;
  /** Bytes that a slot's window must hold. */
  readonly windowBytes: number;
}

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
  private readonly plan: MemoryPlan;
  private readonly free: Slot[] = [];
  private slots = 0;
  private current: Dictionaries;

  /** Throws a RangeError if the system has no room for the memory. */
  constructor(options: EngineOptions) {
    const { module, wants, limits, windowBytes } = options;
    this.options = options;
    this.plan = planMemory(wants, limits, windowBytes);
    const memory = new WebAssembly.Memory({ initial: this.plan.pages, maximum: this.plan.pages });
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    this.exports = instance.exports as unknown as ScannerExports;
    this.bytes = Buffer.from(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
    this.open();
    this.inbox = this.exports.inboxStart() >>> 0;
    this.timeField = new KeyRegistry(this.exports, this.bytes).register(wants, this.plan.tuples);
    this.fieldUsage = wants.fields.map(() => new Usage());
    this.labelUsage = wants.labelSets.map(() => new Usage());
    this.current = this.newDictionaries();
  }

  private open(): void {
    const { tablesStart, pages, windowBytes, keys, fields, sets, symbols, heapBytes } = this.plan;
    const { maxRecordBytes, maxDepth } = this.options.limits;
    const [a, b, c, d] = new BigUint64Array(new Uint8Array(randomBytes(32)).buffer);
    this.exports.seed(a!, b!, c!, d!);
    this.exports.open(
      tablesStart,
      pages * PAGE,
      maxRecordBytes,
      windowBytes,
      // nothing nests deeper than it is long
      Math.min(maxDepth, maxRecordBytes),
      keys,
      fields,
      sets,
      symbols,
      heapBytes,
    );
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
    if (slot !== undefined || this.slots === this.plan.slots) return slot;
    this.slots++;
    const { windowBytes } = this.plan;
    return new Slot(this.exports, this.words.buffer, this.exports.newSlot(windowBytes) >>> 0, windowBytes);
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
