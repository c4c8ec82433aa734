import { AccountBatch } from '../../../batch/account-batch.ts';
import type { Batch, Input } from '../../../batch/batch.ts';
import { MirrormonError } from '../../../errors.ts';
import type { ScannerParser } from '../scanner-parser.ts';
import type { PieceSize } from './piece-size.ts';
import type { Pool } from './pool.ts';
import type { Answer } from './task.ts';
import type { Account, Scan } from './worker-messages.ts';
import type { Task } from './worker-thread.ts';

/** What reading with workers needs. */
export interface Workshop {
  readonly input: Input;
  /** Of `scan` (assembly/write-batch.ts). */
  readonly mode: number;
  /** Of the input's first byte among all that is measured, from 1 on. */
  readonly order: number;
  readonly pool: Pool;
  /** Reads on the main thread: what comes before the workers are ready, what they cannot finish, and the end. */
  readonly here: ScannerParser;
  readonly pieces: PieceSize;
}

/** The batches of a task whose turn it is. */
export function* deliver(shop: Workshop, task: Task, scan: Scan): Generator<Batch> {
  const { lane, slot } = task;
  lane.takeNotes(scan);
  if (task.account !== undefined) {
    yield* giveAccount(shop, task.account);
    return;
  }
  if (scan.before !== undefined) yield* giveAccount(shop, scan.before);
  const { input, order, here, pieces } = shop;
  if (scan.begin === scan.end) {
    lane.engine.giveBack(slot);
    return;
  }
  if (scan.base + scan.begin !== here.lineStart) {
    lane.engine.giveBack(slot);
    throw changed(input);
  }
  if (here.waiting && hasMeasured(scan)) yield* here.settle();
  if (here.waiting) {
    // what came before goes on in these lines
    const lines = Buffer.from(slot.window.subarray(scan.begin, scan.end));
    lane.engine.giveBack(slot);
    yield* here.push(lines);
    return;
  }
  const batch = lane.batchOf(task, scan, input, order);
  here.moveTo(scan.base + scan.scanned);
  const wasCut = scan.scanned < scan.end;
  if (!scan.stopped) pieces.adapt(scan.scanned - scan.begin, wasCut);
  if (!wasCut) {
    yield batch;
    return;
  }
  // the slot has no room for more records than these, or the next line is none; its window holds the others until then
  batch.retain();
  try {
    yield batch;
    yield* here.push(slot.window.subarray(scan.scanned, scan.end));
  } finally {
    batch.release();
  }
}

/** A batch of nothing but an account. */
function* giveAccount({ input, here, pieces }: Workshop, account: Account): Generator<Batch> {
  const { from, to, dismissed } = account;
  if (from === to) return;
  if (from !== here.lineStart) throw changed(input);
  if (here.waiting) yield* here.settle();
  here.moveTo(to);
  pieces.adapt(to - from, false);
  yield new AccountBatch(input, from, to - from, dismissed);
}

/** Whether the worker counted records, so that the lines must not be read again: they begin with one that is whole. */
function hasMeasured({ dismissed, rows }: Scan): boolean {
  return dismissed !== undefined && dismissed.records + rows > 0;
}

export function changed(input: Input): MirrormonError {
  return new MirrormonError('INPUT_UNREADABLE', 'it changed while it was read', {
    where: input.name,
    hint: 'read a copy, or wait until nobody writes to what has been written before',
  });
}

/** Whoever stops early leaves tasks behind: their slots come back when the workers are done with them. */
export function abandon(tasks: readonly Task[]): void {
  for (const task of tasks) {
    const { lane, slot, scan } = task;
    scan.then(
      () => {
        if (!task.isFree) lane.engine.giveBack(slot);
      },
      () => {},
    );
  }
}

/** The scan of a task; a worker's failure says which input it met. */
export async function scanOf(task: Task, input: Input): Promise<Answer> {
  try {
    return await task.scan;
  } catch (error) {
    throw located(error, input);
  }
}

export function located(error: unknown, input: Input): unknown {
  if (!(error instanceof MirrormonError) || error.where !== undefined) return error;
  const { code, message, hint, cause } = error;
  return new MirrormonError(code, message, { where: input.name, hint, cause });
}
