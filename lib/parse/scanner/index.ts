/**
 * The product's parser: JSON lines by a WebAssembly scanner with SIMD, giving the batches that the reference parser
 * gives. assembly/ is the scanner itself, the rest is its host.
 */
import type { Input } from '../../batch/batch.ts';
import type { Wants } from '../../batch/wants.ts';
import type { Parser } from '../parser.ts';
import { LONGEST_RECORD, MOST_FAMILIES, MOST_KEYS } from './abi.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { countWants } from './keys.ts';
import type { ScannerLimits } from './memory-plan.ts';
import { scannerModule } from './module.ts';
import { LARGEST_PIECE, longestUnfinishedLine, ScannerParser, type TakenSlot } from './scanner-parser.ts';
import { Usages } from './usage.ts';
import { PieceSize } from './workers/piece-size.ts';
import { Pool } from './workers/pool.ts';
import { WorkersParser } from './workers/workers-parser.ts';

export type { ScannerLimits } from './memory-plan.ts';

/** The framings that the scanner finds records in by itself. */
export const scannerFramings = ['ndjson', 'kubectl'] as const;
export type ScannerFraming = (typeof scannerFramings)[number];

export interface ScannerOptions {
  /** Complete: everything that reads records has said what it wants. */
  readonly wants: Wants;
  readonly limits: ScannerLimits;
  /** Threads for what is left of an input (Parser.rest); none if not said. */
  readonly workers?: WorkersOptions | undefined;
}

export interface WorkersOptions {
  readonly count: number;
  /** The largest part of an input that a worker is given at once. */
  readonly rangeBytes?: number | undefined;
  /** The worker's code, in place of the scanner's own. */
  readonly entry?: string | undefined;
}

/** Whether this runtime can run the scanner, and it was built. */
export function scannerAvailable(): boolean {
  return scannerModule() !== undefined;
}

/**
 * A scanner for what is wanted; undefined where it is not available, or where the wants or limits go beyond what it was
 * made for. One scanner serves the inputs of a pipeline one after the other, with dictionaries common to all.
 */
export function openScanner({ wants, limits, workers }: ScannerOptions): Scanner | undefined {
  const module = scannerModule();
  if (module === undefined) return undefined;
  if (limits.maxRecordBytes > LONGEST_RECORD || wants.families.length > MOST_FAMILIES) return undefined;
  if (countWants(wants).keys > MOST_KEYS) return undefined;
  const windowBytes = longestUnfinishedLine(limits.maxRecordBytes) + LARGEST_PIECE + 1;
  try {
    return new Scanner({ module, wants, limits, windowBytes, usages: new Usages(wants) }, workers);
  } catch (error) {
    // no address space: a limit of the system's, and no reason not to run
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface CommonOptions extends EngineOptions {
  readonly usages: Usages;
}

export class Scanner {
  private readonly options: CommonOptions;
  private readonly workers: WorkersOptions | undefined;
  private readonly pool: Pool | undefined;
  private engine: Engine;

  constructor(options: CommonOptions, workers?: WorkersOptions) {
    this.options = options;
    this.workers = workers;
    this.engine = new Engine(options);
    if (workers !== undefined && workers.count > 0) {
      this.pool = new Pool({ ...options, workers: workers.count, entry: workers.entry });
    }
  }

  parser(input: Input, framing: ScannerFraming): Parser {
    const kubectl = framing === 'kubectl';
    const here = new ScannerParser({
      input,
      kubectl,
      maxRecordBytes: this.options.limits.maxRecordBytes,
      takeSlot: () => this.takeSlot(),
    });
    if (this.pool === undefined) return here;
    const pieces = new PieceSize(this.workers?.rangeBytes);
    return new WorkersParser({ input, kubectl, pool: this.pool, here, pieces });
  }

  /** Starts the workers, which a large input would otherwise do, and waits until they are ready. */
  async startWorkers(): Promise<void> {
    await this.pool?.start();
  }

  /** Ends the workers, if there are any. */
  close(): void {
    this.pool?.close();
  }

  /**
   * Where more batches are kept alive than an engine has slots, another engine takes over, with dictionaries of its own
   * as after any renewal. The old one goes when its last batch does.
   */
  private takeSlot(): TakenSlot {
    let slot = this.engine.takeSlot();
    if (slot === undefined) {
      this.engine = new Engine(this.options);
      slot = this.engine.takeSlot()!;
    }
    return { engine: this.engine, slot };
  }
}
