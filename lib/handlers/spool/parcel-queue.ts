import type { Flow, Picks } from '../../batch/batch.ts';
import type { HandlerConfig } from '../../config.ts';
import type { Ledger, QueueDepth } from '../../ledger.ts';
import { formatDuration } from '../../text/duration.ts';
import { Attempts, type QueueHooks, type Result } from '../attempts.ts';
import { Books } from '../books.ts';
import type { Parcel, ParcelHandler, Written } from '../handler.ts';
import type { SinkQueue } from '../queue.ts';
import { alone, JoinedRequest, larger } from './joined-request.ts';
import { type Lost, MemorySpool, type Spool, type Waiting } from './spool.ts';

/** A request that takes longer is none to be followed by a larger one. */
const QUICK_MS = 1_000;

const mebibyte = 1 << 20;

export interface ParcelQueueOptions {
  readonly handler: ParcelHandler;
  readonly config: HandlerConfig;
  readonly spool: Spool;
  readonly ledger: Ledger;
  readonly hooks: QueueHooks;
}

/** The queue of a handler whose peer is beyond a network, with the spool that its configuration wants. */
export async function openParcelQueue(
  handler: ParcelHandler,
  config: HandlerConfig,
  ledger: Ledger,
  hooks: QueueHooks,
): Promise<ParcelQueue> {
  const folder = config.onError === undefined || config.onError === 'spool' ? config.spool?.path : undefined;
  const spool =
    folder === undefined
      ? new MemorySpool()
      : await (await import('./disk-spool.ts')).DiskSpool.open(folder, hooks.warn);
  if (spool.length > 0)
    hooks.tell(`${handler.name}: ${folder} holds what an earlier run left; delivering it first`);
  return new ParcelQueue({ handler, config, spool, ledger, hooks });
}

/**
 * What waits for a peer beyond a network, as parcels: no batch is held while it is away. How much may wait, and what
 * happens then, is for `onError` to say: `wait` and `fail` make the source wait for room for `bufferSize` parcels,
 * `drop` drops what comes beyond them; `spool` lets as much wait as the spool holds, and when that is full makes the
 * source wait while the peer answers, and drops the oldest while it does not.
 */
export class ParcelQueue implements SinkQueue {
  readonly handler: ParcelHandler;
  closedBy: Error | undefined;
  isFatal = false;
  private readonly options: ParcelQueueOptions;
  private readonly books: Books;
  private readonly attempts: Attempts;
  private readonly depth: QueueDepth;
  private readonly capacity: number;
  private active = false;
  private sending: Promise<void> | undefined;
  /** Wakes whoever waits for room, or for a change in how the peer is. */
  private wake: () => void = () => {};
  /** Milliseconds since the epoch until which the end waits for a peer that is away. */
  private patienceEnds = Number.POSITIVE_INFINITY;
  private isEnding = false;
  /** The oldest are dropped since the peer cannot be reached, which was told. */
  private isDropping = false;
  /** How much of what waits is one request: twice as much after each that went well, one parcel after a failure. */
  private grasp = alone;

  constructor(options: ParcelQueueOptions) {
    const { handler, config, ledger, hooks } = options;
    this.options = options;
    this.handler = handler;
    this.books = new Books(handler.name, ledger);
    this.depth = ledger.queue(handler.name, config.bufferSize);
    this.capacity = (config.spool?.maxsizemb ?? 64) * mebibyte;
    this.attempts = new Attempts({
      name: handler.name,
      config,
      hooks: { ...hooks, delay: (ms) => this.pause(ms) },
      refusesSingly: true,
      onFailure: () => this.books.fail(),
    });
    if (options.spool.length > 0) this.start();
  }

  get isFailing(): boolean {
    return this.attempts.isFailing;
  }

  get held(): number {
    return this.options.spool.length;
  }

  get isSending(): boolean {
    return this.active;
  }

  async offer(flow: Flow, picks: Picks): Promise<void> {
    const { report } = flow;
    this.books.select(report, picks.count);
    for (const parcel of this.handler.pack(flow, picks)) {
      for (const refused of parcel.refused) this.books.drop(report, refused);
      if (parcel.count > 0) await this.take({ ...parcel, report, isOld: false });
    }
  }

  async drained(): Promise<void> {
    // a spool that lasts is for the next run to deliver; one in memory gets its time
    if (this.attempts.onError === 'spool') {
      this.patienceEnds = this.options.hooks.now() + this.options.config.retryFor;
    }
    this.isEnding = true;
    while (this.active) await this.sending;
    await this.leave();
  }

  breakOff(): void {
    this.attempts.breakOff();
    this.handler.abort();
    this.wake();
  }

