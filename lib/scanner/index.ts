/**
 * The product's parser: JSON lines by a WebAssembly scanner with SIMD, giving the batches that the reference parser
 * gives. assembly/ is the scanner itself, the rest is its host.
 */
import type { Input } from '../batch.ts';
import type { Wants } from '../fields.ts';
import type { Parser } from '../parser.ts';
import { LONGEST_RECORD, MOST_FAMILIES, MOST_KEYS } from './abi.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { countWants } from './keys.ts';
import type { ScannerLimits } from './memory-plan.ts';
import { scannerModule } from './module.ts';
import { LARGEST_PIECE, longestUnfinishedLine, ScannerParser, type TakenSlot } from './parser.ts';

export type { ScannerLimits } from './memory-plan.ts';

/** The framings that the scanner finds records in by itself. */
export const scannerFramings = ['ndjson', 'kubectl'] as const;
export type ScannerFraming = (typeof scannerFramings)[number];

export interface ScannerOptions {
  /** Complete: everything that reads records has said what it wants. */
  readonly wants: Wants;
  readonly limits: ScannerLimits;
}

/** Whether this runtime can run the scanner, and it was built. */
export function scannerAvailable(): boolean {
  return scannerModule() !== undefined;
}

/**
 * A scanner for what is wanted; undefined where it is not available, or where the wants or limits go beyond what it was
 * made for. One scanner serves the inputs of a pipeline one after the other, with dictionaries common to all.
 */
export function openScanner({ wants, limits }: ScannerOptions): Scanner | undefined {
  const module = scannerModule();
  if (module === undefined) return undefined;
  if (limits.maxRecordBytes > LONGEST_RECORD || wants.families.length > MOST_FAMILIES) return undefined;
  if (countWants(wants).keys > MOST_KEYS) return undefined;
  const windowBytes = longestUnfinishedLine(limits.maxRecordBytes) + LARGEST_PIECE + 1;
  try {
    return new Scanner({ module, wants, limits, windowBytes });
  } catch (error) {
    // no address space: a limit of the system's, and no reason not to run
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export class Scanner {
  private readonly options: EngineOptions;
  private engine: Engine;

  constructor(options: EngineOptions) {
    this.options = options;
    this.engine = new Engine(options);
  }

  parser(input: Input, framing: ScannerFraming): Parser {
    return new ScannerParser({
      input,
      kubectl: framing === 'kubectl',
      maxRecordBytes: this.options.limits.maxRecordBytes,
      takeSlot: () => this.takeSlot(),
    });
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
