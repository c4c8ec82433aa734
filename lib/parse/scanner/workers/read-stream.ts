import type { Batch } from '../../../batch/batch.ts';
import { copyBytes, LF } from '../../../text/bytes.ts';
import { cutAtBarrier } from '../aggregation/tick-barriers.ts';
import { abandon, deliver, located, scanOf, type Workshop } from './delivery.ts';
import type { FreeSlot } from './pool.ts';
import type { TickBarrier } from './tick-barrier.ts';
import { SKIPPED, UNREADABLE } from './worker-messages.ts';
import type { Task } from './worker-thread.ts';

const LONG_LINE_STEP = 1 << 14;

/** A slot that is being filled. */
interface Filling extends FreeSlot {
  /** Bytes in its window. */
  filled: number;
  /** Behind the last LF among them; 0 if there is none. */
  end: number;
}

/**
 * Reads the rest of a stream: its chunks are copied to workers' slots, and the batches come in its order. A worker gets
 * what has come as soon as nothing more is at hand, so that a record of a slow stream waits for nobody.
 */
export async function* readStream(shop: Workshop, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Batch> {
  const reading = new StreamReading(shop, chunks[Symbol.asyncIterator]());
  try {
    yield* reading.batches();
  } finally {
    reading.stop();
  }
}

class StreamReading {
  private readonly shop: Workshop;
  private readonly source: AsyncIterator<Uint8Array>;
  private readonly tasks: Task[] = [];
  private filling: Filling | undefined;
  /** What has come and was not taken yet. */
  private chunk: Buffer = Buffer.alloc(0);
  /** A line whose end has not come, where no slot holds it; it begins at `position`. */
  private carry: Uint8Array = new Uint8Array(0);
  /** Offset of the first byte that no task has. */
  private position: number;
  /** The line at hand is too long for a slot: the main thread reads it to its end. */
  private inLongLine = false;
  private arriving: Promise<'arrived'> | undefined;
  private ended = false;
  private barrier: TickBarrier | undefined;
  /** What is to be taken of what was measured before anybody goes on: all, where a worker has no room for more. */
  private due: 'all' | 'ticks' | undefined;

  constructor(shop: Workshop, source: AsyncIterator<Uint8Array>) {
    this.shop = shop;
    this.source = source;
    this.position = shop.here.lineStart;
    this.takeBack();
  }

  async *batches(): AsyncGenerator<Batch> {
    const { tasks } = this;
    for (;;) {
      while (tasks[0]?.settled) yield* this.oldest();
      if (this.inLongLine) {
        yield* this.all();
        yield* this.readHere();
        if (!this.inLongLine) continue;
      }
      if (this.due !== undefined) {
        yield* this.all();
        await this.shop.pool.drain(this.due);
        this.due = undefined;
      }
      if (this.chunk.length > 0) {
        if (this.fill()) continue;
        // every slot is taken: by tasks, or else by batches that consumers hold
        if (tasks.length > 0) yield* this.oldest();
        else yield* this.readHere();
      } else if (this.ended) {
        this.send();
        yield* this.all();
        break;
      } else if ((await this.something()) === 'nothing') this.send();
    }
    const { here, pool } = this.shop;
    await pool.collect('all');
    if (!this.inLongLine) yield* here.push(this.carry);
  }

  /** Copies what is at hand to a slot. Gives whether there was one. */
  private fill(): boolean {
    const filling = this.filling ?? this.begin();
    if (filling === undefined) return false;
    const { window } = filling.slot;
    const { pieces, pool } = this.shop;
    // more than a piece if a line is longer than that
    const room = filling.filled < pieces.bytes ? pieces.bytes - filling.filled : LONG_LINE_STEP;
    const whole = this.chunk.subarray(0, Math.min(room, window.length - 1 - filling.filled));
    const cut = cutAtBarrier(this.position + filling.end, this.position + filling.filled, whole);
    const piece = cut > 0 ? whole.subarray(0, cut) : whole;
    copyBytes(window, filling.filled, piece);
    const lf = piece.lastIndexOf(LF);
    if (lf >= 0) filling.end = filling.filled + lf + 1;
    filling.filled += piece.length;
    this.chunk = this.chunk.subarray(piece.length);
    if (cut > 0) {
      this.send();
      // one at a time: a second one is taken when nobody is at work
      if (this.barrier === undefined) this.barrier = pool.barrier(this.tasks.length);
      else this.due ??= 'ticks';
    } else if (filling.end > 0 && filling.filled >= pieces.bytes) this.send();
    else if (filling.end === 0 && filling.filled > pool.maxLineBytes) this.giveUp(filling);
    return true;
  }

  private begin(): Filling | undefined {
    let free: FreeSlot | undefined;
    try {
      free = this.shop.pool.take();
    } catch (error) {
      throw located(error, this.shop.input);
    }
    if (free === undefined) return undefined;
    copyBytes(free.slot.window, 0, this.carry);
    this.filling = { ...free, filled: this.carry.length, end: 0 };
    this.carry = new Uint8Array(0);
    return this.filling;
  }

  /** Hands the whole lines of the slot to its worker; the rest is carried to the next one. */
  private send(): void {
    const { filling } = this;
    if (filling === undefined) return;
    const { lane, slot, filled, end } = filling;
    this.carry = Buffer.from(slot.window.subarray(end, filled));
    this.filling = undefined;
    if (end > 0) this.tasks.push(lane.scan(slot, this.shop, end, this.position));
    else lane.engine.giveBack(slot);
    this.position += end;
  }

  /** The main thread is to go on with a line that is too long. */
  private giveUp({ lane, slot, filled }: Filling): void {
    this.carry = Buffer.from(slot.window.subarray(0, filled));
    this.filling = undefined;
    lane.engine.giveBack(slot);
    this.inLongLine = true;
  }

  /** Reads what is at hand on the main thread; of a line that is too long, to its end. No tasks are left. */
  private async *readHere(): AsyncGenerator<Batch> {
    const { here } = this.shop;
    yield* here.push(this.carry);
    this.carry = new Uint8Array(0);
    const lf = this.inLongLine ? this.chunk.indexOf(LF) : this.chunk.length - 1;
    const cut = here.cutAtBarrier(this.chunk);
    const end = cut > 0 ? Math.min(cut, lf + 1) : lf + 1;
    const piece = lf < 0 ? this.chunk : this.chunk.subarray(0, end);
    yield* here.push(piece);
    if (cut > 0 && piece.length === cut) this.due ??= 'ticks';
    this.chunk = this.chunk.subarray(piece.length);
    this.takeBack();
  }

  /** What the main thread has of an unfinished line goes to the next slot, unless the line is too long. */
  private takeBack(): void {
    const { here, pool } = this.shop;
    this.position = here.lineStart;
    const { unfinished } = here;
    this.inLongLine = unfinished === undefined || unfinished.length > pool.maxLineBytes;
    if (this.inLongLine) return;
    this.carry = Buffer.from(unfinished!);
    here.moveTo(here.lineStart);
  }

  private async *all(): AsyncGenerator<Batch> {
    while (this.tasks.length > 0) yield* this.oldest();
  }

  private async *oldest(): AsyncGenerator<Batch> {
    const task = this.tasks[0]!;
    const scan = await scanOf(task, this.shop.input);
    this.tasks.shift();
    // only files are read by workers
    if (scan === UNREADABLE || scan === SKIPPED) return;
    yield* deliver(this.shop, task, scan);
    if (await this.barrier?.passed()) this.barrier = undefined;
    if (scan.dismissed?.lacksRoom) this.due = 'all';
  }

  /** Waits until there is something to do; 'nothing' if that may take a while and a slot has lines to be sent. */
  private something(): Promise<'arrived' | 'scanned' | 'nothing'> {
    this.arriving ??= this.source.next().then(({ done, value }) => {
      this.arriving = undefined;
      if (done) this.ended = true;
      else this.chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      return 'arrived';
    });
    const events: Promise<'arrived' | 'scanned' | 'nothing'>[] = [this.arriving];
    const [oldest] = this.tasks;
    if (oldest !== undefined) events.push(oldest.scan.then(scanned, scanned));
    // a task on its way comes back soon, and until then more may arrive that is worth its message
    else if ((this.filling?.end ?? 0) > 0) events.push(twoTurns());
    return Promise.race(events);
  }

  stop(): void {
    abandon(this.tasks);
    if (this.filling !== undefined) this.filling.lane.engine.giveBack(this.filling.slot);
    // not awaited: a source that waits for its next byte would let nobody go
    this.source.return?.().catch(() => {});
  }
}

const scanned = (): 'scanned' => 'scanned';

/** Of the event loop: what has arrived in the system is here by then. */
function twoTurns(): Promise<'nothing'> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve, 'nothing')));
}
