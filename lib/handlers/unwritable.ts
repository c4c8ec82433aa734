import type { Batch } from '../batch/batch.ts';
import { systemReason } from '../errors.ts';
import type { HandlerContext, Refused, Written } from './handler.ts';

/** Why a record or event that no encoder takes is not delivered. */
const REASON = 'unencodable';

/**
 * Records and events that one handler cannot write, whatever it is that they hold: each is dropped and counted, the
 * first is told with its place, and all others are written.
 */
export class Unwritable {
  private readonly name: string;
  private readonly warn: HandlerContext['warn'];
  private count = 0;
  private told = false;

  constructor(name: string, { warn }: Pick<HandlerContext, 'warn'>) {
    this.name = name;
    this.warn = warn;
  }

  /** Says so of the first. */
  tell({ input, base, offset }: Batch, row: number, error: unknown): void {
    if (this.told) return;
    this.told = true;
    const place = `${input.name}, byte ${base + (offset[row] ?? 0)}`;
    this.warn(
      `handler ${this.name}: ${place}: it cannot be written: ${systemReason(error)}; such records and events are dropped, and counted`,
    );
  }

  /** Counts one, and says so of the first. */
  add(batch: Batch, row: number, error: unknown): void {
    this.count++;
    this.tell(batch, row, error);
  }

  /** What was counted since the last call; empty if that is nothing. */
  refused(): readonly Refused[] {
    const { count } = this;
    this.count = 0;
    return count === 0 ? [] : [{ count, reason: REASON }];
  }
}

/** Bytes that were written, and how many picks could not be. */
export function writtenBut(bytes: number, count: number): Written {
  return count === 0 ? bytes : { bytes, refused: { count, reason: REASON } };
}
