import type { Batch } from '../../../batch/batch.ts';
import { LF } from '../../../text/bytes.ts';
import type { FileRange, Rest } from '../../parser.ts';
import { abandon, deliver, located, scanOf, type Workshop } from './delivery.ts';
import type { FreeSlot } from './pool.ts';
import { UNREADABLE } from './worker-messages.ts';
import type { Task } from './worker-thread.ts';

/** Ticks are logged for so long at most. */
const BYTES_BETWEEN_TICK_DRAINS = 2 ** 28;

/**
 * Reads the rest of a file: workers read ranges of it themselves, each the lines that begin in its range, and the
 * batches come in the order of the file. Until workers are ready, and where all their slots are held by consumers, the
 * main thread reads.
 */
export async function* readFile(shop: Workshop, rest: Rest, file: FileRange): AsyncGenerator<Batch> {
  const { here, pieces, pool, input } = shop;
  const tasks: Task[] = [];
  // a line that the chunks before left unfinished is read again
  let next = here.lineStart;
  let atLine = true;
  here.moveTo(next);
  // what there is room for no longer, or ticks that have been logged for long enough, is taken before workers go on
  let due: 'all' | 'ticks' | undefined;
  const hasMore = (): boolean => next < file.to && !file.signal?.aborted;
  const mayGive = (): boolean => due === undefined && hasMore();
  try {
    for (;;) {
      for (let free = mayGive() ? take(shop) : undefined; free !== undefined; ) {
        const stop = Math.min(next + pieces.bytes, file.to, nextDrain(next));
        const range = { descriptor: file.descriptor, start: next, stop, limit: file.to, atLine };
        tasks.push(free.lane.read(free.slot, shop, range));
        next = stop;
        atLine = false;
        if (next % BYTES_BETWEEN_TICK_DRAINS === 0) due ??= 'ticks';
        free = mayGive() ? take(shop) : undefined;
      }
      const task = tasks[0];
      if (task === undefined && due !== undefined) {
        await pool.drain(due);
        due = undefined;
        continue;
      }
      if (task === undefined) {
        if (!hasMore()) break;
        const complete = yield* readHere(shop, rest, file.to);
        next = complete ? file.to : here.lineStart;
        atLine = true;
        continue;
      }
      const scan = await scanOf(task, input);
      if (scan === UNREADABLE) break;
      tasks.shift();
      yield* deliver(shop, task, scan);
      if (scan.dismissed?.lacksRoom) due = 'all';
      file.progress(here.lineStart);
      if (scan.unfinished && here.lineStart === scan.base + scan.end) yield* readLineHere(shop, rest);
    }
  } finally {
    abandon(tasks);
  }
  await pool.collect();
  if (file.signal?.aborted) return;
  // the last line, what was appended meanwhile, and what workers could not read
  for await (const chunk of rest.bytes(here.lineStart)) yield* here.push(chunk);
}

/** Where the ticks are taken next: at places of the file, so that what comes of them is the same for any threads. */
function nextDrain(from: number): number {
  return (Math.floor(from / BYTES_BETWEEN_TICK_DRAINS) + 1) * BYTES_BETWEEN_TICK_DRAINS;
}

function take({ pool, input }: Workshop): FreeSlot | undefined {
  try {
    return pool.take();
  } catch (error) {
    throw located(error, input);
  }
}

/** Reads on the main thread until a worker is free, at least a line. Gives whether the end was reached. */
async function* readHere(shop: Workshop, rest: Rest, to: number): AsyncGenerator<Batch, boolean> {
  const { here, pool } = shop;
  const start = here.lineStart;
  let complete = true;
  for await (const chunk of rest.bytes(start)) {
    yield* here.push(chunk);
    if (here.lineStart > start && (pool.hasFree || here.lineStart >= to)) {
      complete = false;
      break;
    }
  }
  here.moveTo(here.lineStart);
  return complete;
}

/** Reads a line on the main thread, however long it is. */
async function* readLineHere({ here }: Workshop, rest: Rest): AsyncGenerator<Batch> {
  for await (const chunk of rest.bytes(here.lineStart)) {
    const lf = chunk.indexOf(LF);
    yield* here.push(lf < 0 ? chunk : chunk.subarray(0, lf + 1));
    if (lf >= 0) return;
  }
  here.moveTo(here.lineStart);
}
