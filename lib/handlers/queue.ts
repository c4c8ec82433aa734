import type { Flow, Picks } from '../batch/batch.ts';
import type { HandlerConfig } from '../config.ts';
import { MirrormonError } from '../errors.ts';
import type { Ledger, QueueDepth } from '../ledger.ts';
import { Attempts, type QueueHooks, type Result } from './attempts.ts';
import { Books } from './books.ts';
import type { Handler, Written } from './handler.ts';

interface Item {
  readonly flow: Flow;
  readonly picks: Picks;
}

/** What waits for one handler, as everyone sees it who does not fill it. */
export interface SinkQueue {
  readonly handler: Pick<Handler, 'name' | 'reopen' | 'close'>;
  /** Why it takes no more: its output was closed, or a write failed for good. */
  readonly closedBy: Error | undefined;
  /** Whether that is the end of the run (onError: fail). */
  readonly isFatal: boolean;
  /** Whether a write has failed and is being tried again. */
  readonly isFailing: boolean;
  readonly held: number;
  /** Whether something is on its way to a peer, beside what is held. */
  readonly isSending?: boolean | undefined;
  /** Takes a selection, once there is room for it. */
  offer(flow: Flow, picks: Picks): Promise<void>;
  /** Settles once everything taken was delivered or dropped: no more will come. */
  drained(): Promise<void>;
  /** Stops waiting: whatever is not delivered by now is given up. */
  breakOff(): void;
}

/**
 * What waits for one handler: at most `bufferSize` selections, written one after the other. A write that fails is tried
 * again, given up or dropped as `onError` says, and every selection ends as delivered or dropped in the ledger. With
 * `onError: drop` it never makes anyone wait.
 */
export class HandlerQueue implements SinkQueue {
  readonly handler: Handler;
  closedBy: Error | undefined;
  isFatal = false;
  private readonly books: Books;
  private readonly attempts: Attempts;
  private readonly depth: QueueDepth;
  private readonly items: Item[] = [];
  /** Whether a pump runs; it ends in the same step as it finds nothing left, so no selection can slip in between. */
  private active = false;
  private pumping: Promise<void> | undefined;
  private room: (() => void) | undefined;
  private closedReason = '';
  private isEnding = false;
  private readonly onClosed: QueueHooks['onClosed'];

  constructor(handler: Handler, config: HandlerConfig, ledger: Ledger, hooks: QueueHooks) {
    this.handler = handler;
    this.onClosed = hooks.onClosed;
    this.books = new Books(handler.name, ledger);
    this.depth = ledger.queue(handler.name, config.bufferSize);
    const { name } = handler;
    const onFailure = () => this.books.fail();
    this.attempts = new Attempts({ name, config, hooks, refusesSingly: false, onFailure });
  }

  get isFailing(): boolean {
    return this.attempts.isFailing;
  }

  get held(): number {
    return this.items.length;
  }

  async offer(flow: Flow, picks: Picks): Promise<void> {
    this.books.select(flow.report, picks.count);
    while (this.isFull && this.closedBy === undefined && !this.attempts.broken) {
      if (this.attempts.onError === 'drop') return this.drop(flow, picks.count, 'queue-full');
      await new Promise<void>((resolve) => {
        this.room = resolve;
      });
    }
    if (this.closedBy !== undefined) return this.drop(flow, picks.count, this.closedReason);
    flow.batch.retain();
    this.items.push({ flow, picks });
    if (this.items.length > this.depth.deepest) this.depth.deepest = this.items.length;
    if (!this.active) this.pumping = this.pump();
  }

  async drained(): Promise<void> {
    this.isEnding = true;
    while (this.active) await this.pumping;
  }

  breakOff(): void {
    this.attempts.breakOff();
    this.room?.();
  }

  /** A size of 0 still takes the one that is being written. */
  private get isFull(): boolean {
    return this.items.length >= Math.max(1, this.depth.size);
  }

  private async pump(): Promise<void> {
    this.active = true;
    while (this.items.length > 0) {
      const { flow, picks } = this.items[0]!;
      if (this.closedBy !== undefined) this.drop(flow, picks.count, this.closedReason);
      else this.settle(flow, picks, await this.attempts.run(() => this.handler.write(flow, picks)));
      this.items.shift();
      flow.batch.release();
      const { room } = this;
      this.room = undefined;
      room?.();
    }
    this.active = false;
  }

  private settle(flow: Flow, picks: Picks, result: Result<Written>): void {
    if (result.kind === 'done') {
      this.books.settle(flow.report, picks.count, result.value);
      return;
    }
    const { error, reason } = result;
    // what had arrived before the write failed stays delivered
    const { picks: count, bytes } = (error instanceof MirrormonError && error.delivered) || {
      picks: 0,
      bytes: 0,
    };
    this.books.deliver(flow.report, count, bytes);
    this.drop(flow, picks.count - count, reason);
    if (result.kind === 'closed') {
      this.closedBy = result.error;
      this.isFatal = result.fatal;
      this.closedReason = reason === 'output-closed' ? reason : 'handler-failed';
      this.onClosed(result.error);
    } else if (this.isEnding && this.attempts.isCutOff) this.attempts.breakOff();
  }

  private drop(flow: Flow, count: number, reason: string): void {
    this.books.drop(flow.report, { count, reason });
  }
}
