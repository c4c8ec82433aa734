/**
 * The product's parser: JSON lines by a WebAssembly scanner with SIMD, giving the batches that the reference parser
 * gives. assembly/ is the scanner itself, the rest is its host.
 */
import type { Batch, Input } from '../../batch/batch.ts';
import type { Framer, Frames, LineReader } from '../../batch/framer.ts';
import type { KeyFamily, Wants } from '../../batch/wants.ts';
import { FramedParser, type FramesReader } from '../framed-parser.ts';
import type { Parser } from '../parser.ts';
import { LONGEST_RECORD, MOST_FAMILIES, MOST_KEYS } from './abi.ts';
import { Partials } from './aggregation/taken-partials.ts';
import { Engine, type EngineOptions, type TakenSlot } from './engine.ts';
import { countWants } from './keys.ts';
import { fitsWindow, scanMade } from './made-lines.ts';
import type { ScannerLimits } from './memory-plan.ts';
import { scannerModule } from './module.ts';
import { ScannerAlone } from './scanner-alone.ts';
import { LARGEST_PIECE, longestUnfinishedLine, PREFIXES, ScannerParser, stopsAt } from './scanner-parser.ts';
import { PieceSize } from './workers/piece-size.ts';
import { Pool } from './workers/pool.ts';
import type { BegunThread } from './workers/thread.ts';
import { WorkersParser } from './workers/workers-parser.ts';

export type { ScannerLimits } from './memory-plan.ts';

/** The framings that the scanner finds records in by itself. */
export const scannerFramings = ['ndjson', 'kubectl', 'prefixed'] as const;
export type ScannerFraming = (typeof scannerFramings)[number];

export interface ScannerOptions {
  /** Complete: everything that reads records has said what it wants. */
  readonly wants: Wants;
  readonly limits: ScannerLimits;
  /** Threads for what is left of an input (Parser.rest); none if not said. */
  readonly workers?: WorkersOptions | undefined;
  /** See EngineOptions. */
  readonly measureUntil?: (() => number) | undefined;
}

export interface WorkersOptions {
  readonly count: number;
  /** The largest part of an input that a worker is given at once. */
  readonly rangeBytes?: number | undefined;
  /** The worker's code, in place of the scanner's own. */
  readonly entry?: string | undefined;
  /** The first one's thread, if it was begun before. */
  readonly begun?: BegunThread | undefined;
}

/** Whether this runtime can run the scanner, and it was built. */
export function scannerAvailable(): boolean {
  return scannerModule() !== undefined;
}

/**
 * A scanner for what is wanted; undefined where it is not available, or where the wants or limits go beyond what it was
 * made for. One scanner serves the inputs of a pipeline one after the other, with dictionaries common to all.
 */
