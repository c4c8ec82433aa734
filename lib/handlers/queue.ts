import type { Flow, Picks } from '../batch/batch.ts';
import type { HandlerConfig } from '../config.ts';
import { MirrormonError, OutputClosed, systemReason } from '../errors.ts';
import type { Delivery, Ledger, QueueDepth } from '../ledger.ts';
import type { Handler, Written } from './handler.ts';

/** Between two tries of a write, doubling. Milliseconds. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

export interface QueueHooks {
  now(): number;
  warn(message: string): void;
  /** Resolves after the time, or at once when the run is being broken off. */
  delay(ms: number): Promise<void>;
}

interface Item {
  readonly flow: Flow;
  readonly picks: Picks;
}

/**
 * What waits for one handler: at most `bufferSize` selections, written one after the other. A write that fails is tried
 * again, given up or dropped as `onError` says, and every selection ends as delivered or dropped in the ledger.
 */
export class HandlerQueue {
  readonly handler: Handler;
  /** Why it takes no more: its output was closed, or a write failed for good. */
  closedBy: Error | undefined;
  private readonly config: HandlerConfig;
  private readonly ledger: Ledger;
  private readonly hooks: QueueHooks;
  private readonly depth: QueueDepth;
  private readonly items: Item[] = [];
  /** Whether a pump runs; it ends in the same step as it finds nothing left, so no selection can slip in between. */
  private active = false;
  private pumping: Promise<void> | undefined;
  private room: (() => void) | undefined;
  /** Whether the write in hand has failed and is being tried again. */
  private failing = false;
  private broken = false;

  constructor(handler: Handler, config: HandlerConfig, ledger: Ledger, hooks: QueueHooks) {
    this.handler = handler;
    this.config = config;
    this.ledger = ledger;
    this.hooks = hooks;
    this.depth = ledger.queue(handler.name, config.bufferSize);
    ledger.handler(handler.name);
  }

  /** Whether a write has failed and is being tried again. */
  get isFailing(): boolean {
    return this.failing;
  }

  get held(): number {
    return this.items.length;
  }

  /** Takes a selection, once there is room for it. */
  async offer(flow: Flow, picks: Picks): Promise<void> {
    this.account(flow).selected += picks.count;
    // a size of 0 still takes the one that is being written
    while (this.items.length >= Math.max(1, this.depth.size) && this.closedBy === undefined) {
      await new Promise<void>((resolve) => {
        this.room = resolve;
      });
    }
    if (this.closedBy !== undefined) {
      this.drop(flow, picks, this.closedReason);
      return;
    }
    flow.batch.retain();
    this.items.push({ flow, picks });
    if (this.items.length > this.depth.deepest) this.depth.deepest = this.items.length;
    if (!this.active) this.pumping = this.pump();
  }

  /** Settles once everything taken was delivered or dropped. */
  async drained(): Promise<void> {
    while (this.active) await this.pumping;
  }

  /** Stops waiting: a write that fails from now on is given up. */
  breakOff(): void {
    this.broken = true;
  }

  private async pump(): Promise<void> {
    this.active = true;
    while (this.items.length > 0) {
      const item = this.items[0]!;
      if (this.closedBy === undefined) await this.deliver(item);
      else this.drop(item.flow, item.picks, this.closedReason);
      this.items.shift();
      item.flow.batch.release();
      const { room } = this;
      this.room = undefined;
      room?.();
    }
    this.active = false;
  }

  private async deliver({ flow, picks }: Item): Promise<void> {
    let since: number | undefined;
    for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LONGEST_DELAY_MS)) {
      try {
        this.book(flow, picks, await this.handler.write(flow, picks));
        if (since !== undefined) this.hooks.warn(`${this.handler.name}: writing again`);
        this.failing = false;
        return;
      } catch (error) {
        if (error instanceof OutputClosed) {
          this.closedBy = error;
          this.drop(flow, picks, 'output-closed');
          return;
        }
        this.ledger.fail(this.handler.name);
        since ??= this.hooks.now();
        const why = this.givesUp(error, since);
        if (why !== undefined) {
          if (why === 'fatal') this.closedBy = error as Error;
          this.giveUp(flow, picks, error);
          this.failing = false;
          return;
        }
        if (!this.failing) this.hooks.warn(`${describe(error)}; trying again ${this.patience}`);
        this.failing = true;
        const wanted = (error instanceof MirrormonError && error.retryAfter) || 0;
        await this.hooks.delay(Math.min(Math.max(delay, wanted), this.timeLeft(since)));
      }
    }
  }

  /** undefined = try again; fatal = the handler is lost; dropped = this selection is, as configured. */
  private givesUp(error: unknown, since: number): 'fatal' | 'dropped' | undefined {
    const retryable = error instanceof MirrormonError && error.canRetry;
    if (this.config.onError === 'drop') {
      this.hooks.warn(`${describe(error)}; dropping what it cannot take, as onError: drop says`);
      return 'dropped';
    }
    if (!retryable || this.broken) return 'fatal';
    return this.timeLeft(since) > 0 ? undefined : 'fatal';
  }

  /** Milliseconds until `onError: fail` gives a write up that has failed since then. */
  private timeLeft(since: number): number {
    if (this.config.onError !== 'fail') return Number.POSITIVE_INFINITY;
    return since + this.config.retryFor - this.hooks.now();
  }

  private get patience(): string {
    return this.config.onError === 'fail' ? `for ${this.config.retryFor / 1000} s` : 'until it works';
  }

  private get closedReason(): string {
    return this.closedBy instanceof OutputClosed ? 'output-closed' : 'handler-failed';
  }

  private book(flow: Flow, picks: Picks, written: Written): void {
    const { bytes, refused } = typeof written === 'number' ? { bytes: written, refused: undefined } : written;
    const lost = refused?.count ?? 0;
    this.account(flow).delivered += picks.count - lost;
    this.ledger.handler(this.handler.name).bytes += bytes;
    if (refused !== undefined) this.drop(flow, picks, refused.reason, lost);
  }

  /** What had arrived before the write failed stays delivered. */
  private giveUp(flow: Flow, picks: Picks, error: unknown): void {
    const { picks: count, bytes } = (error instanceof MirrormonError && error.delivered) || {
      picks: 0,
      bytes: 0,
    };
    this.account(flow).delivered += count;
    this.ledger.handler(this.handler.name).bytes += bytes;
    this.drop(flow, picks, 'write-failed', picks.count - count);
  }

  private drop(flow: Flow, { count }: Picks, reason: string, lost = count): void {
    this.account(flow).dropped += lost;
    this.ledger.drop(this.handler.name, reason, lost);
  }

  private account(flow: Flow): Delivery {
    const account = this.ledger.handler(this.handler.name);
    return flow.report ? account.events : account.records;
  }
}

function describe(error: unknown): string {
  return error instanceof MirrormonError ? error.describe() : systemReason(error);
}
