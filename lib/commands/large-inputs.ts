import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { LargeInputsOptions } from '../inputs/sources.ts';

/** Bytes from which on parse workers are worth their start. */
const WORTH_WORKERS = 32 << 20;

/** From when on an input is left to parse workers, of which the user asked for so many. */
export function largeInputs(
  workers: number | undefined,
  processors = availableParallelism(),
): Pick<LargeInputsOptions, 'largeFrom' | 'decompressedLargeFrom'> {
  if (workers !== undefined) return { largeFrom: 1 };
  // decompression has a thread already: with a worker beside it, two processors took a tenth longer
  const isCrowded = processors <= 2;
  return { largeFrom: WORTH_WORKERS, ...(isCrowded && { decompressedLargeFrom: Number.POSITIVE_INFINITY }) };
}

/** Of arguments that say that files are read otherwise, or by the main thread alone. */
const withoutWorkers = /(^| )(-f|--follow|--workers[ =]0)( |$)/;
/** Commands whose files are no logs. */
const ofNoLogs = ['merge', 'state', 'check', 'test'];
const compressed = /\.(gz|zst)$/;

/** Whether arguments name a file that is likely to be left to parse workers. */
export function namesLarge(args: readonly string[], processors = availableParallelism()): boolean {
  if (processors <= 1 || ofNoLogs.includes(args[0]!)) return false;
  return !withoutWorkers.test(args.join(' ')) && args.some(isLarge);
}

function isLarge(arg: string): boolean {
  if (arg.startsWith('-') || compressed.test(arg)) return false;
  try {
    const stats = statSync(arg);
    return stats.isFile() && stats.size >= WORTH_WORKERS;
  } catch {
    // no file, or one that cannot be read: told by who reads it
    return false;
  }
}

/** Streams that another thread fetches and unpacks. */
export interface LargeStreams {
  /** Bytes from which on the rest of one is left to its parser. */
  readonly largeFrom: number;
  /** See Rest. */
  readonly isCrowded: boolean;
}

/**
 * When such a stream is left to parse workers. On two processors one beside the thread that fetches was slower than none:
 * 0.72 s instead of 0.60 for a topic of 150 MB, with 0.2 s more of processor time and 20 MB.
 */
export function largeStreams(workers: number | undefined, processors?: number): LargeStreams {
  const { largeFrom, decompressedLargeFrom } = largeInputs(workers, processors);
  const isCrowded = decompressedLargeFrom !== undefined;
  return { largeFrom: isCrowded ? 1 : largeFrom!, isCrowded };
}

/** Workers beyond the processors only wait for one another; two are as fast as any number there. */
export function boundedWorkers(
  workers: number | undefined,
  warn: (message: string) => void,
  processors = availableParallelism(),
): number | undefined {
  const most = Math.max(2, processors);
  if (workers === undefined || workers <= most) return workers;
  warn(`--workers ${workers} is more than this machine has processors for: ${most} are started`);
  return most;
}
