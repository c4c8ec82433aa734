import type { Batch } from '../../../batch/batch.ts';
import { LF } from '../../../text/bytes.ts';
import type { FileRange, Rest } from '../../parser.ts';
import { nextBarrier } from '../aggregation/tick-barriers.ts';
import { abandon, deliver, located, scanOf, type Workshop } from './delivery.ts';
import { IntervalTicks } from './interval-ticks.ts';
import { leastLoaded } from './pool.ts';
import { Stripe } from './stripe.ts';
import { StripeLength } from './stripe-length.ts';
import { SKIPPED, UNREADABLE } from './worker-messages.ts';
import type { Lane, Task } from './worker-thread.ts';

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
  /** In the order of the file, each with something left to do. */
  private readonly stripes: Stripe[] = [];
  private readonly lengths: StripeLength;
  private readonly ticks: IntervalTicks;
  private readonly rewound = new WeakSet<Task>();
  /** Where the next stripe begins, and whether a line is known to. */
  private next: number;
  private atLine = true;
  private isOver = false;
  /** This thread reads lines that nobody was given, and tells afterwards how far it came. */
  private readsHere = false;
  /** Somebody had no room for more: what was measured is taken before workers go on. */
  private lacksRoom = false;

  constructor(shop: Workshop, rest: Rest, file: FileRange) {
    this.shop = shop;
    this.rest = rest;
    this.file = file;
    // a line that the chunks before left unfinished is read again
    this.next = shop.here.lineStart;
    shop.here.moveTo(this.next);
    this.lengths = new StripeLength(shop.pool.workers);
    this.ticks = new IntervalTicks(shop.pool, this.next);
  }

  async *batches(): AsyncGenerator<Batch> {
    const { shop, stripes, ticks } = this;
    for (;;) {
      this.giveMore();
      const [stripe] = stripes;
      if (stripe === undefined) {
        if (this.lacksRoom) await this.takeAll();
        else if (this.hasMore) yield* this.readHere();
        else return;
      } else if (stripe.tasks.length > 0) {
        if (!(yield* this.deliver(stripe))) return;
      } else yield* this.readHere(stripe);
      if (stripe?.tasks.length === 0 && !stripe.hasMore) stripes.shift();
      await ticks.passed(shop.here.lineStart);
    }
  }

  private get isStopped(): boolean {
    return this.file.signal?.aborted === true;
  }

  private get hasMore(): boolean {
    return this.next < this.file.to && !this.isStopped;
  }

  private giveMore(): void {
    this.rewind();
    if (this.lacksRoom || this.isStopped) this.cutOff();
    this.giveRanges();
  }

  /** Gives this thread more to do while another one is waited for: it has done what it was given sooner, piece by piece. */
  private readonly goOn = (): void => {
    if (this.isOver || this.readsHere) return;
    try {
      this.giveMore();
    } catch {
      // whoever gives batches meets it, too
    }
  };

  /** Gives workers that are free what comes next. */
  private giveRanges(): void {
    const { pieces } = this.shop;
    let lanes = this.hasMore || this.stripes.some(({ hasMore }) => hasMore) ? this.free() : [];
    for (let lane = leastLoaded(lanes); lane !== undefined; lane = leastLoaded(lanes)) {
      const stripe = this.stripeOf(lane);
      if (stripe !== undefined && this.ticks.admits(lane, stripe.next)) {
        this.ticks.enter(lane, stripe.next);
        const range = stripe.range(...this.lengths.range(pieces.bytes, lane.isOwn), this.file);
        const task = lane.read(lane.engine.takeSlot()!, this.shop, range);
        stripe.tasks.push(task);
        if (lane.isOwn) task.scan.then(this.goOn, this.goOn);
        if (lane.engine.hasSlot) continue;
      }
      const full = lane;
      lanes = lanes.filter((other) => other !== full);
    }
  }

  /** What workers did not do behind a range that they did not read to its stop. */
  private rewind(): void {
    for (const [k, stripe] of this.stripes.entries()) {
      const at = stripe.tasks.findIndex((task) => task.left !== undefined && !this.rewound.has(task));
      if (at < 0) continue;
      const task = stripe.tasks[at]!;
      this.rewound.add(task);
      stripe.rewind(task.left!, at + 1);
      for (const later of this.stripes.slice(k + 1)) {
        if (later.lane === stripe.lane) later.rewind(later.start, 0);
      }
    }
  }

  private free(): Lane[] {
    const { pool } = this.shop;
    try {
      const lanes = pool.free();
      if (!this.lengths.isWorthHelp) return lanes;
      pool.help();
      const own = pool.freeOwn;
      return own === undefined ? lanes : [...lanes, own];
    } catch (error) {
      throw located(error, this.shop.input);
    }
  }

  /** What a worker goes on with: its stripe, or a new one. */
  private stripeOf(lane: Lane): Stripe | undefined {
    const own = this.stripes.find((stripe) => stripe.lane === lane && stripe.hasMore);
    if (own !== undefined || this.lacksRoom || !this.hasMore) return own;
    const { next, file } = this;
    if (!this.ticks.admits(lane, next)) return undefined;
    const length = this.lengths.of(file.to - next, this.shop.pieces.bytes);
    const stripe = new Stripe(lane, next, Math.min(next + length, file.to, nextBarrier(next)), this.atLine);
    this.stripes.push(stripe);
    this.next = stripe.stop;
    this.atLine = false;
    return stripe;
  }

  /** Gives the batches of a stripe's first task when it is settled; and whether that could be read. */
  private async *deliver(stripe: Stripe): AsyncGenerator<Batch, boolean> {
    const { shop, file } = this;
    const { here } = shop;
    const { tasks } = stripe;
    const task = tasks[0]!;
    const scan = await scanOf(task, shop.input);
    if (scan === UNREADABLE || scan === SKIPPED) return false;
    this.rewind();
    tasks.shift();
    const from = here.lineStart;
    yield* deliver(shop, task, scan);
    this.lacksRoom ||= scan.dismissed?.lacksRoom === true;
    if (task.account !== undefined) this.lengths.grow(here.lineStart - from);
    else {
      this.lengths.reset();
      this.cutOff();
    }
    file.progress(here.lineStart);
    if (scan.unfinished && here.lineStart === scan.base + scan.end) yield* readLineHere(shop, this.rest);
    return true;
  }

  /** Has the last stripe end where it was given to; what comes before others has been measured there, and goes on. */
  private cutOff(): void {
    const last = this.stripes.at(-1);
    if (last?.hasMore !== true) return;
    this.next = last.next;
    this.atLine = last.atLine;
    last.cutOff();
    if (last.tasks.length === 0) this.stripes.pop();
  }

  private async takeAll(): Promise<void> {
    await this.shop.pool.drain('all');
    this.lacksRoom = false;
  }

  /**
   * Reads on the main thread what no worker is free for: of a stripe, or until there is one that is free for what comes
   * next; at least a line, and not beyond a barrier.
   */
  private async *readHere(stripe?: Stripe): AsyncGenerator<Batch> {
    const { shop, rest, file } = this;
    const { here, pool } = shop;
    const start = here.lineStart;
    const to = stripe?.stop ?? file.to;
    const isFree = (): boolean => (stripe === undefined ? pool.hasFree : stripe.lane.engine.hasSlot);
    let complete = true;
    this.readsHere = true;
    for await (const chunk of rest.bytes(start)) {
      const cut = here.cutBefore(Math.min(to, nextBarrier(here.lineStart)), chunk);
      yield* here.push(cut > 0 ? chunk.subarray(0, cut) : chunk);
      if (cut > 0 || (here.lineStart > start && (isFree() || here.lineStart >= to))) {
        complete = false;
        break;
      }
    }
    this.readsHere = false;
    here.moveTo(here.lineStart);
    const reached = complete ? to : here.lineStart;
    if (stripe !== undefined) stripe.goOnAt(reached);
    else {
      this.next = reached;
      this.atLine = true;
    }
  }

  /** Has all that workers measured be there to be taken. */
  async collect(): Promise<void> {
    await this.ticks.finish();
    await this.shop.pool.collect('all');
  }

  stop(): void {
    this.isOver = true;
    for (const { tasks } of this.stripes) abandon(tasks);
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
