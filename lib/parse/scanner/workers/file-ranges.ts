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
  const reading = new FileReading(shop, rest, file);
  try {
    yield* reading.batches();
  } finally {
    reading.stop();
  }
  await reading.collect();
  if (file.signal?.aborted) return;
  // the last line, what was appended meanwhile, and what workers could not read
  for await (const chunk of rest.bytes(shop.here.lineStart)) yield* shop.here.push(chunk);
}

class FileReading {
  private readonly shop: Workshop;
  private readonly rest: Rest;
  private readonly file: FileRange;
  private readonly tasks: Task[] = [];
  /** Where the next range begins, and whether a line is known to. */
  private next: number;
  private atLine = true;
  /** What there is room for no longer, or ticks where no worker was at work, is taken before workers go on. */
  private due: 'all' | 'ticks' | undefined;
  private barrier: TickBarrier | undefined;

  constructor(shop: Workshop, rest: Rest, file: FileRange) {
    this.shop = shop;
    this.rest = rest;
    this.file = file;
    // a line that the chunks before left unfinished is read again
    this.next = shop.here.lineStart;
    shop.here.moveTo(this.next);
  }

  async *batches(): AsyncGenerator<Batch> {
    const { shop, file, tasks } = this;
    for (;;) {
      this.giveRanges();
      const [task] = tasks;
      if (task === undefined) {
        if (this.due !== undefined) await this.takeDue();
        else if (this.hasMore) yield* this.readHere();
        else return;
        continue;
      }
      const scan = await scanOf(task, shop.input);
      if (scan === UNREADABLE) return;
      tasks.shift();
      yield* deliver(shop, task, scan);
      if (scan.dismissed?.lacksRoom) this.due = 'all';
      if (await this.barrier?.passed()) this.barrier = undefined;
      const { lineStart } = shop.here;
      file.progress(lineStart);
      if (scan.unfinished && lineStart === scan.base + scan.end) yield* readLineHere(shop, this.rest);
    }
  }

  private get hasMore(): boolean {
    return this.next < this.file.to && !this.file.signal?.aborted;
  }

  /** Gives workers that are free what comes next. A second barrier waits until the first one is passed. */
  private giveRanges(): void {
    const { shop, file, tasks } = this;
    while (this.due === undefined && this.hasMore) {
      const barrier = nextBarrier(this.next);
      const stop = Math.min(this.next + shop.pieces.bytes, file.to, barrier);
      if (stop === barrier && this.barrier !== undefined) return;
      const free = take(shop);
      if (free === undefined) return;
      const { descriptor, to: limit } = file;
      const range = { descriptor, start: this.next, stop, limit, atLine: this.atLine };
      tasks.push(free.lane.read(free.slot, shop, range));
      if (stop === barrier) this.barrier = shop.pool.barrier(tasks.length);
      this.next = stop;
      this.atLine = false;
    }
  }

  private async takeDue(): Promise<void> {
    await this.shop.pool.drain(this.due!);
    this.due = undefined;
  }

  /** Reads on the main thread until a worker is free or a barrier is reached, at least a line. */
  private async *readHere(): AsyncGenerator<Batch> {
    const { shop, rest, file } = this;
    const { here, pool } = shop;
    const start = here.lineStart;
    let complete = true;
    for await (const chunk of rest.bytes(start)) {
      const cut = here.cutAtBarrier(chunk);
      yield* here.push(cut > 0 ? chunk.subarray(0, cut) : chunk);
      if (cut > 0) this.due = 'ticks';
      if (cut > 0 || (here.lineStart > start && (pool.hasFree || here.lineStart >= file.to))) {
        complete = false;
        break;
      }
    }
    here.moveTo(here.lineStart);
    this.next = complete ? file.to : here.lineStart;
    this.atLine = true;
  }

  /** Has all that workers measured be there to be taken. */
  async collect(): Promise<void> {
    await this.barrier?.lift();
    await this.shop.pool.collect('all');
  }

  stop(): void {
    abandon(this.tasks);
  }
}

function take({ pool, input }: Workshop): FreeSlot | undefined {
  try {
    return pool.take();
  } catch (error) {
    throw located(error, input);
  }
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