export function openScanner({ wants, limits, workers, measureUntil }: ScannerOptions): Scanner | undefined {
  const module = scannerModule();
  if (module === undefined) return undefined;
  if (limits.maxRecordBytes > LONGEST_RECORD || wants.families.length > MOST_FAMILIES) return undefined;
  if (countWants(wants).keys > MOST_KEYS) return undefined;
  const windowBytes = longestUnfinishedLine(limits.maxRecordBytes) + LARGEST_PIECE + 1;
  try {
    const partials = wants.plan && wants.sink && new Partials(wants.sink, wants.plan);
    const options = {
      module,
      wants,
      limits,
      windowBytes,
      partials,
      measures: partials !== undefined,
      measureUntil: partials && measureUntil,
    };
    const scanner = new Scanner(options, workers);
    if (partials !== undefined) wants.partials.push(partials);
    return scanner;
  } catch (error) {
    // no address space: a limit of the system's, and no reason not to run
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Bytes; by their places in it records of one input come before those of the next. */
const LARGEST_INPUT = 2 ** 36;

/** What is read otherwise than by the scanner, though it is in lines. */
export interface OtherLines {
  readonly reader: LineReader;
  /** Of records: those of no level that have a key of it may be wrappings. */
  readonly family: KeyFamily;
  /** Whether what stands before records is read too, for what it names. */
  readonly names: boolean;
}

export class Scanner {
  private readonly options: EngineOptions;
  private readonly workers: WorkersOptions | undefined;
  private readonly pool: Pool | undefined;
  private engine: Engine | undefined;
  private inputs = 0;

  constructor(options: EngineOptions, workers?: WorkersOptions) {
    this.options = options;
    this.workers = workers;
    this.engine = new Engine(options);
    if (workers !== undefined && workers.count > 0) {
      const { count, entry, begun } = workers;
      this.pool = new Pool({ ...options, workers: count, entry, begun });
    }
  }

  /** @param other what reads the lines that the scanner cannot, or should not; without it they are dead letters */
  parser(input: Input, framing: ScannerFraming, other?: OtherLines): Parser {
    // where prefixes name pods, they are not to be passed over
    const prefixes = other === undefined ? framing !== 'ndjson' : !other.names;
    const mode = (prefixes ? PREFIXES : 0) | (other === undefined ? 0 : stopsAt(other.family.index));
    const order = this.orderOfInput();
    const { pool } = this;
    const { limits, measureUntil, partials } = this.options;
    const here = new ScannerParser({
      input,
      mode,
      order,
      measureUntil,
      lineReader: other?.reader,
      maxRecordBytes: limits.maxRecordBytes,
      takeSlot: () => this.takeSlot(),
    });
    const alone = new ScannerAlone(
      here,
      measureUntil === undefined ? undefined : () => partials?.drain('ticks'),
    );
    if (pool === undefined) return alone;
    pool.prepare();
    const pieces = new PieceSize(this.workers?.rangeBytes);
    return new WorkersParser({ input, mode, order, pool, here, pieces }, alone, () => this.letGo());
  }

  /** Reads frames whose records a framing made; those that do not fit the scanner, and slices of the input, by `slow`. */
  framed(input: Input, framer: Framer, slow: FramesReader): Parser {
    const { limits, windowBytes } = this.options;
    const order = this.orderOfInput();
    const read = (frames: Frames): Iterable<Batch> =>
      fitsWindow(frames, windowBytes, limits.maxRecordBytes)
        ? scanMade(frames, { input, order, takeSlot: () => this.takeSlot() })
        : [slow.batch(frames)];
    return new FramedParser(framer, read);
  }

  /** Of its first byte, from 1 on: records of one input come before those of the next. */
  private orderOfInput(): number {
    return 1 + LARGEST_INPUT * this.inputs++;
  }

  /** Starts the workers, which a large input would otherwise do, and waits until they are ready. */
  async startWorkers(): Promise<void> {
    await this.pool?.start();
  }

  /** Ends the workers, if there are any, whose threads are memory, too; what they measured can be taken. */
  endWorkers(): void {
    this.pool?.close();
  }

  /** Ends the workers, if there are any, and lets go of all memory, which is more than what is kept of what was read. */
  close(): void {
    this.endWorkers();
    this.engine = undefined;
    this.options.partials?.close();
  }

  /**
   * Where more batches are kept alive than an engine has slots, another engine takes over, with dictionaries of its own
   * as after any renewal. The old one goes when its last batch does.
   */
  private takeSlot(): TakenSlot {
    let slot = this.engine?.takeSlot();
    if (slot === undefined) {
      this.engine = new Engine(this.options);
      slot = this.engine.takeSlot()!;
    }
    return { engine: this.engine!, slot };
  }

  /** Workers go on: what the engine of the chunks has learnt is for nobody any more. */
  private letGo(): void {
    if (this.engine?.isLarge !== true) return;
    const { aggregation } = this.engine;
    if (aggregation !== undefined) this.options.partials?.letGo(aggregation);
    this.engine = undefined;
  }
}
