import type { Batch } from '../../../batch/batch.ts';
import { LF } from '../../../text/bytes.ts';
import type { FileRange, Rest } from '../../parser.ts';
import { nextBarrier } from '../aggregation/tick-barriers.ts';
import { abandon, deliver, located, scanOf, type Workshop } from './delivery.ts';
import type { FreeSlot } from './pool.ts';
import type { TickBarrier } from './tick-barrier.ts';
import { UNREADABLE } from './worker-messages.ts';
import type { Task } from './worker-thread.ts';

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
  // what there is room for no longer, or ticks where no worker was at work, is taken before workers go on
  let due: 'all' | 'ticks' | undefined;
  let barrier: TickBarrier | undefined;
  const stopOf = (): number => Math.min(next + pieces.bytes, file.to, nextBarrier(next));
  const hasMore = (): boolean => next < file.to && !file.signal?.aborted;
  const mayGive = (): boolean =>
    due === undefined && hasMore() && (barrier === undefined || stopOf() < nextBarrier(next));
  try {
    for (;;) {
      for (let free = mayGive() ? take(shop) : undefined; free !== undefined; ) {
        const stop = stopOf();
        const range = { descriptor: file.descriptor, start: next, stop, limit: file.to, atLine };
        tasks.push(free.lane.read(free.slot, shop, range));
        if (stop === nextBarrier(next)) barrier = pool.barrier(tasks.length);
        next = stop;
        atLine = false;
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
        if (here.lineStart >= nextBarrier(next)) due = 'ticks';
        next = complete ? file.to : here.lineStart;
        atLine = true;
        continue;
      }
      const scan = await scanOf(task, input);
      if (scan === UNREADABLE) break;
      tasks.shift();
      yield* deliver(shop, task, scan);
      if (scan.dismissed?.lacksRoom) due = 'all';
      if (await barrier?.passed()) barrier = undefined;
      file.progress(here.lineStart);
      if (scan.unfinished && here.lineStart === scan.base + scan.end) yield* readLineHere(shop, rest);
    }
  } finally {
    abandon(tasks);
  }
  await barrier?.lift();
  await pool.collect('all');
  if (file.signal?.aborted) return;
  // the last line, what was appended meanwhile, and what workers could not read
  for await (const chunk of rest.bytes(here.lineStart)) yield* here.push(chunk);
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
    const cut = here.cutAtBarrier(chunk);
    yield* here.push(cut > 0 ? chunk.subarray(0, cut) : chunk);
    if (cut > 0 || (here.lineStart > start && (pool.hasFree || here.lineStart >= to))) {
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