  private async take(parcel: Waiting): Promise<void> {
    const { spool } = this.options;
    while (this.closedBy === undefined && !this.attempts.broken && this.isFull(parcel)) {
      const { onError } = this.attempts;
      if (onError === 'drop')
        return this.books.drop(parcel.report, { count: parcel.count, reason: 'queue-full' });
      if (onError === 'spool' && this.attempts.isCutOff && spool.length > 0) await this.dropOldest();
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
    if (this.closedBy !== undefined) {
      return this.books.drop(parcel.report, { count: parcel.count, reason: 'handler-failed' });
    }
    await spool.push(parcel);
    if (this.attempts.isCutOff) await spool.secure();
    if (spool.length > this.depth.deepest) this.depth.deepest = spool.length;
    this.start();
  }

  /** One parcel is always taken: it cannot wait for room that there will never be. */
  private isFull({ body }: Parcel): boolean {
    const { spool, config } = this.options;
    if (spool.length === 0) return false;
    if (this.attempts.onError === 'spool') return spool.bytes + body.length > this.capacity;
    return spool.length >= Math.max(1, config.bufferSize) || spool.bytes + body.length > this.capacity;
  }

  private async dropOldest(): Promise<void> {
    const oldest = await this.options.spool.drop();
    if (oldest !== undefined) this.lose(oldest, 'spool-full');
    if (this.isDropping) return;
    this.isDropping = true;
    this.options.hooks.tell(
      `${this.handler.name}: the spool is full (${this.capacity / mebibyte} MiB); the oldest of it are dropped, and counted, until the peer can be reached`,
    );
  }

  private start(): void {
    if (this.active) return;
    this.active = true;
    this.sending = this.send();
  }

  private async send(): Promise<void> {
    const { spool } = this.options;
    for (let hand = await spool.take(this.grasp); hand.length > 0; hand = await spool.take(this.grasp)) {
      const request = new JoinedRequest(this.handler, hand, this.attempts.onError !== 'drop');
      const begun = this.options.hooks.now();
      const result = await this.attempts.run(
        () => request.send(),
        () => this.patienceEnds,
      );
      const isQuick = this.options.hooks.now() - begun < QUICK_MS;
      if (result.kind === 'done') this.isDropping = false;
      await this.settle(request.parcels, result);
      if (request.hasFailed || result.kind !== 'done') this.grasp = alone;
      else if (isQuick) this.grasp = larger(this.grasp, this.handler.joining);
      this.wake();
      if (this.isOver) break;
    }
    this.active = false;
    // what came while the spool was found empty
    if (spool.length > 0 && !this.isOver) this.start();
  }

  private get isOver(): boolean {
    return this.closedBy !== undefined || this.attempts.broken;
  }

  private async settle(parcels: readonly Waiting[], result: Result<Written>): Promise<void> {
    const { report, isOld } = parcels[0]!;
    const count = parcels.reduce((sum, parcel) => sum + parcel.count, 0);
    const bytes = parcels.reduce((sum, parcel) => sum + parcel.bytes, 0);
    const reason = result.kind === 'done' ? undefined : result.reason;
    // stays in the spool, for `leave` to say what becomes of it
    if (reason === 'not-in-time') return;
    if (reason === 'unreachable') return this.breakOff();
    await this.options.spool.done(parcels.length);
    if (result.kind === 'done') {
      if (!isOld) this.books.settle(report, count, written(result.value, bytes));
      return;
    }
    this.lose({ count, report, isOld }, result.reason);
    if (result.kind === 'closed') {
      this.closedBy = result.error;
      this.isFatal = result.fatal;
      this.options.hooks.onClosed(result.error);
    } else if (this.isEnding && this.attempts.isCutOff) this.breakOff();
  }

  /** Whatever is left will not be delivered by this run. */
  private async leave(): Promise<void> {
    const { spool, hooks, config } = this.options;
    const left = await spool.close();
    const reason = this.closedBy === undefined ? 'not-in-time' : 'handler-failed';
    for (const parcel of left) this.lose(parcel, parcel.isKept ? 'left-in-spool' : reason);
    const kept = left.reduce((sum, { count, isKept }) => sum + (isKept ? count : 0), 0);
    if (kept > 0) {
      hooks.warn(
        `${this.handler.name}: ${kept} stay in ${config.spool?.path}: the next run delivers them first`,
      );
    } else if (left.length > 0 && Number.isFinite(this.patienceEnds) && this.closedBy === undefined) {
      const waited = formatDuration(config.retryFor);
      hooks.warn(
        `${this.handler.name}: what the peer did not take within ${waited} of the end is dropped, and counted`,
      );
    }
  }

  private lose({ count, report, isOld }: Omit<Lost, 'isKept'>, reason: string): void {
    if (!isOld) this.books.drop(report, { count, reason });
  }

  /** A change in how the peer is may be what someone waits for who fills the spool. */
  private pause(ms: number): Promise<void> {
    this.wake();
    return this.options.hooks.delay(ms);
  }
}

/** A peer that answers says nothing of bytes: they are the records'. */
function written(value: Written, bytes: number): Written {
  return typeof value === 'number' ? bytes : { ...value, bytes };
}
